from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .udi_common import UdiMasterCase


@tagged('post_install', '-at_install')
class TestUdiDue(UdiMasterCase):
    """From when UDI is due follows from rows of data, each with its source."""

    requirement = "CN-UDI-3 EU-EUDAMED EU-27-1"

    def registration(self, market, device_class, device=None, **values):
        return self.env['med.udi.registration'].with_user(self.regulatory).create({
            'di_id': self.di(**device or {}).id, 'jurisdiction_id': market.id,
            'device_class': device_class, **values})

    def test_due_dates_are_those_of_the_law(self):
        first = self.env.ref('med_traceability.med_udi_due_rule_cn_1').ids
        third = self.env.ref('med_traceability.med_udi_due_rule_cn_3').ids
        implant = {'implantable': True}
        for market, kind, device, values, label, data in (
                (self.cn, '3', {}, {'listed_rule_ids': first}, '2021-01-01', '2021-01-01'),
                (self.cn, '3', {}, {}, '2022-06-01', '2022-06-01'),
                (self.cn, '2', {}, {'listed_rule_ids': third}, '2024-06-01', '2024-06-01'),
                (self.cn, '2', {}, {}, '2027-06-01', '2027-06-01'),
                (self.cn, '1', {'device_kind': 'ivd'}, {}, '2027-06-01', '2027-06-01'),
                (self.cn, '1', {}, {}, '2029-06-01', '2029-06-01'),
                (self.us, '3', {}, {}, '2014-09-24', '2014-09-24'),
                (self.us, '2', implant, {}, '2015-09-24', '2015-09-24'),
                (self.us, '2', {}, {}, '2016-09-24', '2016-09-24'),
                (self.us, '1', {}, {}, '2022-09-24', '2022-12-08'),
                (self.eu, '3', {}, {}, '2021-05-26', '2026-05-28'),
                (self.eu, '2b', implant, {}, '2021-05-26', '2026-05-28'),
                (self.eu, '2a', {}, {}, '2023-05-26', '2026-05-28'),
                (self.eu, '1', {}, {}, '2025-05-26', '2026-05-28'),
                (self.eu, 'D', {}, {}, '2023-05-26', '2026-05-28'),
                (self.eu, 'A', {}, {}, '2027-05-26', '2026-05-28')):
            with self.subTest(market=market.code, device_class=kind, label=label):
                row = self.registration(market, kind, device, **values)
                self.assertEqual((row.udi_due_date, row.data_due_date),
                                 (date.fromisoformat(label), date.fromisoformat(data)))

    def test_mark_on_the_device_is_due_for_reusable_ones_only(self):
        row = self.registration(self.eu, '1')
        self.assertEqual(row.direct_mark_due_date, date(2027, 5, 26))
        row.di_id.single_use = True
        self.assertFalse(row.direct_mark_due_date)

    def test_nothing_is_said_of_a_device_whose_class_is_not_known(self):
        self.assertFalse(self.registration(self.eu, False).data_due_date)

    def test_change_of_a_rule_reaches_the_registrations(self):
        row = self.registration(self.cn, '1')
        rule = self.env.ref('med_traceability.med_udi_due_rule_cn_5').with_user(self.regulatory)
        rule.due_date = '2030-01-01'
        self.assertEqual(row.udi_due_date, date(2030, 1, 1))
        rule.valid_to = '2029-12-31'  # it ended before it was due
        self.assertFalse(row.udi_due_date)
        rule.copy({'valid_to': False, 'due_date': '2028-01-01'})
        self.assertEqual(row.udi_due_date, date(2028, 1, 1))

    def test_rule_of_another_company_does_not_hold(self):
        row = self.registration(self.cn, '1')
        other = self.env['res.company'].create({'name': "Other maker"})
        self.env.ref('med_traceability.med_udi_due_rule_cn_5').copy({
            'company_id': other.id, 'due_date': '2020-01-01'})
        self.assertEqual(row.udi_due_date, date(2029, 6, 1))

    def test_every_rule_has_its_source_and_stays(self):
        rules = self.env['med.udi.due.rule'].search([])
        self.assertGreater(len(rules), 20)
        self.assertTrue(all(rule.source and rule.valid_from for rule in rules))
        with self.refused():
            rules[0].unlink()

    # ------------------------------------------------------------------ registrations

    def test_registration_puts_the_device_on_the_market(self):
        row = self.registration(self.us, '2')
        self.assertEqual(row.di_id.market_ids, self.us)
        self.assertEqual((row.database, row.state), ('gudid', 'draft'))
        row.action_submit()
        self.assertEqual(row.submitted_date, fields.Date.context_today(row))
        row.action_publish()
        self.assertEqual((row.state, row.published_date),
                         ('published', fields.Date.context_today(row)))
        with self.refused("is kept"):
            row.unlink()
        row.action_end()
        self.assertEqual(row.state, 'ended')

    def test_registration_that_runs_out_is_announced_once(self):
        today = fields.Date.context_today(self.env.user)
        near = self.registration(self.cn, '2', date_to=fields.Date.add(today, days=100),
                                 state='published')
        far = self.registration(self.cn, '2', date_to=fields.Date.add(today, days=1000))
        ended = self.registration(self.cn, '2', date_to=today, state='ended')
        retired = self.registration(self.cn, '2', date_to=today)
        retired.di_id.action_retire()
        Registration = self.env['med.udi.registration']
        for _run in range(2):
            Registration._cron_expiring()
        self.assertEqual(len(near.activity_ids), 1)
        self.assertEqual(near.activity_ids.user_id, self.regulatory)
        self.assertEqual(near.activity_ids.date_deadline, near.date_to)
        self.assertFalse((far | ended | retired).activity_ids)
        near.activity_ids.action_done()
        Registration._cron_expiring()
        self.assertFalse(near.activity_ids, "one that was dealt with does not come back")
        near.date_to = fields.Date.add(today, days=120)
        Registration._cron_expiring()
        self.assertEqual(len(near.activity_ids), 1, "another end is another to-do")

    def test_notice_can_be_longer(self):
        today = fields.Date.context_today(self.env.user)
        row = self.registration(self.cn, '2', date_to=fields.Date.add(today, days=400))
        self.env['ir.config_parameter'].set_param(
            'med_traceability.udi_registration_notice_days', '500')
        self.env['med.udi.registration']._cron_expiring()
        self.assertTrue(row.activity_ids)


@tagged('post_install', '-at_install')
class TestUdiCompleteness(UdiMasterCase):
    """What the databases ask for and a device lacks, element by element."""

    requirement = "EU-VI-A/B EU-27-7 GUDID-DATA CN-UDI-3 CN-UDI-5 FDA-830.300–360"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env['res.partner'].create({'name': "Maker Ltd."})
        cls.basic = cls.env['med.udi.basic'].create({
            'name': '1987654Ad4X4bL5ttr2310c2K', 'risk_class': '2b', 'device_name': "Pump",
            'manufacturer_id': cls.partner.id, 'manufacturer_srn': 'DE-MF-000000001'})

    def complete(self, **values):
        """Return a device to which no market's list has anything to add."""
        licence = {'number': 'N1', 'device_class': '2', 'registrant_id': self.partner.id,
                   'registrant_code': 'C1', 'listing_number': 'L1', 'date_from': '2025-01-01',
                   'published_date': '2026-01-01', 'distribution_start': '2026-01-01',
                   'country_ids': [Command.set(self.env.ref('base.de').ids)]}
        return self.di(**{
            'catalogue_number': 'C-1', 'description': "Pump", 'consumable': 'equipment',
            'gmdn_code': '1', 'emdn_code': 'A01', 'fda_product_code': 'FRN',
            'cn_category': '14-02-03', 'pi_lot': True, 'mri': 'unsafe', 'latex': 'free',
            'characteristics_confirmed': True, 'prescription': True, 'sterile': True,
            'basic_id': self.basic.id, 'contact_phone': '1', 'contact_email': 'a@example.com',
            'info_url': 'https://example.com', 'storage_ids': [Command.create({
                'kind': 'dry', 'has_low': False, 'has_high': False})],
            'registration_ids': [Command.create({**licence, 'jurisdiction_id': market.id})
                                 for market in (self.cn, self.us, self.eu)], **values})

    def missing(self, di, market):
        return set(self.Di.completeness(market, [di.name])['missing'].get(di.name, ()))

    def test_complete_device_lacks_nothing_on_any_market(self):
        di = self.complete()
        for market in ('CN', 'US', 'EU'):
            self.assertEqual(self.missing(di, market), set(), market)
            answer = self.Di.completeness(market)
            self.assertEqual((answer['version'], answer['market']), (1, market))
            self.assertEqual((answer['total'], answer['complete'], answer['missing']), (1, 1, {}))
        self.assertEqual(di.gap_count, 0)

    def test_each_element_left_blank_is_reported_on_its_market(self):
        rows = self.env['med.udi.requirement'].search([])
        self.assertGreater(len(rows), 70)
        tried = set()
        for row in rows.filtered(lambda row: row.level == 'unit' and row.path not in (
                'registration_ids', 'alias_ids')):
            di = self.complete()
            for model, name in row._get_elements():
                record = {'med.udi.registration': di.registration_ids,
                          'med.udi.basic': di.basic_id}.get(model, di)
                record[name] = 0 if record._fields[name].type == 'integer' else False
            di.write({name: value for name, value in (
                ('sterilise_before_use', 'sterilis' in row.path), ('cmr', 'cmr' in row.path),
                ('implantable', 'size' in row.path)) if value})
            if row.path == 'max_reuses' or row.path == 'cn_insurance_code':
                di.consumable = 'consumable'
            if row.path == 'critical_warnings':
                di.latex = 'contains'
            found = self.env['med.udi.gap'].search([('di_id', '=', di.id)])
            with self.subTest(row=row.name, market=row.jurisdiction_id.code, path=row.path):
                self.assertIn(row, found.requirement_id)
                self.assertIn(row.path, self.missing(di, row.jurisdiction_id.code))
            tried.add(row)
            self.basic.write({'risk_class': '2b', 'manufacturer_id': self.partner.id,
                              'manufacturer_srn': 'DE-MF-000000001'})
        self.assertGreater(len(tried), 65)

    def test_package_lacks_what_it_contains_and_a_unit_of_use_its_number(self):
        case = self.complete(level='case', state='draft')
        self.assertIn('contains_id', self.missing(case, 'EU'))
        self.assertIn('alias_ids', self.missing(self.complete(device_count=10), 'US'))

    def test_device_without_registration_on_its_market_is_reported(self):
        di = self.di(market_ids=[Command.set(self.eu.ids)])
        self.assertIn('registration_ids', self.missing(di, 'EU'))
        self.assertFalse(self.missing(di, 'CN'), "it is not meant for that market")
        self.assertEqual(self.Di.completeness('CN', [di.name])['total'], 0)

    def test_ended_registration_fills_nothing(self):
        di = self.complete()
        di.registration_ids.filtered(lambda row: row.jurisdiction_id == self.us).state = 'ended'
        self.assertIn('registration.listing_number', self.missing(di, 'US'))

    def test_retired_and_archived_ones_are_left_out(self):
        di = self.di(market_ids=[Command.set(self.eu.ids)])
        self.assertTrue(self.missing(di, 'EU'))
        self.assertIn(di, self.Di.search([('gap_count', '!=', 0)]))
        di.action_retire()
        self.assertFalse(self.missing(di, 'EU'))
        self.assertIn(di, self.Di.search([('gap_count', '=', 0)]))

    def test_requirement_of_a_company_asks_its_own_devices_only(self):
        mine = self.di(market_ids=[Command.set(self.eu.ids)], company_id=self.env.company.id)
        shared = self.di(market_ids=[Command.set(self.eu.ids)])
        self.env['med.udi.requirement'].create({
            'name': "House rule", 'jurisdiction_id': self.eu.id, 'path': 'relabelled_from_id',
            'company_id': self.env.company.id, 'regime': "House", 'source': "SOP 1",
            'valid_from': '2020-01-01'})
        self.assertIn('relabelled_from_id', self.missing(mine, 'EU'))
        self.assertNotIn('relabelled_from_id', self.missing(shared, 'EU'))

    def test_rule_that_no_longer_holds_asks_for_nothing(self):
        di = self.di(market_ids=[Command.set(self.eu.ids)])
        row = self.env.ref('med_traceability.med_udi_requirement_eu_url')
        self.assertIn('info_url', self.missing(di, 'EU'))
        row.valid_to = fields.Date.context_today(row)
        self.assertNotIn('info_url', self.missing(di, 'EU'))

    def test_row_that_cannot_be_read_is_refused(self):
        row = self.env.ref('med_traceability.med_udi_requirement_eu_url')
        for values in ({'path': 'no_such_field'}, {'path': 'registration.nothing'},
                       {'path': 'other.name'}, {'path': ''}, {'condition': "[('x', '=', 1)]"},
                       {'condition': "not a domain"}, {'condition': "__import__('os')"}):
            with self.subTest(values=values), self.refused(error=ValidationError):
                row.with_user(self.regulatory).write(values)

    def test_bad_arguments_are_one_sentence(self):
        for arguments in (('XX',), (None,), (3,), ('CN', 'text'), ('CN', [1])):
            with self.subTest(arguments=arguments), self.refused():
                self.Di.completeness(*arguments)

    def test_number_of_statements_does_not_grow_with_the_devices(self):
        def statements(market):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Di.completeness(market)
            return self.env.cr.sql_log_count - before

        for _number in range(3):
            self.di(market_ids=[Command.set(self.us.ids)])
        statements('US')
        few = statements('US')
        for _number in range(30):
            self.di(market_ids=[Command.set(self.us.ids)])
        self.assertEqual(statements('US'), few)

    def test_only_roles_ask(self):
        with self.refused(error=AccessError):
            self.Di.with_user(self.user('')).completeness('CN')
        self.assertEqual(self.Di.with_user(self.user('viewer')).completeness('CN')['total'], 0)
