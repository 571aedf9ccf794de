from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .udi_common import UdiMasterCase, gtin


@tagged('post_install', '-at_install')
class TestUdiChanges(UdiMasterCase):
    """When data of a device in use change, the rules say what each market asks for."""

    requirement = "EU-VI-C FDA-830.50 EU-UDI-SW FDA-830.60 T10"

    def device(self, **values):
        return self.di(market_ids=[Command.set((self.cn | self.us | self.eu).ids)], **values)

    def verdicts(self, di, name=None):
        return {(row.jurisdiction_id.code, row.verdict) for row in di.change_ids
                if row.state == 'proposed' and name in (None, row.field)}

    def test_every_trigger_of_the_law_proposes_a_new_device_identifier(self):
        unit = self.device()
        for market, name, value in (
                ('EU', 'trade_name', "Other"), ('EU', 'version_model', 'B'),
                ('EU', 'single_use', True), ('EU', 'sterile', True),
                ('EU', 'sterilise_before_use', True), ('EU', 'device_count', 7),
                ('EU', 'critical_warnings', "Contains DEHP"), ('EU', 'latex', 'contains'),
                ('US', 'trade_name', "Other"), ('US', 'version_model', 'B'),
                ('US', 'device_count', 7), ('US', 'kit', True), ('US', 'mri', 'safe'),
                ('US', 'combination', True), ('US', 'single_use', True), ('US', 'sterile', True),
                ('CN', 'version_model', 'B'), ('CN', 'device_count', 7)):
            di = self.device()
            with self.subTest(market=market, field=name):
                di[name] = value
                self.assertIn((market, 'new_di'), self.verdicts(di, name))
        case = self.device(level='case', contains_id=unit.id, contained_quantity=10)
        case.contained_quantity = 12
        self.assertEqual(self.verdicts(case), {(code, 'new_di') for code in ('CN', 'US', 'EU')})

    def test_change_says_what_it_was_and_which_rule_asks(self):
        di = self.device()
        di.sterile = True
        row = di.change_ids.filtered(lambda row: row.jurisdiction_id == self.eu)
        self.assertEqual((row.old_text, row.new_text, row.field_label),
                         ("No", "Yes", "Packaged Sterile"))
        self.assertIn("part C", row.source)
        self.assertEqual(di.open_change_count, 3)
        self.assertIn(di, self.Di.search([('change_ids.state', '=', 'proposed')]))

    def test_software_revision_asks_for_a_production_identifier_only(self):
        software = self.device(pi_software=True)
        software.description = "2.1.4: security patch"
        self.assertIn(('EU', 'pi_only'), self.verdicts(software))
        pump = self.device()
        pump.description = "Quieter"
        self.assertNotIn(('EU', 'pi_only'), self.verdicts(pump))
        software.version_model = '3'
        self.assertIn(('EU', 'new_di'), self.verdicts(software, 'version_model'))

    def test_what_is_not_in_use_or_not_on_the_market_is_changed_freely(self):
        draft = self.device(state='draft')
        draft.version_model = 'B'
        nowhere = self.di()
        nowhere.version_model = 'B'
        same = self.device()
        same.version_model = 'A'
        self.assertFalse((draft | nowhere | same).change_ids)

    def test_change_through_any_door_is_seen(self):
        di = self.device()
        di.sudo().with_context(med_restored=True, tracking_disable=True).write(
            {'version_model': 'B'})
        self.assertTrue(di.change_ids)

    def test_value_put_back_takes_the_proposal_back(self):
        di = self.device()
        di.version_model = 'B'
        di.version_model = 'C'
        self.assertEqual(set(di.change_ids.mapped('new_text')), {'C'})
        self.assertEqual(len(di.change_ids), 3)
        di.version_model = 'A'
        self.assertEqual(set(di.change_ids.mapped('state')), {'reverted'})
        self.assertFalse(di.activity_ids)

    def test_regulatory_affairs_has_one_to_do_until_all_is_decided(self):
        di = self.device()
        di.write({'version_model': 'B', 'sterile': True})
        self.assertEqual(len(di.activity_ids), 1)
        self.assertEqual(di.activity_ids.user_id, self.regulatory)
        first = di.change_ids[0]
        first.reason = "Spelling"
        first.action_dismiss()
        self.assertTrue(di.activity_ids)
        rest = di.change_ids - first
        rest.reason = "Spelling"
        rest.action_dismiss()
        self.assertFalse(di.activity_ids)
        self.assertEqual(set(di.change_ids.mapped('state')), {'dismissed'})
        self.assertEqual(di.change_ids.user_id, self.regulatory)

    def test_decision_needs_a_reason_and_stays(self):
        di = self.device()
        di.version_model = 'B'
        row = di.change_ids[0]
        with self.refused("Write down why"):
            row.action_dismiss()
        row.reason = " "
        with self.refused("Write down why"):
            row.action_dismiss()
        with self.refused("make it"):
            row.action_done()
        row.reason = "Spelling"
        row.action_dismiss()
        for change in (lambda: row.action_dismiss(), lambda: row.write({'reason': "Other"})):
            with self.refused():
                change()

    def test_nobody_writes_or_removes_what_a_change_was(self):
        di = self.device()
        di.version_model = 'B'
        row = di.change_ids[0]
        for values in ({'state': 'done'}, {'old_text': 'X'}, {'verdict': 'report'},
                       {'new_di_id': di.id}, {'user_id': self.env.uid}):
            with self.subTest(values=values), self.refused():
                row.write(values)
        with self.refused(error=AccessError):
            row.unlink()
        with self.refused():
            row.sudo().unlink()
        with self.refused(error=AccessError):
            row.create({'di_id': di.id, 'field': 'sterile', 'rule_id': row.rule_id.id,
                        'verdict': 'report'})

    def test_report_is_done_without_a_new_number(self):
        di = self.di(market_ids=[Command.set(self.us.ids)])
        di.gmdn_code = '12345'
        self.assertEqual(self.verdicts(di), {('US', 'report')})
        di.change_ids.action_done()
        self.assertEqual(di.change_ids.state, 'done')

    def test_new_device_identifier_takes_the_new_data_and_the_old_one_its_old(self):
        di = self.device(registration_ids=[Command.create({
            'jurisdiction_id': self.us.id, 'number': 'K1', 'state': 'published'})])
        di.write({'version_model': 'B', 'sterile': True})
        wizard = self.env['med.udi.di.renew'].with_user(self.regulatory).create({
            'di_id': di.id, 'name': gtin(500001)[1:]})
        self.assertEqual(wizard.change_ids, di.change_ids)
        new = self.Di.browse(wizard.action_make()['res_id'])
        self.assertEqual((new.name, new.previous_id, new.state), (gtin(500001), di, 'draft'))
        self.assertEqual((new.version_model, new.sterile), ('B', True))
        self.assertEqual((new.registration_ids.number, new.registration_ids.state), ('K1', 'draft'))
        self.assertEqual((di.version_model, di.sterile, di.state), ('A', False, 'active'))
        self.assertEqual(set(di.change_ids.mapped('state')), {'done'})
        self.assertEqual(di.change_ids.new_di_id, new)
        self.assertEqual(di.next_ids, new)
        self.assertFalse(di.activity_ids)

    def test_old_one_is_retired_when_asked_and_keeps_new_data_when_asked(self):
        di = self.device()
        di.version_model = 'B'
        self.env['med.udi.di.renew'].with_user(self.regulatory).create({
            'di_id': di.id, 'name': gtin(500002), 'restore': False, 'retire': True}).action_make()
        self.assertEqual((di.version_model, di.state), ('B', 'retired'))

    def test_new_number_must_be_a_number_never_used(self):
        di = self.device()
        Renew = self.env['med.udi.di.renew'].with_user(self.regulatory)
        with self.refused(error=ValidationError):
            Renew.create({'di_id': di.id, 'name': '123'})
        draft = self.device(state='draft')
        with self.refused("is a draft"):
            Renew.create({'di_id': draft.id, 'name': gtin(500003)}).action_make()

    def test_rule_that_cannot_be_read_is_refused(self):
        rule = self.env.ref('med_traceability.med_udi_change_rule_eu_sterile')
        for values in ({'field': 'nothing'}, {'field': 'storage_ids'}, {'field': 'display_name'},
                       {'condition': "[('x', '=', 1)]"}):
            with self.subTest(values=values), self.refused(error=ValidationError):
                rule.with_user(self.regulatory).write(values)

    def test_rule_that_has_ended_asks_for_nothing(self):
        rule = self.env.ref('med_traceability.med_udi_change_rule_eu_sterile')
        rule.valid_to = '2020-01-01'
        di = self.di(market_ids=[Command.set(self.eu.ids)])
        di.sterile = True
        self.assertFalse(di.change_ids)
