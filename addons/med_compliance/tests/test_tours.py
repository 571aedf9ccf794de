from odoo.tests import tagged

from .common import ComplianceCase


@tagged("post_install", "-at_install")
class TestTours(ComplianceCase):
    """An audit with a finding that becomes a CAPA; a mock inspection; the map."""

    requirement = "ISO-8.2.4 Q12 T1 T2"

    def test_an_audit_finds_something_and_it_becomes_a_capa(self):
        record = self.planned_audit(auditor_id=self.anna.id)
        self.start_tour("/odoo/med-quality-audits", "med_compliance_audit_tour", login="anna",
                        timeout=120)
        self.env.invalidate_all()
        self.assertEqual((record.state, record.finding_ids.mapped("state")),
                         ("reported", ["in_capa"]))
        self.assertEqual(record.finding_ids.capa_id.source, "audit")

    def test_a_mock_inspection_shows_a_lot_by_the_clock(self):
        self.in_stock(self.stent, "MOCK-1")
        self.clock.tick(60)
        self.env["med.mock.question"].search([])[1:].active = False
        record = self.env["med.mock.inspection"].with_user(self.anna).create({
            "scope": "Unannounced", "lots_wanted": 1,
            "product_tmpl_ids": self.stent.product_tmpl_id.ids})
        self.start_tour("/odoo/med-mock-inspections", "med_compliance_mock_tour", login="anna",
                        timeout=120)
        self.env.invalidate_all()
        self.assertRecordValues(record.lot_ids.answer_ids, [{
            "answer": "Receipt 7", "verdict": "yes", "answered_by_id": self.anna.id}])
        self.assertEqual((record.state, record.lot_ids.result), ("reported", "good"))

    def test_the_map_shows_its_gaps_and_opens_records(self):
        self.start_tour("/odoo/med-quality-map", "med_compliance_map_tour", login="anna")
