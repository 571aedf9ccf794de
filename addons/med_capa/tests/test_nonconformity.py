from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CapaCase


@tagged("post_install", "-at_install")
class TestNonconformity(CapaCase):
    """A nonconformity whose cause is to be investigated is not closed before it is taken up."""

    requirement = "ISO-8.3.1 ISO-8.5.2 Q1 Q6"

    def to_close(self):
        record = self.reported(defect="T-SCR", product=self.stent.id)
        record.with_user(self.anna).write({
            "evaluation": "Looks only", "investigation": "needed",
            "investigation_reason": "Third time"})
        self.sign(record, self.anna, "reviewed", transition="evaluate")
        self.sign(record, self.anna, "approved")
        return record

    def test_it_closes_when_there_is_a_capa(self):
        record = self.to_close()
        with self.assertRaisesRegex(UserError, "Start a CAPA"):
            self.close_it(record)
        action = record.with_user(self.anna).action_start_capa()
        capa = self.env["med.capa"].browse(action["res_id"])
        self.assertRecordValues(capa, [{
            "source": "nonconformity", "source_model": "med.nonconformity",
            "source_id": record.id, "nonconformity_ids": record.ids, "summary": record.summary,
            "product_ids": self.stent.ids}])
        self.assertEqual((record.capa_count, self.close_it(record).state), (1, "closed"))

    def test_it_closes_when_it_says_why_there_is_none(self):
        record = self.to_close()
        with self.assertRaises(AccessError):
            record.with_user(self.ines).capa_reason = "Known"
        record.with_user(self.anna).capa_reason = "CAPA of last month covers it"
        self.assertEqual(self.close_it(record).state, "closed")
        with self.assertRaisesRegex(UserError, "is closed"):
            record.with_user(self.anna).capa_reason = "Other"

    def test_a_capa_is_started_by_quality_assurance_and_named_there(self):
        record = self.to_close()
        with self.assertRaises(AccessError):
            record.with_user(self.ines).action_start_capa()
        capa = self.case()
        with self.assertRaisesRegex(UserError, "named there"):
            record.with_user(self.anna).write({"capa_ids": [(4, capa.id)]})
