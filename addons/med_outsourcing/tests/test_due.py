from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests.common import tagged

from .common import OutsourcingCase


@tagged("post_install", "-at_install")
class TestDue(OutsourcingCase):
    """Who is responsible is told of reviews, certificates and agreements before they are over."""

    requirement = "ISO-7.4.1 ISO-4.1.5 CN-GMP-61 CN-GMP-63 V1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paper = cls.env["med.processor.certificate"].create({
            "processor_id": cls.file.id, "number": "L-1", "kind": "licence",
            "date_from": "2026-01-01", "date_to": "2027-01-01"})

    def told(self, day):
        """Run the scheduled action on a day; return what was told, as [(person, text)]."""
        self.clock.move_to(f"{day} 06:00:00")
        before = self.file.activity_ids
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            self.env["med.processor"]._med_remind()
        return sorted((one.user_id.login, one.summary) for one in self.file.activity_ids - before)

    def test_each_step_is_told_once_and_the_end_goes_higher(self):
        self.company.med_processor_escalate_id = self.anna
        self.assertEqual(self.told("2026-09-01"), [])
        text = "Certificate L-1 (Production Licence) of “Assembly works” is due on 01/01/2027"
        self.assertEqual(self.told("2026-10-10"), [("bert", text)])
        self.assertEqual(self.told("2026-10-11"), [])
        self.assertEqual(len(self.told("2026-11-05")), 1)
        self.assertIn(("bert", text), self.told("2026-12-10"))
        over = "Certificate L-1 (Production Licence) of “Assembly works” ended on 01/01/2027"
        told = self.told("2027-01-02")
        self.assertIn(("bert", over), told)
        self.assertIn(("anna", over), told)
        self.assertEqual(self.told("2027-01-03"), [])

    def test_what_was_renewed_or_is_not_needed_is_not_told(self):
        self.env["med.processor.certificate"].create({
            "processor_id": self.file.id, "number": "L-2", "kind": "licence",
            "date_from": "2026-12-01", "date_to": "2031-01-01"})
        self.assertFalse([one for one in self.told("2026-12-20") if "L-1" in one[1]])

    def test_review_and_agreement(self):
        told = [text for _who, text in self.told("2027-02-25")]
        self.assertIn("Review of the processor of “Assembly works” is due on 03/01/2027", told)
        told = [text for _who, text in self.told("2027-12-20")]
        self.assertIn(f"Quality agreement {self.agreement.name} of “Assembly works” is due on "
                      "12/31/2027", told)
        self.agree(self.file, "QA-NEXT", "2028-01-01", "2029-12-31")
        self.assertFalse([one for one in self.told("2028-01-05") if "Quality" in one[1]])

    def test_days_are_a_setting(self):
        self.company.med_processor_notice = "10"
        self.assertEqual(self.told("2026-12-20"), [])
        self.assertEqual(len(self.told("2026-12-22")), 1)
        for wrong in ("", "soon", "30,-1", "0", "99999"):
            with self.subTest(text=wrong), self.assertRaises(ValidationError):
                self.company.med_processor_notice = wrong

    def test_an_ended_file_is_silent(self):
        self.file.with_user(self.anna).med_transition("end", "Closed")
        self.assertEqual(self.told("2027-12-20"), [])

    def test_figures_of_the_year(self):
        tubes = self.in_stock(self.tube, "TB-1")
        self.move([(self.tube, tubes, 10)], self.stock, self.file.location_id, "internal",
                  self.maker)
        self.assertEqual(self.file.lot_count, 1)
        self.company.med_gate_mode = "observe"
        for name, late in (("DEV-1", False), ("DEV-2", True)):
            order = self.purchase(quantity=5)
            order.order_line.date_planned = "2026-03-01" if late else "2026-04-01"
            order.button_confirm()
            receipt = order.picking_ids.with_user(self.env.user)
            receipt.move_ids.quantity = 5
            receipt.move_ids.move_line_ids.lot_name = name
            receipt.move_ids.picked = True
            receipt.with_context(skip_expired=True).button_validate()
            lot = receipt.move_line_ids.lot_id
        self.decide(lot, "rejected")
        self.file.invalidate_recordset()
        self.assertEqual((self.file.year_receipts, self.file.year_late, self.file.year_lots,
                          self.file.year_rejected), (2, 1, 2, 1))
        self.assertEqual(self.file.year_score, 50.0)
