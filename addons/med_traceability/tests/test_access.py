from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TraceCase

READERS = ('viewer', 'auditor', 'warehouse', 'operator', 'shift_leader', 'inspector', 'purchasing',
           'qa', 'qa_release', 'regulatory', 'metrology')
STRANGERS = ('', 'system_admin', 'portal_processor', 'portal_dealer')
RECORDERS = ('operator', 'shift_leader')
MODELS = ('med.genealogy.event', 'med.genealogy.line', 'med.genealogy.link')
HOSTILE = (
    {'med_posting': True}, {'active_test': False}, {'default_active': False},
    {'default_event_id': 1, 'default_transform': False, 'default_node': 7},
    {'med_reason': "x", 'su': True, 'uid': 1, 'install_mode': True, 'module': 'base'},
    {'skip_uom_conversion': True, 'bypass_check': True, 'no_check': 1},
)


@tagged('post_install', '-at_install')
class TestAccess(TraceCase):
    """Who may ask, who may record, and that nobody can write genealogy."""

    requirement = "P11-10d P11-10g CN-GMP-46-1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.foreign_company()
        cls.resin, cls.pump = cls.product("Resin"), cls.product("Pump", 'serial')
        cls.board = cls.product("Board", 'serial')
        cls.lots = cls.receive(cls.resin, {'R1': 50})
        cls.parts = cls.receive(cls.board, {f'B{n}': 1 for n in range(4)})
        cls.units = cls.lots_of(cls.pump, 'P1', 'P2')
        cls.done = cls.make(cls.pump, 2, [
            *((cls.board, part, 1) for part in cls.parts), (cls.resin, cls.lots, 1)], cls.units)
        cls.done.med_record_parts(parts=[{'unit': 'P1', 'part': 'B0'}])
        cls.deliver([(cls.resin, cls.lots, 5)])
        cls.roles = {role: cls.user(role, login=f'trace_{role or "nobody"}')
                     for role in (*READERS, *STRANGERS)}

    def _as(self, records, user, **context):
        """Return records as the user sees them, in the user's own companies."""
        return records.with_user(user).with_context(
            **{'allowed_company_ids': user.company_ids.ids, **context})

    def _calls(self, user, **context):
        """Return every public read, as callables."""
        lots, order = (self._as(records, user, **context) for records in (self.lots, self.done))
        return {
            'med_trace': lambda: lots.med_trace(direction='both'),
            'med_trace_by': lambda: lots.browse().med_trace_by(criteria={'lot': 'R1'}),
            'med_balance': lots.med_balance,
            'med_evidence': lots.med_evidence,
            'med_parts': order.med_parts,
        }

    # ------------------------------------------------------------------ asking

    def test_every_business_role_may_ask(self):
        for role in READERS:
            for name, call in self._calls(self.roles[role]).items():
                with self.subTest(role=role, method=name):
                    self.assertEqual(call()['version'], 1)

    def test_answer_is_the_same_for_every_role(self):
        whole = self._calls(self.env.user)['med_trace']()
        for role in READERS:
            self.assertEqual(self._calls(self.roles[role])['med_trace'](), whole, role)

    def test_strangers_are_refused(self):
        for role in STRANGERS:
            for name, call in self._calls(self.roles[role]).items():
                with self.subTest(role=role, method=name), self.assertRaises(AccessError):
                    call()

    def test_bad_argument_tells_a_stranger_nothing(self):
        for role in STRANGERS:
            lot = self._as(self.lots, self.roles[role])
            with self.assertRaises(AccessError):
                lot.med_trace(direction='sideways')
            with self.assertRaises(AccessError):
                lot.med_trace_by(criteria={'nonsense': 1})

    # ------------------------------------------------------------------ recording

    def test_only_production_records_parts(self):
        for role in (*READERS, *STRANGERS):
            order = self._as(self.done, self.roles[role])
            if role in RECORDERS:
                order.med_record_parts(parts=[{'unit': 'P1', 'part': 'B0'}])
                continue
            for method, arguments in (
                    (order.med_record_parts, {'parts': []}), (order.med_assign_parts, {}),
                    (order.med_remove_part, {'link_id': 1, 'reason': "x"})):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    method(**arguments)

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_nobody_can_write_genealogy_not_even_the_administrator(self):
        admin = self.env.ref('base.user_admin')
        admin.group_ids |= self.env.ref('stock.group_stock_manager') | self.env.ref(
            'mrp.group_mrp_manager') | self.env.ref('base.group_system')
        before = self.graph()
        for user in (admin, *self.roles.values()):
            for model in MODELS:
                record = self._as(self.env[model].search([], limit=1), user)
                for name, call in {
                    'create': lambda model=model, record=record: record.env[model].create(
                        {'name': "x"} if model == 'med.genealogy.event' else {}),
                    'write': lambda record=record: record.write({'create_uid': 1}),
                    'unlink': record.unlink,
                    'copy': record.copy,
                    'archive': (record.action_archive if 'active' in record._fields
                                else record.unlink),
                }.items():
                    with self.subTest(user=user.login, model=model, method=name), \
                            self.assertRaises(AccessError), self.env.cr.savepoint():
                        call()
        line = self.env['med.genealogy.line'].search([('lot_id', '=', self.lots.id)], limit=1)
        for command in (Command.clear(), Command.delete(line.id), Command.unlink(line.id),
                        Command.update(line.id, {'quantity': 9}),
                        Command.create({'kind': 'delivery', 'side': 'in', 'quantity': 1})):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.lots.with_user(admin).write({'med_genealogy_line_ids': [command]})
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                line.event_id.with_user(admin).write({'line_ids': [command]})
        self.assertEqual(self.graph(), before)
        self.assertInStep()

    # ------------------------------------------------------------------ companies

    def test_lot_of_another_company_is_refused(self):
        stranger = self.user('qa', login='trace_second', company_id=self.second.id,
                             company_ids=[Command.set(self.second.ids)])
        self.lots.company_id = self.company
        for name, call in self._calls(stranger).items():
            if name == 'med_trace_by':
                self.assertEqual(call()['totals']['lots'], 0)
                continue
            with self.subTest(method=name), self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            self._calls(stranger, allowed_company_ids=self.company.ids)['med_trace']()
        with self.assertRaises(AccessError):
            self._calls(stranger, allowed_company_ids=self.company.ids)['med_trace_by']()

    def test_what_another_company_did_with_a_shared_lot_is_withheld(self):
        transit = self.env.ref('stock.stock_location_inter_company')
        transit.active = True
        rows = [(self.resin, self.lots, 20)]
        self.move(rows, self.stock, transit, 'out', self.second.partner_id)
        there = self._warehouse(self.second).lot_stock_id
        self.move(rows, transit, there, 'in', self.company.partner_id, self.second)
        secret = self.env['res.partner'].create({'name': "Their secret customer"})
        self.deliver([(self.resin, self.lots, 7)], secret, self.second)
        self.deliver([(self.resin, self.lots, 3)], self.hospital, self.second)
        own = self.product("Their own product", company_id=self.second.id)
        made = self.lots_of(own, 'SECRET-LOT')
        self.make(own, 1, [(self.resin, self.lots, 1)], made, company=self.second)
        user = self.user('qa', login='trace_first', company_id=self.company.id,
                         company_ids=[Command.set(self.company.ids)])
        for name, call in self._calls(user).items():
            told = str(call())
            for word in ("Their secret customer", "SECRET-LOT", "Their own product"):
                self.assertNotIn(word, told, name)
        answer = self._calls(user)['med_trace']()['forward']
        self.assertEqual([(row['partner'], row['net']) for row in answer['consignees']],
                         [(self.hospital.name, 5)])
        self.assertEqual(answer['withheld'], {'lots': 1, 'consignees': 2})
        self.assertEqual({row['company_id'] for row in answer['stock']}, {self.company.id})
        whole = self.lots.med_trace(direction='forward')
        self.assertEqual(whole['withheld'], {'lots': 0, 'consignees': 0})
        self.assertEqual(sum(row['net'] for row in whole['consignees']), 15)
        balance = self._calls(user)['med_balance']()['lots'][0]
        self.assertTrue(balance['balanced'], "the sums stay whole")
        self.assertEqual(balance['shipped'], 15)

    # ------------------------------------------------------------------ hostile contexts

    def test_hostile_context_changes_no_answer(self):
        user = self.roles['qa']
        link = self.env['med.genealogy.link'].search([('production_id', '=', self.done.id)])
        self.done.med_remove_part(link_id=link.id, reason="Wrong label")
        self.done.move_raw_ids.move_line_ids.filtered(
            lambda line: line.lot_id == self.lots).quantity = 2
        plain = {name: call() for name, call in self._calls(user).items()}
        plain['med_evidence'].pop('generated')
        for context in HOSTILE:
            for name, call in self._calls(user, **context).items():
                answer = call()
                answer.pop('generated', None)
                with self.subTest(method=name, context=context):
                    self.assertEqual(answer, plain[name])

    def test_hostile_context_does_not_keep_an_order_out_of_the_genealogy(self):
        for number, context in enumerate(HOSTILE[:2]):
            lot = self.lots_of(self.product("Kit"), f'K{number}')
            order = self.order(lot.product_id, 1, [(self.resin, self.lots, 1)], lot)
            order.with_context(**context, skip_consumption=True).button_mark_done()
            self.assertEqual(order.state, 'done')
            self.assertEqual(self.names(self.backward(lot), exact=True), ['R1'])
        self.assertInStep()

    def test_hostile_context_records_and_removes_parts_all_the_same(self):
        user = self.roles['operator']
        for number, context in enumerate(HOSTILE[1:3]):
            order = self._as(self.done, user, **context)
            row = {'unit': 'P2', 'part': f'B{2 + number}'}
            self.assertEqual(order.med_record_parts(parts=[row])['recorded'], 1)
            link = self.env['med.genealogy.link'].search([
                ('production_id', '=', self.done.id),
                ('input_lot_id.name', '=', row['part'])])
            self.assertTrue(link.active)
            order.med_remove_part(link_id=link.id, reason="First reason")
            with self.assertRaises(UserError):
                order.med_remove_part(link_id=link.id, reason="Second reason")
            self.assertEqual(link.superseded_reason, "First reason")
            self.assertEqual(order.med_record_parts(parts=[row])['recorded'], 1)
            self.assertIn(row['part'], self.names(self.backward(self.units[1]), exact=True))
