import io
import zipfile
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .statement_common import APRIL, StatementCase


@tagged("post_install", "-at_install")
class TestStatementSteps(StatementCase):
    """A statement is signed by both sides, and nobody writes what it says (V6, CN-OUT-2)."""

    requirement = "V6 V7 ISO-7.4.3 CN-OUT-2 P4"

    # ------------------------------------------------------------------ signing

    def test_both_sides_sign(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        self.assertEqual(march.state, "issued")
        self.assertTrue(self.env["mail.message"].search_count([
            ("model", "=", march._name), ("res_id", "=", march.id),
            ("partner_ids", "in", self.pia.partner_id.ids)]))
        row = self.portal_sign(march, "agreed")
        self.assertEqual((march.state, row.status, march.signature_ids), ("agreed", "valid", row))
        self.assertEqual(march.med_signature_status, "valid")
        with self.assertRaisesRegex(UserError, "does not wait"):
            self.portal_sign(march, "refused", note="Too late")

    def test_the_processor_refuses_with_a_note_and_may_agree_later(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        with self.assertRaisesRegex(UserError, "Say what is wrong"):
            self.portal_sign(march, "refused")
        self.portal_sign(march, "refused", note="We have 59")
        self.assertEqual((march.state, march.dispute), ("disputed", "We have 59"))
        self.assertTrue(march.activity_ids)
        self.portal_sign(march, "agreed", note="Found it")
        self.assertEqual(march.state, "agreed")

    def test_a_stamped_paper_signs_for_a_processor_without_systems(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        paper = self.paper(march, "agreed", signed_on="2026-04-01")
        self.sign(paper, self.anna, "verified")
        self.assertEqual(march.state, "agreed")

    def test_a_month_that_is_not_over_or_skips_one_is_not_issued(self):
        statement = self.statement()
        with self.assertRaisesRegex(UserError, "not over yet"):
            self.sign(statement, self.anna, "approved")
        self.clock.move_to("2026-05-02 09:00:00")
        april = self.statement(APRIL)
        with self.assertRaisesRegex(UserError, "earlier one first"):
            self.sign(april, self.anna, "approved")
        self.take((self.lot, 1))
        line = self.env["stock.move.line"].search([
            ("lot_id", "=", self.lot.id), ("location_dest_id", "=", self.place.id)])
        line.quantity = 59
        with self.assertRaisesRegex(UserError, "compute it again"):
            self.sign(statement, self.anna, "approved")
        statement.action_compute()
        self.sign(statement, self.anna, "approved")

    def test_nobody_of_ours_agrees_for_the_processor(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        for step in ("agree", "dispute"):
            for user in (self.anna, self.carl, self.keeper):
                with self.subTest(step, user=user.login), self.assertRaises(UserError):
                    march.with_user(user).med_transition(step, "x")
        with self.assertRaises(AccessError):
            march.with_user(self.anna).write({"state": "agreed"})

    # ------------------------------------------------------------------ guards

    def test_what_a_statement_says_is_not_written(self):
        march = self.statement()
        for user in (self.anna, self.carl, self.env.ref("base.user_root")):
            own = march.with_user(user).with_context(med_permit=True)
            for vals in ({"line_count": 0}, {"difference_count": 0}, {"outdated": True},
                         {"dispute": "x"}, {"date_from": APRIL}, {"processor_id": 1},
                         {"name": "X"}):
                with self.subTest(vals, user=user.login), self.assertRaises(AccessError):
                    own.write(vals)
            with self.assertRaises(AccessError):
                own.line_ids.write({"sent": 1})
            with self.assertRaises(AccessError):
                own.line_ids.unlink()
            with self.assertRaises(AccessError):
                own.line_ids.create({"statement_id": own.id, "product_id": self.stent.id})
            with self.assertRaises(UserError):
                own.unlink()
        born = self.statement(APRIL, line_count=7, state="draft")
        self.assertNotEqual(born.line_count, 7)

    def test_an_altered_row_makes_both_signatures_invalid(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        row = self.portal_sign(march, "agreed")
        self.env.cr.execute("UPDATE med_outsourcing_statement_line SET closing = 1, returned = 59"
                            " WHERE statement_id = %s", [march.id])
        self.env.invalidate_all()
        self.assertEqual((march.med_signature_status, row.status), ("invalid", "changed"))

    def test_an_issued_statement_is_not_computed_again(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        with self.assertRaisesRegex(UserError, "not changed any more"):
            march.action_compute()
        with self.assertRaisesRegex(UserError, "not changed any more"):
            march.finding = "x"

    def test_one_statement_a_period(self):
        march = self.statement()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), \
                self.env.cr.savepoint():
            self.statement("2026-03-17")
        march.with_user(self.anna).med_transition("cancel", "By mistake")
        self.assertEqual(self.statement("2026-03-17").state, "draft")

    def test_roles_and_companies(self):
        march = self.statement()
        self.assertTrue(march.with_user(self.user("purchasing")).read(["name"]))
        for role, login in (("purchasing", "buyer"), ("inspector", "ines"), ("qa_release", "q")):
            with self.subTest(role), self.assertRaises(AccessError):
                self.statement(APRIL, user=self.user(role, login=login))
        for role in ("system_admin", "portal_processor", ""):
            stranger = self.user(role, login=f"stranger_{role}")
            for record in (march, march.line_ids):
                with self.subTest(role), self.assertRaises(AccessError):
                    record.with_user(stranger).read(["company_id"])
        foreign = self.env["res.company"].create({"name": "Second"})
        other = self.user("qa", login="elsewhere", company_id=foreign.id,
                          company_ids=[Command.set(foreign.ids)])
        self.assertFalse(self.env["med.outsourcing.statement"].with_user(other).search([]))
        self.assertFalse(self.env["med.outsourcing.stock"].with_user(other).search([]))
        with self.assertRaises(AccessError):
            self.statement(APRIL, user=other)

    # ------------------------------------------------------------------ by themselves, and on paper

    def test_the_month_s_statement_comes_about_by_itself(self):
        self.clock.move_to("2026-04-01 09:00:00")
        idle = self.approved(self.env["res.partner"].create({"name": "Idle"}))
        Statement = self.env["med.outsourcing.statement"]
        for _day in range(2):
            self.env.ref(
                "med_outsourcing.med_outsourcing_statement_cron").method_direct_trigger()
        made = Statement.search([("processor_id", "in", (self.processor | idle).ids)])
        self.assertRecordValues(made, [{
            "processor_id": self.processor.id, "state": "draft", "line_count": 1,
            "date_from": made.date_from.replace(2026, 3, 1)}])
        self.assertEqual(len(made.activity_ids), 1)

    def test_a_processor_whose_statement_fails_stops_no_other_and_is_told_of(self):
        self.clock.move_to("2026-04-01 09:00:00")
        faulty = self.approved(self.env["res.partner"].create({"name": "Aardvark coating"}))
        other = self.approved(self.env["res.partner"].create({"name": "Another coating"}))
        for one in faulty | other:
            one.owner_id = self.carl
        Statement = type(self.env["med.outsourcing.statement"])
        month, fails = Statement._med_month, {
            faulty: lambda: self.env.cr.execute("SELECT 1 / 0"),
            other: lambda: self.env["med.outsourcing.statement"].browse(0)._unlink_never()}

        def run(this, processor):
            if processor in fails:
                fails[processor]()
            return month(this, processor)
        with patch.object(Statement, "_med_month", run), mute_logger(
                "odoo.sql_db", "odoo.addons.med_outsourcing.models.med_outsourcing_statement_run"):
            for _day in range(2):
                self.env.ref(
                    "med_outsourcing.med_outsourcing_statement_cron").method_direct_trigger()
        self.assertTrue(self.env["med.outsourcing.statement"].search(
            [("processor_id", "=", self.processor.id)]), "the others go on")
        for one, words in ((faulty, "DivisionByZero"), (other, "not deleted|cancel")):
            tasks = one.activity_ids
            self.assertIn(self.carl, tasks.user_id)
            self.assertTrue(any(user.has_group("med_base.med_base_group_qa")
                                for user in tasks.user_id))
            self.assertEqual(len(tasks), len(tasks.user_id), "told once")
            self.assertRegex(tasks[0].summary, f"{one.display_name} was not made: .*({words})")
        self.assertFalse(self.processor.activity_ids)

    def test_the_paper_says_what_is_signed_in_both_languages(self):
        self.clock.move_to("2026-04-02 09:00:00")
        march = self.issued()
        for lang in ("en_US", "zh_CN"):
            data = march.with_user(self.anna).with_context(lang=lang)._med_paper_pdf()
            self.assertTrue(data.startswith(b"%PDF-"))
        order = self.processing((self.lot, 60))
        self.done_there(order, {"ST-1": 60})
        theirs = self.theirs(order, {"ST-1": 60})
        self.assertTrue(theirs._med_paper_pdf().startswith(b"%PDF-"))

    def test_the_paper_is_downloaded_by_who_may_read_it_alone(self):
        march = self.statement()
        path = f"/med/outsourcing_statement.pdf?statement={march.id}"
        self.env.flush_all()
        self.authenticate("anna", "anna-secret")
        answer = self.url_open(path)
        self.assertEqual((answer.status_code, answer.content[:5]), (200, b"%PDF-"))
        self.authenticate("pia", "pia-secret")
        self.assertNotEqual(self.url_open(path).status_code, 200)

    def test_several_papers_are_downloaded_as_one_archive(self):
        march = self.statement()
        april = march.create({"processor_id": march.processor_id.id, "date_from": "2026-04-01"})
        action = (march | april).action_print_theirs()
        self.assertIn(f"statement={march.id},{april.id}&lang=theirs", action["url"])
        self.env.flush_all()
        self.authenticate("anna", "anna-secret")
        answer = self.url_open(action["url"])
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            self.assertEqual(len(archive.namelist()), 2)
            self.assertTrue(all(archive.read(one).startswith(b"%PDF-")
                                for one in archive.namelist()))
        for numbers, code in ((f"{march.id},999999", 403), (f"{march.id},", 403),
                              (",".join([str(march.id)] * 101), 400)):
            answer = self.url_open(f"/med/outsourcing_statement.pdf?statement={numbers}")
            self.assertEqual(answer.status_code, code)

    def test_the_processor_is_asked_again_while_it_waits(self):
        self.clock.move_to("2026-04-02 09:00:00")
        draft = self.statement()
        with self.assertRaisesRegex(UserError, "does not wait"):
            draft.action_ask_again()
        self.sign(draft, self.anna, "approved")
        self.pia.email = "pia@example.com"
        before = len(draft.message_ids)
        draft.action_ask_again()
        self.assertGreater(len(draft.message_ids), before)
        self.assertIn("pia", " ".join(map(str, draft.message_ids.mapped("body"))))
        self.processor.user_ids = False
        with self.assertRaisesRegex(UserError, "Print it"):
            draft.action_ask_again()
        with self.assertRaises(AccessError):
            draft.with_user(self.person("viewer", "statement_vera")).action_ask_again()
