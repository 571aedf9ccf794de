import json
from datetime import timedelta
from unittest.mock import patch

from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Datetime
from odoo.tests import tagged

from ..models import med_exchange_form
from .common import FileFactory


@tagged("post_install", "-at_install")
class TestForm(FileFactory, MedCase):
    """People go on on paper, and enter it afterwards with both times."""

    requirement = "X8 P11-10e-1 P11-10h"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.partner_of("DOWN")
        cls.mapping = cls.mapping_of(cls.partner)
        cls.operator, cls.qa = cls.user("operator"), cls.user("qa")
        cls.form = cls.env["med.exchange.form"].with_user(cls.operator).create(
            {"mapping_id": cls.mapping.id, "lines": 4})

    def entry(self, form, happened, *cells):
        entry = form.env["med.exchange.form.entry"].create({
            "form_id": form.id, "event_time": happened, "written_by": "Wang"})
        for value, cell in zip(entry.value_ids, cells, strict=True):
            value.value = cell
        return entry

    def test_a_form_is_printed_ahead_with_a_number(self):
        self.assertRegex(self.form.name, r"^DTF/\d{4}/\d{5}$")
        self.assertEqual([one["heading"] for one in self.form._med_columns()],
                         ["客户编码", "公司名称", "城市", "国家"])
        self.form.action_print()
        self.assertEqual((self.form.state, self.form.printed_id), ("printed", self.operator))
        paper = self.form.paper
        self.form.action_print()
        self.assertEqual(self.form.paper, paper, "the same paper again")

    def test_several_are_printed_ahead_each_with_a_number_of_its_own(self):
        ahead = self.env["med.exchange.form.ahead"].with_user(self.operator)
        action = ahead.create({
            "mapping_id": self.mapping.id, "count": 3, "lines": 12}).action_make()
        made = self.env["med.exchange.form"].search([], order="id desc", limit=3)
        self.assertEqual(len(set(made.mapped("name"))), 3)
        self.assertEqual(set(made.mapped("state")), {"printed"})
        self.assertEqual(set(made.mapped("lines")), {12})
        self.assertEqual(
            action["url"], f"/med/exchange/forms.pdf?forms={','.join(map(str, made.ids[::-1]))}")
        for count in (0, 51):
            with self.assertRaisesRegex(UserError, "1 to 50"):
                ahead.create({"mapping_id": self.mapping.id, "count": count}).action_make()

    def test_more_forms_than_one_file_holds_are_not_printed(self):
        forms = self.form.create([{"mapping_id": self.mapping.id}] * 2)
        with patch.object(med_exchange_form, "MOST_FORMS", 1):
            with self.assertRaisesRegex(UserError, "2 forms are chosen, and one file holds 1"):
                forms.action_print()
            self.assertEqual(forms.mapped("state"), ["blank", "blank"])
            forms[0].action_print()
        self.assertEqual(forms.mapped("state"), ["printed", "blank"])

    def test_what_was_written_is_entered_with_event_and_entry_time(self):
        self.form.action_print()
        happened = Datetime.to_datetime("2026-11-20 03:00:00")
        self.entry(self.form, happened, "P-1", "Paper One", "Wuxi", "中国")
        self.entry(self.form, happened + timedelta(hours=1), "P-2", "Paper Two", "", "CN")
        form = self.form.with_user(self.qa)
        form.action_enter()
        file = form.file_id
        self.assertEqual((form.state, file.origin, file.state), ("entered", "form", "tried"))
        self.assertEqual([outcome for *_key, outcome in self.outcomes(file)], ["make", "make"])
        file.action_apply()
        self.assertEqual(self.organisations("P-1", "P-2").mapped("name"),
                         ["Paper One", "Paper Two"])
        message = file.row_ids[0].message_id.sudo()
        self.assertEqual(message.event_time, happened)
        self.assertGreater(message.create_date, happened)
        self.assertGreater(self.form.entry_ids[0].create_date, happened)

    def test_what_was_written_while_the_program_lost_a_message_waits_for_it(self):
        self.mapping.back_to_draft()
        self.mapping.stream = "main"
        self.mapping.activate()
        submit = self.env["med.exchange"].with_user(self.partner.user_id).submit
        submit([self.envelope(self.partner, sequence=2, object="N-2",
                              payload={"name": "Two", "code": "N-2"})])
        self.entry(self.form, "2026-11-20 03:00:00", "P-8", "Paper Eight", "Wuxi", "CN")
        form = self.form.with_user(self.qa)
        form.action_enter()
        form.file_id.action_apply()
        self.assertEqual((form.file_id.state, form.file_id.waiting_count), ("applied", 1))
        submit([self.envelope(self.partner, sequence=1, object="N-1",
                              payload={"name": "One", "code": "N-1"})])
        self.assertEqual(self.organisations("P-8").name, "Paper Eight")
        message = form.file_id.row_ids.message_id.sudo()
        said = json.loads(message.body)["payload"]
        [again] = submit([self.envelope(
            self.partner, said, sequence=3, object={"id": "P-8", "version": 1})])["answers"]
        self.assertEqual((again["outcome"], again["first"]), ("duplicate", "accepted"))

    def test_a_form_without_a_column_of_times_still_says_when(self):
        self.mapping.back_to_draft()
        self.mapping.write({"event_column": False, "time_format": "%d.%m.%Y %H:%M"})
        self.mapping.activate()
        self.entry(self.form, "2026-11-20 03:00:00", "P-3", "Paper Three", "", "")
        form = self.form.with_user(self.qa)
        form.action_enter()
        self.assertEqual(str(form.file_id.row_ids.event_time), "2026-11-20 03:00:00")

    def test_a_form_that_was_entered_stays(self):
        entry = self.entry(self.form, "2026-11-20 03:00:00", "P-4", "Paper Four", "", "")
        self.form.with_user(self.qa).action_enter()
        for act in (lambda: entry.write({"event_time": "2026-01-01"}), entry.unlink,
                    lambda: entry.value_ids[0].write({"value": "x"}), entry.value_ids.unlink,
                    lambda: self.form.write({"lines": 9}),
                    self.form.with_user(self.qa).action_enter,
                    lambda: self.form.write({"state": "blank"}),
                    lambda: self.entry(self.form, "2026-11-20 03:00:00", *"abcd"),
                    self.form.sudo().unlink, self.form.copy,
                    *(record.sudo().with_context(
                        _force_unlink=True, force_delete=True, install_mode=True,
                        module_uninstall=True).unlink
                      for record in (self.form, entry, entry.value_ids, entry.value_ids[0]))):
            with self.assertRaises(UserError):
                act()
        self.assertTrue(entry.exists() and len(entry.value_ids) == 4)

    def test_a_wrong_word_is_corrected_and_what_was_entered_stays(self):
        self.form.action_print()
        entry = self.entry(self.form, "2026-11-20 03:00:00", "P-6", "Paper Six", "", "Atlantis")
        form = self.form.with_user(self.qa)
        with self.assertRaisesRegex(UserError, "was not entered"):
            form.action_reopen()
        form.action_enter()
        wrong = form.file_id
        self.assertEqual([row.outcome for row in wrong.row_ids], ["refused"])
        with self.assertRaises(AccessError):
            self.form.with_user(self.operator).action_reopen()
        form.action_reopen()
        self.assertEqual((form.state, wrong.state, wrong.form_id), ("printed", "void", form))
        for act in (wrong.with_user(self.qa).action_try, wrong.with_user(self.qa).action_apply):
            with self.assertRaises(UserError):
                act()
        form.action_enter()  # the same once more: its file is another
        self.assertNotEqual(form.file_id, wrong)
        form.action_reopen()
        entry.value_ids[3].value = "CN"
        form.action_enter()
        form.file_id.action_apply()
        self.assertEqual(self.organisations("P-6").name, "Paper Six")
        with self.assertRaisesRegex(UserError, "undo the file"):
            form.action_reopen()
        form.file_id.undo(reason="Another paper")
        form.action_reopen()
        form.void_reason = "Another paper"
        form.action_void()
        self.assertEqual(form.state, "void")

    def test_the_printed_paper_is_removed_or_exchanged_by_nobody(self):
        self.form.action_print()
        paper = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", "med.exchange.form"), ("res_id", "=", self.form.id),
            ("res_field", "=", "paper")])
        self.assertTrue(paper)
        for one in (paper, paper.with_context(_force_unlink=True, install_mode=True)):
            for act in (one.unlink, lambda one=one: one.write({"raw": b"x"})):
                with self.assertRaises(AccessError):
                    act()

    def test_defaults_of_a_context_fill_in_nothing_of_a_form(self):
        form = self.form.with_context(
            default_state="entered", default_void_reason="x", default_paper="eA==",
            default_printed_id=self.qa.id, ir_sequence_date="1999-01-01").create(
                {"mapping_id": self.mapping.id})
        self.assertEqual((form.state, form.void_reason, form.paper), ("blank", False, False))
        self.assertFalse(form.printed_id)
        self.assertNotIn("1999", form.name)

    def test_an_entry_has_not_happened_in_the_future(self):
        with self.assertRaises(ValidationError):
            self.entry(self.form, Datetime.now() + timedelta(hours=1), *"abcd")

    def test_a_lost_form_is_void_with_a_reason(self):
        with self.assertRaisesRegex(UserError, "say why"):
            self.form.action_void()
        self.form.void_reason = "Coffee"
        self.form.action_void()
        self.assertEqual(self.form.state, "void")
        with self.assertRaises(UserError):
            self.form.action_print()

    def test_an_operator_does_not_take_in_what_he_wrote(self):
        self.entry(self.form, "2026-11-20 03:00:00", "P-5", "Paper Five", "", "")
        with self.assertRaises(AccessError):
            self.form.action_enter()
