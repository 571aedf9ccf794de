import json

from markupsafe import Markup
from odoo import fields, models

from ..tools import control_points, control_svg, spc
from ..tools.number import exact
from ..tools.run_rules import SpcError
from .med_control_chart import RULES
from .med_control_chart_points import WINDOW


class MedControlChart(models.Model):
    """The chart on paper."""

    _inherit = "med.control.chart"

    def _med_pdf(self, points=0):
        """Return the chart as the bytes of a PDF.

        :param points: how many of the last points; 0: as on the screen
        """
        self.ensure_one()
        told = self.chart_data(points or WINDOW)
        return self.env["med.document"]._render_pdf(
            "med_inspection.control_chart_document",
            self.sudo()._med_print_values(told, points or WINDOW))

    def _med_print_values(self, told, most):
        _ = self.env._
        limits, capable = told["limits"], told["capability"]
        words = self.env["med.control.alert"]._med_rule_words()

        def label(name):
            return dict(self._fields[name]._description_selection(self.env))[self[name]]

        facts = [(_("Product"), told["chart"]["product"]),
                 (_("Kind"), label("kind")), (_("Rules"), label("rules")),
                 (_("Lower specification"), told["chart"]["spec_lower"] or "–"),
                 (_("Upper specification"), told["chart"]["spec_upper"] or "–"),
                 (_("Limits"), _("version %(number)s of %(date)s, from %(points)s points",
                                 number=limits["version"], date=limits["date"][:10],
                                 points=limits["points"]) if limits
                  else _("none in force: the lines are those of the points shown")),
                 *((name, capable[key] or "–") for name, key in (
                     ("Cp", "cp"), ("Cpk", "cpk"), ("Pp", "pp"), ("Ppk", "ppk")) if capable)]
        signature = self.limits_id.sudo().med_signature_ids[:1]
        return {
            "title": _("Control chart"), "subject": self.name, "company": self.company_id.name,
            "facts": facts, "problem": told["problem"], "drawings": self._med_drawings(most),
            "signed": _("%(name)s, %(time)s UTC", name=signature.name,
                        time=fields.Datetime.to_string(signature.signed_at)) if signature else "",
            "rows": [{
                "number": index + 1, "inspection": row["inspection_name"], "lot": row["lot"],
                "unit": row["unit"], "time": row["time"][:16].replace("T", " "),
                "values": " / ".join(row["values"]),
                "broken": "; ".join(words[one["rule"]] for series in told["series"]
                                    for one in series["violations"] if one["index"] == index)}
                for index, row in enumerate(told["points"])],
            "alerts": [{
                "id": one.id, "inspection": one.inspection_id.name, "what": one.broken_text,
                "value": one.value, "reference": one.reference or "",
                "conclusion": one.conclusion or _("open")} for one in self.alert_ids[:50]]}

    def _med_drawings(self, most):
        """Return (title, SVG) of each line of the chart."""
        plotted, _readings = self._med_plotted(most)
        try:
            frozen = spc.Limits.read(json.loads(self.limits_id.kept)) if self.limits_id else (
                control_points.limits_of(self.kind, plotted))
            drawn = spc.chart(frozen, [point.data for point in plotted],
                              RULES[self.rules] if self.limits_id else (),
                              ("beyond_3s",) if self.limits_id else ())
        except SpcError:
            return []
        words = dict(
            self.env["med.control.alert"]._fields["series"]._description_selection(self.env))
        names = {point["key"]: point["lot"] or point["inspection_name"]
                 for point in self._med_point_rows(plotted)}
        lines = []
        if self.kind == "i_mr":
            lines = [(name, exact(text)) for name, text in (
                ("LSL", self.spec_lower), ("USL", self.spec_upper)) if text]
        return [(words[series.name], Markup(control_svg.draw(
            series, [names[plotted[point.index].key] for point in series.points],
            lines=lines if series.name == "value" else ()))) for series in drawn]
