import json

from odoo import api, models

from ..tools import spc
from ..tools.run_rules import SpcError
from .med_control_chart import QUALITY, RULES
from .med_control_chart_points import WINDOW


class MedControlChart(models.Model):
    """What happens when an inspection is submitted: charts begin, points are judged."""

    _inherit = "med.control.chart"

    @api.model
    def _med_judge(self, inspections):
        """Begin the charts that plans ask for, and raise alerts for the points of inspections.

        :param inspections: submitted just now; as superuser
        """
        for inspection in inspections:
            self._med_begin(inspection)
            charts = self.search([
                ("company_id", "=", inspection.company_id.id),
                ("product_id", "=", inspection.product_id.id),
                ("partner_id", "in", [False, inspection.partner_id.id]),
                ("workcenter_id", "in", [False, inspection.workcenter_id.id])])
            keys = {row["key"] for row in inspection.frozen["characteristics"]}
            for chart in charts:
                if not chart.characteristic or chart.characteristic in keys:
                    chart._med_judge_one(inspection)

    @api.model
    def _med_begin(self, inspection):
        """Make the charts of characteristics whose plan asks for one and that have none."""
        wanted = [row for row in inspection.frozen["characteristics"]
                  if row.get("chart", "none") != "none"]
        if not wanted or not inspection.product_id:
            return
        known = {(one.characteristic, one.kind) for one in self.search([
            ("company_id", "=", inspection.company_id.id),
            ("product_id", "=", inspection.product_id.id)])}
        self.create([{
            "name": row["name"], "company_id": inspection.company_id.id,
            "product_id": inspection.product_id.id, "characteristic": row["key"],
            "kind": row["chart"], "rules": "western_electric", "active": True,
            "size": row["readings"] if 2 <= row["readings"] <= 10 else 5,
            "partner_id": False, "workcenter_id": False, "user_id": False,
        } for row in wanted if (row["key"], row["chart"]) not in known])

    def _med_judge_one(self, inspection):
        """Keep the figures of a chart, and raise alerts for the new points of an inspection."""
        row = next((row for row in inspection.frozen["characteristics"]
                    if row["key"] == self.characteristic), {})
        plotted, readings = self._med_plotted(WINDOW)
        if not any(point.inspection == inspection.id for point in plotted):
            return
        specification = {"spec_lower": row.get("lower") or False, "uom": row.get("uom") or False,
                         "spec_upper": row.get("upper") or False}
        self.write({**specification, "date_last": max(readings.mapped("event_time"))})
        limits = self.limits_id
        if not limits:
            return
        try:
            frozen = spc.Limits.read(json.loads(limits.kept))
            drawn = spc.chart(frozen, [point.data for point in plotted], RULES[self.rules])
            told = self._med_capability(frozen, plotted)
        except SpcError:
            return  # the plan now asks for subgroups of another size: the chart says so itself
        self.write({name: float(told[name]) if told.get(name) else False
                    for name in ("cpk", "ppk")})
        self._med_alert(inspection, plotted, drawn)

    def _med_alert(self, inspection, plotted, drawn):
        """Raise one alert for each line and point of an inspection that breaks rules."""
        known = {(one.series, one.point) for one in self.env["med.control.alert"].search([
            ("limits_id", "=", self.limits_id.id), ("inspection_id", "=", inspection.id)])}
        rows = []
        for series in drawn:
            at = {point.index: point for point in series.points}
            broken = {}
            for one in series.violations:
                broken.setdefault(one.index, []).append(one.rule)
            for index, rules in broken.items():
                point = plotted[index]
                if point.inspection != inspection.id or (series.name, point.key) in known:
                    continue
                rows.append({
                    "chart_id": self.id, "limits_id": self.limits_id.id,
                    "inspection_id": inspection.id, "series": series.name, "point": point.key,
                    "unit": point.unit, "broken": ",".join(rules),
                    **{name: _short(getattr(at[index], name))
                       for name in ("value", "center", "lower", "upper")}})
        alerts = self.env["med.control.alert"].create(rows)
        keeper = self._med_keeper()
        for alert in alerts:
            alert.activity_schedule(
                "mail.mail_activity_data_todo", user_id=keeper.id,
                summary=self.env._("%(chart)s: %(what)s", chart=self.name,
                                   what=alert.broken_text))
            alert._med_open_nonconformity()
        return alerts

    def _med_keeper(self):
        """Return who is asked to look at an alert."""
        if self.user_id.active:
            return self.user_id
        quality = self.env.ref(QUALITY).all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids)
        return quality.sorted("id")[:1] or self.env.user


def _short(number):
    """Return a number for reading: no more than ten significant digits."""
    return f"{number:.10g}" if number is not None else False
