from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .label_case import CONTENT, QuickLabelCase


@tagged('post_install', '-at_install')
class TestLabelTemplate(QuickLabelCase):
    """What a label shows is decided once, by two people, and kept."""

    requirement = "QMSR-45 FDA-801.18 FDA-801.40 T4 T9"

    def test_template_is_approved_by_somebody_who_did_not_work_on_it(self):
        template = self.make_template(self.tube_di, approved=False)
        self.regulatory.group_ids += self.env.ref('med_base.med_base_group_qa')
        with self.assertRaisesRegex(UserError, "another person approves"):
            template.with_user(self.regulatory).action_approve()
        template.with_user(self.qa).action_approve()
        self.assertEqual((template.state, template.approver_id), ('approved', self.qa))
        self.assertTrue(template.preview)

    def test_who_changed_a_line_of_the_content_has_worked_on_it(self):
        template = self.make_template(self.tube_di, approved=False)
        other = self.user('regulatory', login='med_regulatory_2')
        template.item_ids[0].with_user(other).bold = False
        self.assertIn(other, template.author_ids)
        with self.assertRaisesRegex(UserError, "another person approves"):
            template.with_user(other).action_approve()

    @mute_logger('odoo.addons.base.models.ir_model')
    def test_operator_approves_and_changes_nothing(self):
        template = self.make_template(self.tube_di, approved=False)
        for user in (self.operator, self.leader, self.viewer):
            with self.assertRaises(AccessError):
                template.with_user(user).action_approve()
            with self.assertRaises(AccessError):
                template.with_user(user).write({'name': "x"})

    def test_approved_version_never_changes(self):
        item = self.template.item_ids[0]
        for user in (self.regulatory, self.env.ref('base.user_admin'), self.env.user):
            template = self.template.with_user(user).sudo()
            for change in (
                    lambda it=template: it.write({'width': 99}),
                    lambda it=template: it.write({'item_ids': [Command.clear()]}),
                    lambda it=template: it.write({'item_ids': [Command.create(
                        {'content': 'text', 'text': "x"})]}),
                    lambda it=template: it.write({'state': 'draft'}),
                    lambda it=template: it.write({'approver_id': False}),
                    lambda it=template: it.unlink(),
                    lambda: item.sudo().write({'size': 20}), item.sudo().unlink,
                    lambda it=template: it.env['med.label.template.item'].create(
                        {'template_id': it.id, 'content': 'rule'})):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    change()
        self.assertEqual((self.template.width, len(self.template.item_ids)), (70, len(CONTENT)))

    def test_a_change_is_the_next_version_and_ends_the_one_before(self):
        self.template.with_user(self.regulatory).action_new_version()
        new = self.env['med.label.template'].search([('previous_id', '=', self.template.id)])
        self.assertEqual((new.version, new.state, len(new.item_ids)), (2, 'draft', len(CONTENT)))
        new.with_user(self.regulatory).height = 46
        new.with_user(self.qa).action_approve()
        self.assertEqual((new.state, self.template.state), ('approved', 'retired'))

    def test_no_default_of_a_caller_makes_an_approved_template(self):
        for values in ({'default_state': 'approved'}, {'default_approver_id': self.qa.id},
                       {'default_version': 9}, {'default_previous_id': self.template.id}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.env['med.label.template'].with_user(self.regulatory).with_context(
                    **values).create({'name': "x", 'jurisdiction_id': self.china.id})

    def test_template_without_readable_code_is_refused(self):
        template = self.make_template(self.tube_di, approved=False, content=[
            row for row in CONTENT if row[0] != 'udi'])
        with self.assertRaisesRegex(UserError, "801.40"):
            template.with_user(self.qa).action_approve()

    def test_template_with_a_date_in_a_fixed_text_is_refused(self):
        for text in ("EXP 2027-01-31", "失效日期 2027年1月", "31.01.2027", "01/31/27"):
            template = self.make_template(self.tube_di, approved=False, content=[
                *CONTENT, ('text', 'foot', {'text': text, 'size': 5})])
            with self.assertRaisesRegex(UserError, "dates on a label come from the lot"):
                template.with_user(self.qa).action_approve()

    def test_text_that_does_not_fit_is_refused_in_words(self):
        template = self.make_template(self.tube_di, approved=False, width=40, height=20)
        with self.assertRaisesRegex(UserError, "never cut"):
            template.with_user(self.qa).action_approve()

    def test_what_the_device_lacks_is_refused_unless_optional(self):
        self.tube_di.registration_ids.licence_number = False
        template = self.make_template(self.tube_di, approved=False)
        with self.assertRaisesRegex(UserError, "Manufacturing licence"):
            template.with_user(self.qa).action_approve()
        template.item_ids.filtered(lambda item: item.content == 'licence').optional = True
        template.with_user(self.qa).action_approve()

    def test_ended_registration_is_not_printed(self):
        self.tube_di.registration_ids.date_to = date(2026, 1, 31)
        template = self.make_template(self.tube_di, approved=False)
        with self.assertRaisesRegex(UserError, "Registration number"):
            template.with_user(self.qa).action_approve()

    def test_symbol_of_another_issuer_is_refused(self):
        template = self.make_template(self.tube_di, approved=False, symbology='datamatrix')
        with self.assertRaisesRegex(UserError, "another kind of code"):
            template.with_user(self.qa).action_approve()

    def test_module_follows_the_rule_in_force_and_the_printer(self):
        for dpi, module in (('203', 0.375), ('300', 0.254), ('600', 0.254)):
            self.assertAlmostEqual(self.template._get_module(dpi), module, 3)
        rule = self.env['med.label.symbol.rule']._med_rule('gs1_datamatrix')
        rule.module_min = 0.255
        self.assertAlmostEqual(self.template._get_module('300'), 0.339, 3)
        rule.module_max = 0.3
        with self.assertRaisesRegex(UserError, "above the largest"):
            self.template._get_module('300')
        rule.valid_to = date(2026, 1, 1)
        with self.assertRaisesRegex(UserError, "No rule says"):
            self.template._get_module('300')

    def test_dates_on_the_label_are_iso_and_words_follow_the_language(self):
        item = self.template.item_ids.filtered(lambda row: row.content == 'expiry')
        [shown] = item._prepare_items(self.tube_di, {'expiry': '2028-01-31'})
        self.assertEqual((shown['text'], shown['whole'], shown['icon']),
                         ('2028-01-31', True, 'expiry'))
        words = item._get_words(self.stent_di)
        self.assertEqual(words, "Sterile, Single use, Implantable, MR conditional, Not made with "
                                "natural rubber latex")
