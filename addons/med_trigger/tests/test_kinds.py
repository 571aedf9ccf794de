from odoo.addons.med_signature.tools.permit import permit
from odoo.tests import tagged

from .common import TriggerCase


@tagged("post_install", "-at_install")
class TestKinds(TriggerCase):
    """What each kind of rule looks at."""

    requirement = "Q2 Q8 SPC-8 ISO-8.4 CN-GMP-QA"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan(characteristics=[cls.length(), {
            "key": "look", "name": "Look", "kind": "check",
            "defect_code_ids": cls.scratch.ids}], classes=[
                {"defect_class": "major", "method": "full"},
                {"defect_class": "minor", "method": "full"}])

    def scratched(self, name, long=()):
        """Return a submitted inspection of three units: all scratched, some too long."""
        one = self.inspected(name)
        units = one.sample_ids.mapped("unit")
        self.enter(one, [
            *({"characteristic": "look", "unit": unit, "value": "fail", "defects": ["T-SCR"]}
              for unit in units),
            *({"characteristic": "len", "unit": unit,
               "value": "12" if number in long else "10.0"}
              for number, unit in enumerate(units))])
        return self.submit(one) and one

    def run_rule(self, **values):
        rule = self.rule(**values)
        rule.run()
        return self.hits(rule)

    def test_results_count_by_inspection_or_one_by_one(self):
        one, other = self.scratched("K-1"), self.scratched("K-2", long=(0,))
        single = self.run_rule(counted="results", count=6)
        self.assertRecordValues(single, [{
            "label": "T-SCR Scratch", "defect_code_id": self.scratch.id, "count": 6,
            "product_ids": self.stent.ids}])
        self.assertEqual(set(single.evidence_ids.mapped("model")), {"med.reading"})
        hit = self.run_rule(count=2, by_partner=True)
        self.assertEqual((hit.count, hit.partner_id), (2, self.supplier))
        self.assertEqual({(row.model, row.res_id) for row in hit.evidence_ids},
                         {("med.inspection", one.id), ("med.inspection", other.id)})
        self.assertFalse(self.run_rule(count=2, least_class="critical"))

    def test_a_value_out_of_limits_counts_by_its_characteristic(self):
        self.scratched("K-1", long=(0,))
        self.scratched("K-2", long=(1, 2))
        hit = self.run_rule(count=2, least_class="major")
        self.assertRecordValues(hit, [{"label": "Length", "defect_code_id": False, "count": 2}])

    def test_what_is_open_or_was_corrected_does_not_count(self):
        one = self.inspected("K-1")
        rows = self.values(one, "12")
        self.enter(one, rows)
        rule = self.rule(count=3, counted="results", least_class="major")
        self.assertEqual(rule.run()["hits"], 0)
        self.enter(one, [{**rows[0], "value": "10.0", "reason": "Misread"}])
        self.enter(one, [{"characteristic": "look", "unit": sample.unit, "value": "pass"}
                         for sample in one.sample_ids])
        self.submit(one)
        self.assertEqual(rule.run()["hits"], 0)
        self.assertEqual(self.run_rule(count=2, counted="results", least_class="major").count, 2)

    def test_a_rejected_inspection_and_its_nonconformity_count_once(self):
        self.reject(self.scratched("K-1"))
        self.assertTrue(self.env["med.nonconformity"].search([
            ("defect_code_id", "=", self.scratch.id)]))
        self.assertFalse(self.run_rule(count=2))
        self.reject(self.scratched("K-2"))
        self.assertEqual(self.run_rule(count=2).count, 2)

    def test_alerts_of_a_chart(self):
        inspection = self.scratched("K-1")
        chart = self.env["med.control.chart"].create({
            "name": "Length", "product_id": self.stent.id, "characteristic": "len"})
        limits = self.env["med.control.limits"].sudo().create(
            {"chart_id": chart.id, "number": 1, "kept": "{}"})
        alerts = self.env["med.control.alert"].sudo().create([{
            "chart_id": chart.id, "limits_id": limits.id, "inspection_id": inspection.id,
            "series": "mean", "point": reading.id, "broken": "beyond_3s"}
            for reading in inspection.reading_ids[:2]])
        hit = self.run_rule(kind="chart", count=2, by_product=False)
        self.assertEqual((hit.label, hit.count), ("Length", 2))
        self.assertEqual(hit.action_evidence()["domain"], [("id", "in", alerts.sorted(
            "id", reverse=True).ids)])

    def test_stopped_sampling(self):
        inspection = self.scratched("K-1")
        with permit("med.switching", (), "series"):
            series = self.env["med.switching"].sudo().create({
                "company_id": self.company.id, "partner_id": self.supplier.id,
                "product_id": self.stent.id, "defect_class": "major", "code": "PLAN-7",
                "standard": "iso_2859_1_1999", "aql": "1.0"})
        for before, after in (("tightened", "stopped"), ("stopped", "stopped")):
            with permit("med.switching.step", (), "born"):
                self.env["med.switching.step"].sudo().create({
                    "switching_id": series.id, "company_id": self.company.id,
                    "date": inspection.submitted_at, "severity_from": before, "severity": after,
                    "code": "stopped"})
        hit = self.run_rule(kind="stopped", count=1, by_product=False)
        self.assertEqual((hit.label, hit.count, hit.partner_id), ("PLAN-7", 1, self.supplier))

    def test_overdue_actions_of_approved_plans(self):
        late, again = self.planned(), self.planned()
        self.draft_plan(self.analysed())
        due = late.action_ids.date_due
        rule = self.rule(kind="overdue", count=2, late_days=2, by_product=False, does="propose")
        self.clock.move_to(f"{due} 08:00:00")
        self.clock.tick(86400 * 2)
        self.assertEqual(rule.run()["hits"], 0)
        self.clock.tick(86400)
        self.assertEqual(rule.run()["hits"], 1)
        hit = self.hits(rule)
        self.assertEqual(set(hit.evidence_ids.mapped("res_id")), set((late | again).action_ids.ids))
        self.assertEqual(hit.label, rule.name)
