from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .scan_case import EXPIRY, PAST, UNIT, ScanCase

ROLES = ('viewer', 'auditor', 'warehouse', 'operator', 'purchasing', 'regulatory', 'metrology',
         'qa_release', 'system_admin', '')


@tagged('post_install', '-at_install')
class TestDiscrepancy(ScanCase):
    """CN-GSP-3, P11-10d: who settles a discrepancy, and that nobody rewrites one."""

    requirement = "CN-GSP-3 P11-10d P11-10e-1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.di(cls.kit, UNIT)
        cls.qa = cls.user('qa')
        cls.inspector = cls.user('inspector')

    def found(self, number='L1'):
        """Return a fresh discrepancy of an expired lot, its receipt not posted yet."""
        picking = self.receipt({self.kit: 1})
        picking.with_user(self.warehouseman).med_scan(code=self.label(lot=number, expiry=PAST))
        return picking.med_discrepancy_ids

    def test_those_who_have_to_know_are_told(self):
        record = self.found()
        self.assertTrue(record.name.startswith('UD'))
        self.assertIn(record.message, record.picking_id.message_ids[0].body)
        activity = self.env['mail.activity'].search([
            ('res_model', '=', record._name), ('res_id', '=', record.id)])
        self.assertIn(activity.user_id, self.env.ref('med_base.med_base_group_qa').all_user_ids)
        mail = record.message_ids.filtered('notified_partner_ids')
        self.assertEqual(mail.notified_partner_ids, activity.user_id.partner_id)
        self.assertEqual(record.user_id, self.warehouseman)

    def test_quality_assurance_and_inspection_settle(self):
        for number, person in (('L1', self.qa), ('L2', self.inspector)):
            record = self.found(number)
            answer = record.with_user(person).med_settle(conclusion='accepted', note=" Agreed ")
            self.assertEqual(answer, {'version': 1, 'settled': 1})
            self.assertRecordValues(record, [{
                'state': 'settled', 'conclusion': 'accepted', 'note': "Agreed",
                'settled_uid': person.id}])
            self.assertFalse(record.activity_ids)
            self.assertIn("Agreed", record.picking_id.message_ids[0].body)

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_nobody_else_settles(self):
        record = self.found()
        for role in ROLES:
            user = self.user(role, login=f'discrepancy_{role or "nobody"}')
            with self.subTest(role=role), self.assertRaises(AccessError):
                record.with_user(user).med_settle(conclusion='accepted', note="x")
        self.assertEqual(record.state, 'open')

    def test_bad_arguments_settle_nothing(self):
        record = self.found().with_user(self.qa)
        for conclusion, note in (('fine', "x"), ('accepted', " "), ('accepted', 7), (None, "x")):
            with self.assertRaises(UserError):
                record.med_settle(conclusion=conclusion, note=note)
        with self.assertRaises(UserError):
            record.browse().med_settle(conclusion='accepted', note="x")
        record.med_settle(conclusion='accepted', note="x")
        with self.assertRaisesRegex(UserError, "is not open"):
            record.med_settle(conclusion='rejected', note="x")
        self.assertEqual(record.conclusion, 'accepted')

    @mute_logger('odoo.addons.base.models.ir_model')
    def test_nobody_writes_or_deletes_one(self):
        record = self.found()
        scan = record.scan_id
        admin = self.env.ref('base.user_admin')
        admin.group_ids |= self.env.ref('stock.group_stock_manager')
        for user in (admin, self.qa, self.warehouseman):
            for one in (record, scan):
                for call in (one.with_user(user).unlink,
                             lambda one=one, user=user: one.with_user(user).write(
                                 {'product_id': self.pump.id}),
                             lambda one=one, user=user: one.env[one._name].with_user(user).create({
                                 'kind': 'expired', 'message': "x"})):
                    with self.assertRaises(UserError):  # AccessError is one
                        call()
        for context in ({}, {'med_permit': True}, {'med_permit': 'x'}):
            with self.assertRaises(UserError):
                record.sudo().with_context(**context).write({'state': 'settled'})
        with self.assertRaises(UserError):
            record.sudo().unlink()
        with self.assertRaises(UserError):
            scan.sudo().unlink()

    def test_several_are_settled_at_once(self):
        records = self.found('L1') | self.found('L2')
        action = records.with_user(self.qa).action_settle()
        form = Form(self.env[action['res_model']].with_user(self.qa).with_context(
            **action['context']))
        form.conclusion, form.note = 'corrected', "Labels replaced"
        form.save().action_settle()
        self.assertEqual(records.mapped('conclusion'), ['corrected'] * 2)

    def test_a_lot_and_a_transfer_count_theirs(self):
        record = self.found()
        picking = record.picking_id
        self.assertEqual(picking.med_discrepancy_count, 1)
        self.post(picking)
        self.assertEqual(record.lot_id.name, 'L1')
        self.assertEqual(record.lot_id.med_discrepancy_count, 1)
        again = self.receipt({self.kit: 1})
        again.med_scan(code=self.label(lot='L3', expiry=PAST))
        again.med_scan_undo()
        self.assertEqual(again.med_discrepancy_count, 0)

    def test_another_company_s_are_not_seen(self):
        record = self.found()
        second = self.env['res.company'].create({'name': "Discrepancy second company"})
        stranger = self.user('qa', login='discrepancy_second', company_id=second.id,
                             company_ids=[(6, 0, second.ids)])
        visible = record.with_user(stranger).with_context(allowed_company_ids=second.ids)
        self.assertFalse(visible.search([('id', '=', record.id)]))
        with self.assertRaises(AccessError):
            visible.med_settle(conclusion='accepted', note="x")

    def test_the_hook_sees_each_new_one_and_the_lot_when_it_is_born(self):
        seen = []
        model = type(self.env['med.udi.discrepancy'])
        self.patch(model, '_med_lot_known', lambda records: seen.extend(
            (record.kind, record.lot_id.name) for record in records))
        record = self.found()
        self.assertEqual(seen, [])
        self.post(record.picking_id)
        self.assertEqual(seen, [('expired', 'L1')])

    def test_a_day_on_file_is_the_day_on_the_label_for_everybody(self):
        picking = self.receipt({self.kit: 1})
        picking.med_scan(code=self.label(lot='L9', expiry=EXPIRY))
        self.post(picking)
        lot = picking.move_line_ids.lot_id
        for zone in ('Asia/Shanghai', 'America/Los_Angeles', 'UTC', 'Europe/Berlin'):
            self.env.user.tz = zone
            self.assertEqual(lot._med_expiry(), EXPIRY, zone)
