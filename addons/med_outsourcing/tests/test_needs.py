from dataclasses import replace

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests.common import tagged

from ..models.med_processor import MedProcessor
from .common import OutsourcingCase


@tagged("post_install", "-at_install")
class TestNeeds(OutsourcingCase):
    """Certificates that a process needs, and a review that is not long overdue."""

    requirement = "ISO-7.4.1 ISO-4.1.5 CN-GMP-61 V1"

    def why(self, day=None):
        self.env.invalidate_all()
        return "\n".join(self.file._med_obstacles("assembly", self.device, day))

    def kind(self, code):
        return self.env["med.certificate.kind"].search([("code", "=", code)])

    def need(self, *codes):
        """Revise the file, have its process name kinds, and approve it anew."""
        file = self.file.with_user(self.anna)
        file.med_transition("revise", "Certificates")
        file.with_user(self.bert).sudo().scope_ids.certificate_kind_ids = [
            Command.set([self.kind(code).id for code in codes])]
        self.sign(self.file, self.anna, "approved")

    def paper(self, number, kind="other", date_to="2026-12-31", **values):
        return self.env["med.processor.certificate"].with_user(self.anna).create({
            "processor_id": self.file.id, "number": number, "kind": kind,
            "date_from": "2020-01-01", "date_to": date_to, **values})

    # ------------------------------------------------------------------ named by the process

    def test_none_at_all_does_not_cover_a_process_that_names_one(self):
        self.assertFalse(self.why())
        self.need("iso13485", "licence")
        for words in ("ISO 13485", "Production Licence"):
            self.assertRegex(self.why(), f"needs a certificate “{words}”")
        self.assertFalse(self.file._med_missing_named("coating", self.device, None))
        papers = self.paper("I-1", "iso13485", needed=False) | self.paper("P-1", "licence")
        self.assertFalse(self.why())
        papers.filtered(lambda one: one.kind == "iso13485").active = False
        self.assertRegex(self.why(), "needs a certificate “ISO 13485”")

    def test_what_a_process_needs_is_signed_and_not_changed_past_it(self):
        self.need("licence")
        with self.assertRaises(UserError):
            self.file.with_user(self.anna).scope_ids.certificate_kind_ids = [Command.clear()]
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM med_certificate_kind_med_processor_scope_rel")
        self.assertRegex(self.why(), "no longer says what was signed")
        for user in (self.anna, self.buyer):
            with self.assertRaises(AccessError):
                self.kind("licence").with_user(user).code = "other"

    def test_a_file_approved_before_processes_named_certificates_stays_approved(self):
        before = MedProcessor._med_machine
        content = tuple(one for one in before.content if "certificate" not in one)
        self.assertEqual(len(content), len(before.content) - 1)
        works = self.env["res.partner"].create({"name": "Old works", "is_company": True})
        self.patch(self.registry["med.processor"], "_med_machine",
                   replace(before, content=content))
        file = self.processor(works, ["assembly"])
        self.patch(self.registry["med.processor"], "_med_machine", before)
        self.env.invalidate_all()
        self.assertEqual(file.med_signature_status, "valid")

    def test_the_standard_of_a_process_is_proposed_on_the_screen_alone(self):
        line = self.env["med.processor.scope"].new({"process": "sterilisation_eo"})
        line._onchange_process()
        self.assertEqual(line.certificate_kind_ids.mapped("code"), ["iso11135"])
        self.assertFalse(self.file.scope_ids.certificate_kind_ids)

    # ------------------------------------------------------------------ a need stays

    def test_a_need_is_taken_off_while_the_file_is_a_draft_alone(self):
        old = self.paper("O-1", date_to="2026-01-31")
        self.assertRegex(self.why(), "certificate O-1")
        for vals in ({"needed": False}, {"active": False}, {"needed": False, "active": False}):
            for user in (self.anna, self.env.user):
                with self.subTest(vals), self.assertRaisesRegex(UserError, "is needed"):
                    old.with_user(user).with_context(active_test=False, med_permit=True).write(vals)
        with self.assertRaisesRegex(UserError, "is needed"):
            self.file.with_user(self.anna).certificate_ids = [
                Command.update(old.id, {"needed": False})]
        self.file.with_user(self.anna).med_transition("revise", "No such certificate any more")
        old.active = False
        self.sign(self.file, self.anna, "approved")
        self.assertFalse(self.why())

    def test_of_the_kind_other_a_renewal_takes_the_place(self):
        old = self.paper("O-1", date_to="2026-01-31")
        self.paper("O-2")
        self.assertRegex(self.why(), "certificate O-1")
        with self.assertRaisesRegex(ValidationError, "is needed itself"), \
                self.env.cr.savepoint():
            self.paper("O-3", renews_id=old.id, needed=False)
        with self.assertRaisesRegex(ValidationError, "same processor and kind"):
            self.paper("O-3", kind="licence", renews_id=old.id)
        new = self.paper("O-3", renews_id=old.id)
        self.assertFalse(self.why())
        for vals in ({"renews_id": False}, {"needed": False}, {"active": False}):
            with self.subTest(vals), self.assertRaises(UserError), \
                    self.env.cr.savepoint():
                new.write(vals)
        old.active = False
        self.assertFalse(self.why())
        self.assertRegex(self.why(new.date_to.replace(year=2028)), "certificate O-3")

    def test_a_renewal_filed_ahead_of_time_stops_nothing_today(self):
        old = self.paper("O-1")
        new = self.paper("O-2", date_to="2028-12-31", date_from="2027-01-01", renews_id=old.id)
        last = self.paper("O-3", date_to="2030-12-31", date_from="2029-01-01", renews_id=new.id)
        self.assertFalse(self.why())
        for day in (new.date_to, last.date_to):
            self.assertFalse(self.file._med_missing_certificates(day))
        self.assertRegex(self.why(last.date_to.replace(year=2032)), "certificate O-3")
        # Between the two nothing holds.
        late = self.paper("P-1", date_to="2026-03-01")
        self.paper("P-2", date_to="2030-12-31", date_from="2026-03-10", renews_id=late.id)
        self.assertRegex(self.why(), "certificate P-2")

    def test_a_need_is_not_put_on_what_an_unneeded_one_has_renewed(self):
        old = self.paper("O-1", date_to="2026-01-31", needed=False)
        new = self.paper("O-2", renews_id=old.id, needed=False)
        with self.assertRaisesRegex(ValidationError, "O-2 renews a certificate that is needed"), \
                self.env.cr.savepoint():
            old.needed = True
        new.active = False
        old.needed = True
        with self.assertRaisesRegex(ValidationError, "is needed itself"), \
                self.env.cr.savepoint():
            new.active = True
        new.needed = True
        new.active = True
        self.assertFalse(self.why())

    def test_which_one_another_renews_is_said_when_it_is_filed(self):
        old, other = self.paper("O-1", date_to="2026-01-31"), self.paper("O-2")
        with self.assertRaisesRegex(UserError, "when it is filed"):
            other.renews_id = old

    # ------------------------------------------------------------------ review

    def test_a_review_long_overdue_stops_orders_and_before_that_warns(self):
        day = self.file.date_review  # 2027-03-01
        self.clock.move_to("2027-04-01 08:00:00")
        self.env.invalidate_all()
        self.assertFalse(self.why())
        self.assertIn("05/30/2027", self.file.review_text)
        self.assertFalse(self.why(day.replace(month=5, day=30)))
        self.assertRegex(self.why(day.replace(month=5, day=31)), "was due on 03/01/2027")
        self.company.med_review_grace = 0
        self.assertFalse(self.why(day))
        self.assertRegex(self.why(), "overdue for more than 0 days")
        self.assertFalse(self.file.review_text)
        self.assertIn("The review of", self.file.standing)
        self.company.med_gate_mode = "enforce"
        with self.assertRaisesRegex(UserError, "evaluate it anew"):
            self.purchase().button_confirm()
        self.file.with_user(self.anna).med_transition("revise", "Evaluated")
        self.file.with_user(self.bert).sudo().date_review = "2028-03-01"
        self.sign(self.file, self.anna, "approved")
        self.assertFalse(self.why())
