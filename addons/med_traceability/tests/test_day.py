from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import TraceCase

PAGES = {'warehouse': ('warehouse', 'qa'), 'production': ('operator', 'shift_leader', 'qa'),
         'audit': ('auditor', 'qa')}
DAY = '2026-03-02'  # the day on which the clock of the tests begins


class DayCase(TraceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = 'Asia/Shanghai'
        cls.storeman = cls.user('warehouse', login='day_warehouse')
        cls.leader = cls.user('shift_leader', login='day_leader')
        cls.raw, cls.pump = cls.product("Day raw"), cls.product("Day pump")
        cls.lot = cls.receive(cls.raw, {'DAY-R1': 100})

    def setUp(self):
        super().setUp()
        if 'clock' in vars(type(self)):
            self.clock.move_to(f'{DAY} 08:30:00')

    def days(self, user):
        return self.env['med.day'].with_user(user).with_context(
            allowed_company_ids=self.company.ids)

    def planned(self, kind, moment, product=None, **values):
        """Return a confirmed transfer that is planned for a moment."""
        types = self.warehouse.in_type_id, self.suppliers, self.stock
        if kind == 'out':
            types = self.warehouse.out_type_id, self.stock, self.customers
        kind, source, target = types
        picking = self.env['stock.picking'].create({
            'picking_type_id': kind.id, 'location_id': source.id, 'location_dest_id': target.id,
            'partner_id': self.hospital.id, 'move_ids': [Command.create({
                'product_id': (product or self.raw).id, 'product_uom_qty': 1,
                'location_id': source.id, 'location_dest_id': target.id})], **values})
        picking.action_confirm()
        picking.scheduled_date = moment
        return picking

    def group(self, answer, key):
        return next(group for group in answer['groups'] if group['key'] == key)


@tagged('post_install', '-at_install')
class TestDayWarehouse(DayCase):
    """The day of a warehouse: what is to come in and to go out, the late first."""

    requirement = "CN-GSP-3 CN-GSP-5 T4"

    def test_late_ones_stand_first_and_tomorrow_is_not_there(self):
        before = self.group(self.days(self.storeman).warehouse(), 'outgoing')
        today = self.planned('out', f'{DAY} 14:00:00')
        late = self.planned('out', '2026-03-01 09:00:00')
        self.planned('out', '2026-03-02 16:30:00')  # Tuesday, 00:30, in Shanghai
        group = self.group(self.days(self.storeman).warehouse(), 'outgoing')
        self.assertEqual([row['name'] for row in group['rows'] if row['id'] in (late.id, today.id)],
                         [late.name, today.name])
        self.assertEqual((group['open'] - before['open'], group['late'] - before['late']), (2, 1))
        [row] = [row for row in group['rows'] if row['id'] == late.id]
        self.assertEqual((row['late'], row['state'], row['lines'], row['products']),
                         (True, 'assigned', 1, 1))

    def test_the_day_is_that_of_the_company(self):
        picking = self.planned('in', '2026-03-01 16:30:00')  # Monday, 00:30, in Shanghai
        for day, there in (('2026-03-01', False), ('2026-03-02', True)):
            group = self.group(self.days(self.storeman).warehouse(day=day), 'incoming')
            self.assertEqual(picking.id in [row['id'] for row in group['rows']], there)

    def test_what_was_done_today_is_counted(self):
        before = self.group(self.days(self.storeman).warehouse(), 'incoming')['done']
        self.receive(self.raw, {'DAY-R2': 5})
        answer = self.days(self.storeman).warehouse()
        self.assertEqual(self.group(answer, 'incoming')['done'], before + 1)
        self.assertEqual(self.group(self.days(self.storeman).warehouse(day='2026-03-04'),
                                    'incoming')['done'], 0)

    def test_transfers_of_another_company_are_not_there(self):
        second = self.foreign_company("Day second company")
        warehouse = self._warehouse(second)
        picking = self.env['stock.picking'].with_company(second).create({
            'picking_type_id': warehouse.in_type_id.id, 'location_id': self.suppliers.id,
            'location_dest_id': warehouse.lot_stock_id.id, 'company_id': second.id,
            'move_ids': [Command.create({
                'product_id': self.raw.id, 'product_uom_qty': 1, 'company_id': second.id,
                'location_id': self.suppliers.id,
                'location_dest_id': warehouse.lot_stock_id.id})]})
        picking.action_confirm()
        answer = self.days(self.storeman).warehouse()
        self.assertNotIn(picking.id, [
            row['id'] for group in answer['groups'] for row in group['rows']])

    def test_long_lists_are_cut_and_say_so(self):
        with patch('odoo.addons.med_traceability.models.med_day_warehouse.MOST', 1):
            self.planned('in', '2026-03-01 09:00:00')
            self.planned('in', '2026-03-01 10:00:00')
            group = self.group(self.days(self.storeman).warehouse(), 'incoming')
        self.assertEqual((len(group['rows']), group['left_out']), (1, group['open'] - 1))

    def test_scan_finds_the_open_transfers_it_is_about(self):
        days = self.days(self.storeman)
        receipt = self.planned('in', f'{DAY} 10:00:00', product=self.pump)
        self.assertEqual(days.find(page='warehouse', code=receipt.name.lower())['found'],
                         receipt.ids)
        delivery = self.planned('out', f'{DAY} 10:00:00')
        self.assertEqual(days.find(page='warehouse', code='DAY-R1')['found'], delivery.ids)
        self.pump.barcode = '9506000134352'
        self.assertEqual(days.find(page='warehouse', code='9506000134352')['found'], receipt.ids)
        self.assertEqual(days.find(page='warehouse', code='(01)09506000134352(10)NEW')['found'],
                         receipt.ids)
        nothing = days.find(page='warehouse', code='DAY-NONE')
        self.assertEqual(nothing['found'], [])
        self.assertIn('DAY-NONE', nothing['message'])
        with self.assertRaises(UserError):
            days.find(page='warehouse', code='(01)09506000134353')


@tagged('post_install', '-at_install')
class TestDayProduction(DayCase):
    """The daily report of production: made, scrapped, stopped, open."""

    requirement = "T4 CN-GMP-46-1"

    def make_some(self, name, quantity):
        return self.make(self.pump, quantity, [(self.raw, self.lot, quantity)],
                         self.lots_of(self.pump, name))

    def product_row(self, answer):
        return next((row for row in answer['products']
                     if row['product_id'] == self.pump.id), None)

    def test_made_and_scrapped_and_open_of_a_day(self):
        done = self.make_some('DAY-P1', 7)
        self.env['stock.scrap'].create({
            'product_id': self.pump.id, 'lot_id': done.lot_producing_ids.id, 'scrap_qty': 2,
            'location_id': self.stock.id, 'production_id': done.id}).do_scrap()
        self.scrap(done.lot_producing_ids, 1)  # in the warehouse: no matter of production
        order = self.order(self.pump, 5, [(self.raw, self.lot, 5)])
        answer = self.days(self.leader).production(day=DAY)
        row = self.product_row(answer)
        self.assertEqual((row['made'], row['scrapped'], row['open'], row['orders']), (7, 2, 5, 1))
        self.assertIn(order.name, [row['name'] for row in answer['orders']])
        self.assertNotIn(done.name, [row['name'] for row in answer['orders']])

    def test_shift_passes_midnight_in_the_companys_time_zone(self):
        self.clock.move_to('2026-03-02 15:00:00')  # 23:00 in Shanghai
        self.make_some('DAY-P2', 3)
        self.clock.move_to('2026-03-02 17:00:00')  # 01:00 of the next day
        self.make_some('DAY-P3', 4)
        self.clock.move_to('2026-03-02 22:30:00')  # 06:30
        self.make_some('DAY-P4', 5)
        days = self.days(self.leader)
        night = days.production(day=DAY, time_from='22:00', time_to='06:00')
        self.assertEqual(self.product_row(night)['made'], 7)
        self.assertEqual((night['begin'], night['end']),
                         ('2026-03-02T14:00:00Z', '2026-03-02T22:00:00Z'))
        self.assertEqual(self.product_row(days.production(day=DAY))['made'], 3)
        self.assertEqual(self.product_row(days.production(day='2026-03-03'))['made'], 9)

    def test_unbuilt_and_returned_is_not_made(self):
        order = self.make_some('DAY-P5', 2)
        self.unbuild(order, 1, order.lot_producing_ids)
        self.assertEqual(self.product_row(self.days(self.leader).production(day=DAY))['made'], 2)

    def test_stop_of_a_work_centre_counts_within_the_shift_alone(self):
        centre = self.env['mrp.workcenter'].create({'name': "Day cell", 'company_id':
                                                    self.company.id})
        loss = self.env.ref('mrp.block_reason1')
        self.env['mrp.workcenter.productivity'].create([{
            'workcenter_id': centre.id, 'loss_id': loss.id, 'description': "Belt torn",
            'date_start': '2026-03-01 23:30:00', 'date_end': '2026-03-02 00:30:00',
        }, {'workcenter_id': centre.id, 'loss_id': loss.id,
            'date_start': '2026-03-02 07:50:00'}])
        self.clock.move_to('2026-03-02 08:10:00')
        answer = self.days(self.leader).production(day=DAY, time_from='08:00', time_to='17:00')
        [row] = [row for row in answer['workcenters'] if row['workcenter_id'] == centre.id]
        self.assertEqual((row['stopped_minutes'], row['blocked']), (50, True))
        mine = [row for row in answer['stops'] if row['workcenter'] == "Day cell"]
        self.assertEqual([(row['minutes'], row['note'], bool(row['end'])) for row in mine],
                         [(30, "Belt torn", True), (20, "", False)])

    def test_output_is_that_of_the_last_work_centre_of_the_order(self):
        first, last = self.env['mrp.workcenter'].create([
            {'name': "Day first"}, {'name': "Day last"}])
        order = self.order(self.pump, 6, [(self.raw, self.lot, 6)],
                           self.lots_of(self.pump, 'DAY-P6'))
        for number, centre in enumerate((first, last)):
            self.env['mrp.workorder'].create({
                'name': centre.name, 'workcenter_id': centre.id, 'production_id': order.id,
                'product_uom_id': order.product_uom_id.id, 'sequence': number})
        self.close(order)
        answer = self.days(self.leader).production(day=DAY)
        made = {row['name']: row['made'] for row in answer['workcenters']}
        self.assertEqual(made["Day last"], [{'uom': self.pump.uom_id.name, 'quantity': 6}])
        self.assertFalse(made.get("Day first"))

    def test_late_order_is_counted_and_stands_first(self):
        early = self.order(self.pump, 1, [(self.raw, self.lot, 1)])
        late = self.order(self.pump, 1, [(self.raw, self.lot, 1)])
        early.date_deadline, late.date_deadline = '2026-03-09 08:00:00', '2026-03-01 08:00:00'
        answer = self.days(self.leader).production(day=DAY)
        names = [row['name'] for row in answer['orders']]
        self.assertLess(names.index(late.name), names.index(early.name))
        self.assertEqual([row['late'] for row in answer['orders']
                          if row['id'] in (late.id, early.id)], [True, False])
        self.assertEqual(self.days(self.leader).find(page='production', code=late.name)['found'],
                         late.ids)

    def test_bad_argument_gets_one_sentence(self):
        days = self.days(self.leader)
        for arguments in ({'day': '31.01.2026'}, {'day': '9999-12-31'}, {'time_from': '24:00'},
                          {'time_to': '7:00'}, {'time_to': '25:00'}, {'day': 5},
                          {'time_from': None}):
            with self.assertRaises(UserError):
                days.production(**arguments)
        for page, code in (('audit', 'x'), ('kitchen', 'x'), (['production'], 'x'),
                           ('production', ''), ('production', 5)):
            with self.assertRaises(UserError):
                days.find(page=page, code=code)

    def test_report_is_sent_as_paper_and_workbook(self):
        self.make_some('DAY-P7', 3)
        mail = self.env['med.day.mail'].with_user(self.leader).create({
            'day': DAY, 'partner_ids': [Command.set(self.hospital.ids)], 'note': "Belt torn"})
        mail.action_send()
        message = self.env['mail.message'].search([
            ('partner_ids', 'in', self.hospital.ids)], limit=1, order='id desc')
        self.assertIn(DAY, message.subject)
        self.assertEqual(sorted(message.attachment_ids.mapped('name')), [
            f'production_{DAY}_0000-2400.pdf', f'production_{DAY}_0000-2400.xlsx'])


@tagged('post_install', '-at_install')
class TestDayRoles(DayCase):
    """Whose page is whose, and where one starts."""

    requirement = "P11-10d P11-10g"

    def test_page_is_for_its_roles_alone(self):
        for role in ('', 'viewer', 'warehouse', 'operator', 'shift_leader', 'qa', 'auditor',
                     'inspector', 'system_admin', 'portal_dealer'):
            days = self.days(self.user(role, login=f'page_{role or "none"}'))
            for page, roles in PAGES.items():
                if role in roles:
                    self.assertEqual(getattr(days, page)()['version'], 1)
                else:
                    with self.assertRaises(AccessError):
                        getattr(days, page)()
                    with self.assertRaises(AccessError):
                        days.start_here(page=page)

    def test_start_page_is_chosen_and_given_back(self):
        self.assertFalse(self.storeman.action_id)
        days = self.days(self.storeman)
        self.assertEqual(days.start_here(page='warehouse'), {'version': 1, 'start': True})
        self.assertTrue(days.warehouse()['start'])
        self.assertEqual(self.storeman.action_id.id,
                         self.env.ref('med_traceability.med_day_warehouse_action').id)
        days.start_here(page='warehouse', on=False)
        self.assertFalse(self.storeman.action_id)


@tagged('post_install', '-at_install')
class TestDayFiles(DayCase, HttpCase):
    """The daily report as a file."""

    requirement = "T4 P11-10b"

    @classmethod
    def _start_clock(cls):
        """Leave the clock alone: the server runs by the real one."""

    @classmethod
    def tick(cls):
        """Let time pass by itself."""

    def get(self, login, path):
        self.authenticate(login, login)
        return self.url_open(path)

    def test_report_is_printed_and_exported_and_both_are_in_the_trail(self):
        for form, start in (('pdf', b'%PDF'), ('xlsx', b'PK')):
            answer = self.get('day_leader', f'/med/production_day.{form}?day=2026-03-02')
            self.assertEqual(answer.status_code, 200, answer.text[:200])
            self.assertTrue(answer.content.startswith(start))
            self.assertIn(f'production_2026-03-02_0000-2400.{form}',
                          answer.headers['Content-Disposition'])
            entry = self.env['med.audit.entry'].search(
                [('op', '=', 'E')], limit=1, order='id desc')
            self.assertIn(f'production_2026-03-02_0000-2400.{form}', entry.body)

    def test_who_may_not_and_what_is_wrong_is_said(self):
        self.assertEqual(
            self.get('day_warehouse', '/med/production_day.pdf').status_code, 403)
        self.assertEqual(
            self.get('day_leader', '/med/production_day.pdf?day=x').status_code, 400)


@tagged('post_install', '-at_install')
class TestAuditorAccess(DayCase):
    """A guest auditor reads from when to when, in which companies, and is written down."""

    requirement = "P11-10d P11-10g CN-GMP-46-1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = super().user('auditor', login='day_auditor', granted=False)
        cls.qa = cls.user('qa', login='day_qa')

    def grant(self, **values):
        by = values.pop('by', self.qa)
        return self.env['med.auditor.access'].with_user(by).create({
            'user_id': self.auditor.id, 'date_from': '2026-03-02 07:00:00',
            'date_until': '2026-03-04 18:00:00', 'reason': "Surveillance audit",
            'company_ids': [Command.set(self.company.ids)], **values})

    def reads(self):
        """Return every way in which an auditor reads, as callables."""
        lot = self.lot.with_user(self.auditor).with_context(allowed_company_ids=self.company.ids)
        return {
            'page': self.days(self.auditor).audit, 'trace': lot.med_trace,
            'trace by': lambda: lot.browse().med_trace_by(criteria={'lot': 'DAY-R1'}),
            'balance': lot.med_balance, 'evidence': lot.med_evidence,
            'read': lambda: lot.read(['name']), 'search': lambda: lot.search([]),
            'events': lambda: lot.env['med.genealogy.event'].search([]),
            'udi': lambda: lot.env['med.udi'].parse('0109506000134352'),
        }

    def closed(self):
        for name, read in self.reads().items():
            with self.assertRaises(AccessError, msg=name):
                self.env.invalidate_all()
                read()

    def open(self):
        for read in self.reads().values():
            self.env.invalidate_all()
            read()

    def test_without_a_grant_nothing_is_read(self):
        self.closed()

    def test_grant_opens_and_its_end_closes_at_that_second(self):
        self.grant()
        self.open()
        self.clock.move_to('2026-03-04 17:59:59')
        self.open()
        self.clock.move_to('2026-03-04 18:00:00')
        self.closed()

    def test_grant_that_is_to_come_opens_nothing(self):
        self.grant(date_from='2026-03-03 07:00:00')
        self.closed()

    def test_revoked_grant_closes_at_once_and_for_ever(self):
        access = self.grant()
        self.open()
        access.action_revoke()
        self.assertEqual(access.state, 'revoked')
        self.closed()
        for change in ({'revoked': False}, {'date_until': '2027-01-01 00:00:00'}):
            with self.assertRaises(UserError):
                access.write(change)

    def test_grant_is_for_its_companies(self):
        second = self.env['res.company'].create({'name': "Day other company"})
        self.grant(by=self.env.user, company_ids=[Command.set(second.ids)])
        self.closed()

    def test_who_has_another_role_beside_needs_no_grant(self):
        both = super().user('auditor,qa', login='day_both', granted=False)
        self.lot.with_user(both).med_trace()

    def test_what_an_auditor_reads_is_an_entry_of_the_trail(self):
        self.grant()
        entries = self.env['med.audit.entry']
        self.env.flush_all()
        before = entries.search([], limit=1, order='id desc').id
        answer = self.days(self.auditor).audit(query='DAY-R')
        self.assertIn('DAY-R1', [row['name'] for row in answer['lots']])
        self.assertEqual(answer['window']['reason'], "Surveillance audit")
        self.lot.with_user(self.auditor).med_balance()
        labels = entries._event_labels()
        found = entries.search([('id', '>', before)]).mapped('summary')
        for kind in ('audit_search', 'audit_read'):
            self.assertTrue([text for text in found if labels[kind] in text], found)
        self.lot.with_user(self.leader).med_balance()
        self.assertEqual(len(entries.search([('id', '>', before)])), len(found))

    def test_search_asks_for_enough_of_a_number(self):
        self.grant()
        for query in ('D', 'DA', 5):
            with self.assertRaises(UserError):
                self.days(self.auditor).audit(query=query)
        self.assertEqual(self.days(self.auditor).audit(query='   ')['lots'], [])

    def test_grant_is_made_by_quality_assurance_for_others_and_is_never_lost(self):
        access = self.grant()
        with self.assertRaises(UserError):
            self.grant(user_id=self.qa.id)
        for role in ('auditor', 'viewer', 'shift_leader', 'warehouse'):
            user = self.user(role, login=f'grant_{role}')
            with self.assertRaises(AccessError):
                self.env['med.auditor.access'].with_user(user).create({
                    'user_id': user.id, 'date_until': '2027-01-01 00:00:00', 'reason': "x"})
            with self.assertRaises(AccessError):
                access.with_user(user).write({'date_until': '2027-01-01 00:00:00'})
        with self.assertRaises(UserError):
            access.sudo().unlink()
        for change in ({'user_id': self.leader.id}, {'date_from': '2020-01-01 00:00:00'},
                       {'company_ids': [Command.clear()]}):
            with self.assertRaises(UserError):
                access.write(change)
        access.write({'date_until': '2026-03-03 12:00:00'})
        self.assertEqual(access.date_until, fields.Datetime.to_datetime('2026-03-03 12:00:00'))
        with self.assertRaises(UserError):
            self.grant(revoked=True)
