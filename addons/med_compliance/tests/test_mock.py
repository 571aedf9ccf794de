from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ComplianceCase


@tagged("post_install", "-at_install")
class TestMock(ComplianceCase):
    """Lots are drawn by chance and shown by the clock; what lacks is a finding."""

    requirement = "Q12 ISO-8.2.4 TRC-3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lots = cls.in_stock(cls.stent, "M1", "M2", "M3") | cls.in_stock(cls.tube, "M4")
        cls.clock.tick(60)

    def mock(self, draw=True, **values):
        record = self.env["med.mock.inspection"].with_user(self.anna).create({
            "scope": "Unannounced", "inspector_id": self.ivan.id, "lots_wanted": 2, "minutes": 30,
            "product_tmpl_ids": [Command.set((self.stent | self.tube).product_tmpl_id.ids)],
            **values})
        if draw:
            record.with_user(self.ivan).med_transition("draw")
        return record

    def answered(self, record, minutes=5, verdict="yes"):
        """Show each lot, answer all of it after some minutes, and judge."""
        for row in record.lot_ids.with_user(self.ivan):
            row.show()
            row.answer_ids.with_user(self.olga).write({"answer": "Shown on screen"})
            self.clock.tick(minutes * 60)
            row.with_user(self.olga).finish()
            row.answer_ids.write({"verdict": verdict})
        return record

    def test_the_seed_draws_the_same_lots_again_one_product_after_the_other(self):
        record = self.mock()
        self.assertEqual(len(record.seed), 32)
        self.assertEqual(record.lot_ids.lot_id.product_id, self.stent | self.tube)
        self.clock.tick(60)
        self.in_stock(self.stent, "M5")
        told = record.with_user(self.ivan).redraw()
        self.assertEqual((told["same"], told["lots"]), (True, record.lot_ids.lot_id.ids))
        for vals in ({"seed": "0" * 32}, {"drawn_at": "2026-01-01 00:00:00"},
                     {"lots_wanted": 1}):
            for who in (record.with_user(self.anna), record.sudo()):
                with self.subTest(vals), self.assertRaises(UserError), self.cr.savepoint():
                    who.write(vals)
        with self.assertRaises(AccessError):
            record.lot_ids.with_user(self.anna).write({"lot_id": self.lots[0].id})

    def test_shipped_lots_come_first_and_a_market_takes_its_own(self):
        self.deliver([(self.stent, self.lots[1], 1)])
        self.deliver([(self.stent, self.lots[2], 1)], partner=self.clinic)
        self.clock.tick(60)
        self.assertEqual(self.mock().lot_ids.lot_id, self.lots[1] | self.lots[2])
        germany = self.env["med.jurisdiction"].create({
            "name": "Germany", "code": "DE", "country_ids": self.env.ref("base.de").ids,
            "calendar_id": self.env.ref("med_base.med_calendar_de").id})
        self.assertEqual(self.mock(jurisdiction_id=germany.id).lot_ids.lot_id, self.lots[1])
        with self.assertRaisesRegex(UserError, "No lot is as you ask for"):
            self.mock(made_to="2020-01-01")

    def test_answers_are_given_while_the_clock_runs(self):
        record = self.mock(lots_wanted=1)
        row = record.lot_ids
        answer = row.answer_ids[0]
        with self.assertRaisesRegex(UserError, "clock of .* is not running"):
            answer.with_user(self.olga).answer = "Early"
        with self.assertRaisesRegex(AccessError, "plays the inspector"):
            row.with_user(self.olga).show()
        told = row.with_user(self.ivan).show()
        self.assertIn("Corrective and Preventive Actions", told["missing"])
        self.assertIn("Corrective and Preventive Actions", row.missing)
        self.assertIn("Received from: 1", answer.found)
        with self.assertRaisesRegex(UserError, "Still without an answer"):
            row.with_user(self.olga).finish()
        answer.with_user(self.olga).answer = "Receipt 7"
        self.assertEqual(answer.answered_by_id, self.olga)
        with self.assertRaisesRegex(AccessError, "plays the inspector"):
            answer.with_user(self.olga).verdict = "yes"
        for vals in ({"found": "All"}, {"question": "Less?"}, {"answered_by_id": self.anna.id}):
            with self.subTest(vals), self.assertRaises(AccessError), self.cr.savepoint():
                answer.with_user(self.anna).write(vals)
        row.answer_ids.with_user(self.olga).write({"answer": "Shown"})
        self.clock.tick(31 * 60)
        self.assertEqual(row.with_user(self.olga).finish(),
                         {"version": 1, "minutes": 31.0, "in_time": False})
        self.assertEqual(row.result, "late")
        with self.assertRaisesRegex(UserError, "is not running"):
            answer.with_user(self.olga).answer = "Later"
        answer.with_user(self.ivan).verdict = "no"
        self.assertEqual(row.result, "lacking")

    def test_the_report_is_signed_when_all_is_shown_and_judged_and_closed_after_its_findings(self):
        record = self.mock()
        record.with_user(self.ivan).conclusion = "Quick"
        with self.assertRaisesRegex(UserError, "is not shown yet"):
            self.sign(record, self.ivan, "performed")
        self.answered(record)
        self.assertRecordValues(record, [{"good_count": 2, "average": 5}])
        finding = self.env["med.quality.finding"].with_user(self.ivan).create({
            "mock_id": record.id, "what": "Label was not found", "evidence": "M1"})
        record.lot_ids[0].answer_ids[0].with_user(self.ivan).verdict = False
        with self.assertRaisesRegex(UserError, "judge every answer"):
            self.sign(record, self.ivan, "performed")
        record.lot_ids[0].answer_ids[0].with_user(self.ivan).verdict = "yes"
        self.sign(record, self.ivan, "performed")
        with self.assertRaisesRegex(UserError, "not under way"):
            record.lot_ids[0].answer_ids[0].with_user(self.ivan).verdict = "no"
        with self.assertRaisesRegex(UserError, "neither a CAPA nor a reason"):
            self.sign(record, self.anna, "reviewed")
        finding.with_user(self.anna).action_start_capa()
        self.sign(record, self.anna, "reviewed")
        self.assertEqual((record.state, record.med_signature_status), ("closed", "valid"))
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_compliance.report_mock", record.ids)[0].decode()
        for words in (record.seed, "Shown on screen", "Label was not found", "Quick",
                      finding.capa_id.name, record.lot_ids[0].lot_id.name):
            self.assertIn(words, html)
