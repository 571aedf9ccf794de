from odoo.addons.med_review.tools.figures import bucket
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReviewCase


class TrendCase(ReviewCase):
    """Inspections that find defects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        look = {"key": "look", "name": "Look", "kind": "check", "defect_code_ids": [
            Command.set((cls.scratch | cls.crack).ids)]}
        cls.plan(characteristics=[cls.length(), look], classes=[
            {"defect_class": name, "method": "full"} for name in ("critical", "major", "minor")])

    @classmethod
    def looked(cls, name, decide="accept", bad=(), long=(), partner=None):
        """Return a decided inspection of three units; ``bad`` gives the defects of some."""
        inspection = cls.inspected(name, 3, partner=partner)
        rows = cls.values(inspection)
        for row in rows:
            row["value"] = "12" if row["unit"] in long else "10.0"
        for row in cls.values(inspection, "pass", "look"):
            found = dict(bad).get(row["unit"])
            rows.append({**row, "value": "fail", "defects": found} if found else row)
        cls.enter(inspection, rows)
        cls.submit(inspection)
        {"accept": cls.accept, "reject": cls.reject}[decide](inspection)
        return inspection

    def told(self, **kw):
        return self.env["med.trend"].with_user(self.anna).pareto(**kw)


@tagged("post_install", "-at_install")
class TestTrends(TrendCase):
    """Defects, yield, rates and ages are what one counts by hand."""

    requirement = "ISO-8.4 Q8"

    def counts(self, **kw):
        return {bar["defect"]: bar["count"] for bar in self.told(**kw)["bars"]}

    def test_each_defect_of_a_standing_reading_counts_once(self):
        before = self.counts()
        first = self.looked("P1", "reject", bad=[("1", ["T-SCR", "T-CRK"]), ("2", ["T-CRK"])],
                            long=("3",), partner=self.supplier)
        self.reported(summary="Scratched", product=self.tube.id)
        now = self.counts()
        self.assertEqual({key: now[key] - before.get(key, 0) for key in ("T-CRK", "T-SCR", "len")},
                         {"T-CRK": 2, "T-SCR": 2, "len": 1})
        begun = self.env["med.nonconformity"].search([
            ("source_model", "=", "med.inspection"), ("source_id", "=", first.id)])
        self.assertTrue(begun, "the rejection began one")
        self.assertFalse(self.env["med.trend.defect"].search([
            ("nonconformity_id", "in", begun.ids)]), "it is counted by its readings")
        told = self.told(supplier=self.supplier.id)
        self.assertEqual(
            [(bar["label"], bar["count"], bar["share"], bar["cumulative"])
             for bar in told["bars"]],
            [("T-CRK Crack", 2, "50.0", "50.0"), ("Length", 1, "25.0", "75.0"),
             ("T-SCR Scratch", 1, "25.0", "100.0")])
        self.assertEqual(self.counts(supplier=self.supplier.id, defect_class="critical"),
                         {"T-CRK": 2})
        self.assertIn({"id": self.supplier.id, "name": self.supplier.display_name},
                      told["suppliers"])
        row = self.env["med.trend.defect"].search([("inspection_id", "=", first.id)], limit=1)
        self.assertEqual(row.action_open()["res_id"], first.id)

    def test_what_was_corrected_is_no_defect(self):
        inspection = self.inspected("P2", 3)
        rows = self.values(inspection, "12") + self.values(inspection, "pass", "look")
        self.enter(inspection, rows)
        self.assertEqual(self.counts(supplier=inspection.partner_id.id or 0).get("len"), 3)
        self.enter(inspection, self.values(inspection, "10.0", reason="Read upside down"))
        self.assertFalse(self.env["med.trend.defect"].search([
            ("inspection_id", "=", inspection.id)]))

    def test_only_the_first_inspection_of_a_lot_can_pass_the_first_time(self):
        passed, failed = self.looked("Y1"), self.looked("Y2", "reject", long=("1",))
        again = self.env["med.inspection"].browse(
            failed.with_user(self.anna).inspect_again()["inspection"])
        self.enter(again, [*self.values(again), *self.values(again, "pass", "look")])
        self.submit(again)
        self.accept(again)
        rows = self.env["med.trend.inspection"].search([
            ("inspection_id", "in", (passed | failed | again).ids)], order="id")
        self.assertEqual([(row.first, row.passed, row.decision) for row in rows],
                         [(1, 1, "accepted"), (1, 0, "rejected"), (0, 0, "accepted")])
        [[share, count]] = self.env["med.trend.inspection"]._read_group(
            [("id", "in", rows.ids)], [], ["first_pass:avg", "__count"])
        self.assertEqual((share, count), (50.0, 3), "1 of 2 first inspections")

    def test_the_rate_of_a_group_is_that_of_its_sums(self):
        Rate = self.env["med.trend.rate"]
        stent = [("product_id", "=", self.stent.id)]
        self.receive(self.stent, {"R1": 5, "R2": 5, "R3": 5}, self.supplier)
        again = self.receive(self.stent, {"R4": 5}, self.other_supplier)
        self.reported(again, product=self.stent.id).with_user(self.anna).partner_id = (
            self.other_supplier)
        told = {partner: sums for partner, *sums in Rate._read_group(
            stent, ["partner_id"], ["lots:sum", "nonconformities:sum", "rate:avg"])}
        self.assertEqual(told[self.supplier], [3, 0, 0.0])
        self.assertEqual(told[self.other_supplier], [1, 1, 100.0])
        [[rate]] = Rate._read_group(stent, [], ["rate:avg"])
        self.assertEqual(rate, 25.0, "1 of 4, not the mean of 0 and 100")
        lost = self.reported(product=self.stent.id)
        lost.with_user(self.bert).conclusion = "None"
        self.sign(lost, self.bert, "reviewed", transition="cancel")
        self.assertEqual(Rate._read_group(stent, [], ["rate:avg"]), [(25.0,)])

    def test_an_open_record_has_an_age_until_it_is_closed(self):
        Open = self.env["med.trend.open"]
        nonconformity, capa = self.evaluated(), self.planned()
        self.clock.tick(61 * 86400)
        row = Open.search([("kind", "=", "nonconformity"), ("res_id", "=", nonconformity.id)])
        self.assertEqual((row.age_days, row.bucket, row.overdue), (61, "61_90", False))
        self.assertEqual(row.action_open()["res_id"], nonconformity.id)
        for days in (29, 1):  # each span begins the day after the one before ends
            self.clock.tick(days * 86400)
            row.invalidate_recordset()
            self.assertEqual(row.bucket, bucket(row.age_days))
        late = Open.search([("overdue", "=", True), ("res_id", "in", (
            capa.id, capa.action_ids.id))])
        self.assertEqual(set(late.mapped("kind")), {"capa", "capa_action"})
        self.decide_all(nonconformity)
        self.close_it(nonconformity)
        capa.action_ids.with_user(self.olga).finish(evidence="Done")
        self.assertFalse(Open.search([
            ("kind", "in", ("nonconformity", "capa_action")),
            ("res_id", "in", (nonconformity.id, capa.action_ids.id))]))

    def test_the_dashboard_tells_the_same(self):
        before = self.env["med.trend"].with_user(self.anna).dashboard()
        self.looked("D1", partner=self.supplier)
        self.looked("D2", "reject", long=("1",), partner=self.supplier)
        now = self.env["med.trend"].with_user(self.anna).dashboard()
        self.assertEqual(len(now["months"]), 12)
        was, month = before["months"][-1], now["months"][-1]
        self.assertEqual(month["month"], "2026-03")
        self.assertEqual([month[key] - was[key] for key in (
            "lots", "reported", "first", "passed", "open")], [2, 1, 2, 1, 1])
        self.assertEqual(now["ages"][0]["open"] - before["ages"][0]["open"], 1)
        self.assertEqual(now["total"] - before["total"], 1)

    def test_wrong_arguments_and_other_roles_get_nothing(self):
        for kw, words in (({"product": "1"}, "must be an id"), ({"defect_class": "x"}, "critical"),
                          ({"date_from": "x"}, "cannot be used"),
                          ({"date_from": "2026-05-01", "date_to": "2026-04-01"}, "ends after")):
            with self.subTest(kw), self.assertRaisesRegex(UserError, words):
                self.told(**kw)
        Trend = self.env["med.trend"].with_user(self.user("", login="nobody"))
        for step in (Trend.pareto, Trend.dashboard):
            with self.assertRaises(AccessError):
                step()


@tagged("post_install", "-at_install")
class TestTrendsOfCompanies(TrendCase):
    """Each company counts its own."""

    requirement = "ISO-8.4 A1"

    def test_another_company_counts_its_own(self):
        self.looked("C1", "reject", long=("1",))
        other = self.foreign_company()
        stranger = self.user("qa", login="stranger", company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        told = self.env["med.trend"].with_user(stranger).with_context(
            allowed_company_ids=other.ids)
        self.assertEqual(told.pareto()["total"], 0)
        self.assertEqual(told.dashboard()["months"][-1]["reported"], 0)
        for model in ("defect", "inspection", "rate", "open"):
            self.assertFalse(told.env[f"med.trend.{model}"].search([
                ("company_id", "=", self.company.id)]))
