import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from .common import InspectCase

GROUPS = (("10.0", "10.2", "9.9", "10.1", "9.8"), ("10.1", "10.0", "10.2", "9.9", "10.3"),
          ("9.7", "9.9", "10.0", "10.1", "9.8"), ("10.2", "10.1", "10.0", "10.3", "9.9"))


class ChartCase(InspectCase):
    """A product whose plan charts a length, X-bar and R by inspection."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan(characteristics=[cls.length(lower="9.4", upper="10.6", chart="xbar_r")])

    @classmethod
    def submitted(cls, name, values):
        """Return a submitted inspection with one value for each of its units."""
        inspection = cls.inspected(name, len(values))
        cls.enter(inspection, [
            {"characteristic": "len", "unit": sample.unit, "value": value}
            for sample, value in zip(inspection.sample_ids, values, strict=True)])
        cls.submit(inspection)
        return inspection

    @classmethod
    def history(cls):
        """Submit the worked case; return its chart."""
        for number, group in enumerate(GROUPS):
            cls.submitted(f"CH-{number}", group)
        return cls.env["med.control.chart"].search([("product_id", "=", cls.stent.id)])

    @classmethod
    def limited(cls):
        """Return the chart of the worked case with limits in force."""
        chart = cls.history()
        told = chart.with_user(cls.anna).propose_limits()
        cls.sign(cls.env["med.control.limits"].browse(told["limits"]), cls.anna, "approved")
        return chart


@tagged("post_install", "-at_install")
class TestControlChart(ChartCase):
    """Charts begin by themselves, their limits are frozen and signed, what is unusual is told."""

    requirement = "SPC-1 SPC-3 SPC-4 SPC-7 SPC-8 B7"

    def test_a_chart_begins_with_the_first_submitted_inspection(self):
        self.assertFalse(self.env["med.control.chart"].search([]))
        self.submitted("CH-1", GROUPS[0])
        chart = self.env["med.control.chart"].search([("product_id", "=", self.stent.id)])
        self.assertRecordValues(chart, [{
            "characteristic": "len", "kind": "xbar_r", "size": 5, "spec_lower": "9.4",
            "spec_upper": "10.6", "uom": "mm", "open_alert_count": 0}])
        self.submitted("CH-2", GROUPS[1])
        self.assertEqual(self.env["med.control.chart"].search_count([]), 1)

    def test_the_worked_case_gives_its_limits_and_indices(self):
        chart = self.limited()
        told = chart.with_user(self.user("viewer")).chart_data()
        mean, spans = told["series"]
        self.assertEqual(told["limits"]["center"], "10.025")
        self.assertAlmostEqual(float(mean["points"][0]["upper"]), 10.2558, 4)
        self.assertAlmostEqual(float(mean["points"][0]["lower"]), 9.7942, 4)
        self.assertAlmostEqual(float(spans["points"][0]["upper"]), .8456, 4)
        self.assertEqual(spans["points"][0]["lower"], "")
        self.assertAlmostEqual(float(told["capability"]["cp"]), 1.1630, 4)
        self.assertAlmostEqual(float(told["capability"]["cpk"]), 1.1145, 4)

    def test_limits_are_signed_and_points_that_come_later_never_change_them(self):
        chart = self.limited()
        first = chart.limits_id
        self.submitted("CH-9", ("10.5",) * 5)
        told = chart.chart_data()
        self.assertEqual((chart.limits_id, told["limits"]["center"]), (first, "10.025"))
        again = chart.with_user(self.anna).propose_limits()
        self.assertEqual(chart.limits_id, first, "a draft is not in force")
        second = self.env["med.control.limits"].browse(again["limits"])
        self.sign(second, self.anna, "approved")
        chart.invalidate_recordset()
        self.assertEqual((chart.limits_id, first.state), (second, "retired"))

    def test_what_breaks_a_rule_is_an_alert_once_with_somebody_to_look_at_it(self):
        chart = self.limited()
        self.assertFalse(chart.alert_ids)
        inspection = self.submitted("CH-8", ("10.5", "10.4", "10.5", "10.4", "10.5"))
        [alert] = chart.alert_ids
        self.assertEqual((alert.series, alert.broken, alert.inspection_id),
                         ("mean", "beyond_3s", inspection))
        self.assertEqual(alert.value, "10.46")
        self.assertIn("beyond a control limit", alert.activity_ids.summary)
        self.assertTrue(alert.activity_ids.user_id.has_group("med_base.med_base_group_qa"))
        self.assertEqual(chart.open_alert_count, 1)
        self.env["med.control.chart"].sudo()._med_judge(inspection)
        self.assertEqual(len(chart.alert_ids), 1)

    def test_an_alert_is_closed_by_quality_with_what_was_found(self):
        chart = self.limited()
        self.submitted("CH-8", ("10.5",) * 5)
        alert = chart.alert_ids[:1].with_user(self.anna)
        with self.assertRaisesRegex(UserError, "Conclusion"):
            alert.med_transition("close")
        alert.write({"conclusion": "A new tool", "reference": "DEV-7"})
        with self.assertRaises(UserError):
            alert.with_user(self.ines).med_transition("close")
        alert.med_transition("close")
        self.assertEqual((alert.state, alert.reference), ("closed", "DEV-7"))
        self.assertFalse(alert.activity_ids)
        with self.assertRaises(UserError):
            alert.write({"conclusion": "Nothing"})

    def test_without_limits_nothing_is_judged(self):
        chart = self.history()
        self.submitted("CH-8", ("12.0",) * 5)
        self.assertFalse(chart.alert_ids)
        told = chart.chart_data()
        self.assertEqual((told["limits"], len(told["points"])), ({}, 5))
        self.assertFalse(any(series["violations"] for series in told["series"]))

    def test_points_may_be_left_out_of_limits_only_with_a_word_why(self):
        chart = self.history().with_user(self.anna)
        keys = [row["key"] for row in chart.chart_data()["points"]]
        with self.assertRaisesRegex(UserError, "why points are left out"):
            chart.propose_limits(without=keys[:1])
        with self.assertRaisesRegex(UserError, "names a point that there is not"):
            chart.propose_limits(without=[1], note="x")
        told = chart.propose_limits(without=keys[:1], note="Set-up")
        self.assertEqual(told["points"], 3)
        with self.assertRaisesRegex(UserError, "too few"):
            chart.propose_limits(without=keys[:3], note="Set-up")

    def test_a_corrected_value_counts_as_corrected(self):
        chart = self.history()
        inspection = self.env["med.inspection"].search([("lot_id.name", "=", "CH-0")])
        self.enter(inspection, [{"characteristic": "len", "unit": "1", "value": "10.1",
                                 "reason": "Typing error"}])
        self.submit(inspection)
        self.assertIn(["10.1", "10.2", "9.9", "10.1", "9.8"], [
            [f"{float(value):.1f}" for value in row["values"]]
            for row in chart.chart_data()["points"]])

    def test_shares_are_charted_by_inspection(self):
        chart = self.env["med.control.chart"].create({
            "name": "All defects", "product_id": self.stent.id, "kind": "p"})
        for number, bad in enumerate((0, 1, 2, 1)):
            self.submitted(f"P-{number}", ["12"] * bad + ["10.0"] * (5 - bad))
        told = chart.chart_data()
        self.assertEqual([row["values"] for row in told["points"]],
                         [["0", "5"], ["1", "5"], ["2", "5"], ["1", "5"]])
        self.assertEqual(told["series"][0]["name"], "share")

    def test_no_more_inspections_are_read_than_the_points_asked_for_need(self):
        for number in range(10):
            self.submitted(f"F-{number}", (f"9.{number}", "10.0", "10.1", "9.9", "10.0"))
        chart = self.env["med.control.chart"].create({
            "name": "Singles", "product_id": self.stent.id, "kind": "i_mr",
            "characteristic": "len"})
        read, Chart = [], type(chart)
        original = Chart._med_readings
        self.patch(Chart, "_med_readings", lambda one, inspections: (
            read.append(len(inspections)), original(one, inspections))[1])
        self.assertEqual([row["values"] for row in chart.chart_data(points=9)["points"]][-6:],
                         [["10.0"], ["9.9"], ["10.0"], ["10.1"], ["9.9"], ["10.0"]])
        self.assertEqual(read, [8])
        self.assertEqual(len(chart.chart_data(points=45)["points"]), 45)
        self.assertEqual(read, [8, 8, 10])
        self.assertEqual(len(chart.chart_data(points=100)["points"]), 50)

    def test_the_paper_draws_as_many_points_as_it_lists(self):
        chart = self.limited()
        told = chart.chart_data(points=2)
        values = chart._med_print_values(told, 2)
        self.assertEqual(len(values["rows"]), 2)
        self.assertEqual([drawing.count("<circle") for _title, drawing in values["drawings"]],
                         [2, 2])

    def test_the_chart_is_printed(self):
        chart = self.limited()
        self.submitted("CH-8", ("10.5",) * 5)
        self.authenticate("anna", "anna-secret")
        answer = self.url_open(f"/med/control_chart.pdf?chart={chart.id}")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.content.startswith(b"%PDF-"))
        self.assertEqual(self.url_open("/med/control_chart.pdf?chart=0").status_code, 404)


@tagged("post_install", "-at_install")
class TestControlChartGuards(ChartCase):
    """Nobody writes what follows from readings."""

    requirement = "SPC-7 SPC-8"

    def test_limits_and_alerts_are_not_written(self):
        chart = self.limited()
        self.submitted("CH-8", ("10.5",) * 5)
        limits, alert = chart.limits_id, chart.alert_ids[:1]
        for user in (self.anna, self.ines, self.keeper):
            with self.subTest(user.login):
                for act in (
                    lambda user=user: limits.with_user(user).write({"kept": "{}"}),
                    lambda user=user: alert.with_user(user).write({"broken": "beyond_3s"}),
                    lambda user=user: chart.with_user(user).write({"cpk": 2}),
                    lambda user=user: self.env["med.control.limits"].with_user(user).create({
                        "chart_id": chart.id, "number": 9, "kept": "{}"}),
                    lambda user=user: self.env["med.control.alert"].with_user(user).create({
                        "chart_id": chart.id, "limits_id": limits.id, "series": "mean",
                        "inspection_id": alert.inspection_id.id, "point": 1, "broken": "x"}),
                ):
                    with self.assertRaises(AccessError):
                        act()
        for record in (limits, alert):
            with self.assertRaises(UserError):
                record.sudo().unlink()
        with self.assertRaises(UserError):
            limits.sudo().write({"kept": json.dumps({})})

    def test_a_chart_with_limits_stays_what_it_is_of(self):
        chart = self.limited()
        with self.assertRaisesRegex(UserError, "stays what it is of"):
            chart.write({"characteristic": "dia"})
        with self.assertRaises(UserError):
            chart.unlink()
        chart.write({"rules": "nelson", "active": False})

    def test_only_quality_proposes_limits(self):
        chart = self.history()
        with self.assertRaises(AccessError):
            chart.with_user(self.ines).propose_limits()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            chart.with_user(self.user("")).chart_data()

    def test_another_company_sees_no_chart(self):
        chart = self.limited()
        other = self.env["res.company"].create({"name": "Other maker"})
        stranger = self.user("qa", login="stranger", company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        for model in ("med.control.chart", "med.control.limits", "med.control.alert"):
            self.assertFalse(self.env[model].with_user(stranger).with_context(
                allowed_company_ids=other.ids).search([]))
        stranger_chart = chart.with_user(stranger).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            stranger_chart.chart_data()

    def test_arguments_are_told_in_one_sentence(self):
        chart = self.history().with_user(self.anna)
        for method, arguments, words in (
                ("chart_data", {"points": 0}, "“points”"),
                ("chart_data", {"points": "9"}, "“points”"),
                ("propose_limits", {"date_from": "yesterday"}, "“date_from”"),
                ("propose_limits", {"without": "1"}, "“without” must be a list"),
                ("propose_limits", {"note": 7}, "“note”")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                getattr(chart, method)(**arguments)
