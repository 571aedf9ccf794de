import hashlib
import json
from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.med_traceability.tools.times import iso
from odoo.exceptions import AccessError, UserError

from ..tools import control_points, spc
from ..tools.control_points import Value
from ..tools.run_rules import SpcError
from .med_control_chart import QUALITY, RULES

VERSION = 1
MOST = 1000
WINDOW = 100
"""Points that are looked at when an inspection comes in, and that the screen shows at first."""

FEW = 8
"""Inspections that are read at first: they may give more points than are wanted."""

DONE = ("submitted", "accepted", "concession", "rejected")
_QUOTED = Decimal("0.000001")


class MedControlChart(models.Model):
    """What is plotted, and by which limits it is judged."""

    _inherit = "med.control.chart"

    # ------------------------------------------------------------------ public

    def chart_data(self, points: int = WINDOW):
        """Return the chart as it is drawn.

        :param points: how many of the last points, 1 to 1000
        :return: ``{"version", "chart": {"id", "name", "product", "kind", "size", "uom", "rules",
            "spec_lower", "spec_upper"}, "limits": {"id", "version", "points", "center", "spread",
            "date"} or {}, "problem" (why nothing can be judged), "points": [{"key", "inspection",
            "inspection_name", "lot", "unit", "time", "values" (texts)}], "series": [{"name",
            "points": [{"value", "center", "lower", "upper"}], "violations": [{"rule", "index",
            "first"}]}], "capability": {"n", "mean", "cp", "cpk", "pp", "ppk"}}``; numbers are
            texts, "" where there is none. Without limits in force the lines are those that the
            points themselves give, and nothing is violated.
        """
        self.ensure_one()
        self.check_access("read")
        if type(points) is not int or not 1 <= points <= MOST:
            raise UserError(self.env._("“points” must be a whole number from 1 to 1000."))
        return self.sudo()._med_chart_data(points)

    def propose_limits(self, date_from: str = "", date_to: str = "", without: list = (),
                       note: str = ""):
        """Make a draft of limits from points of phase I, to be signed by quality assurance.

        :param date_from: ISO date of the first inspection; "": from the beginning
        :param date_to: ISO date of the last inspection; "": until now
        :param without: keys of points that are left out (:meth:`chart_data`), with a note why
        :param note: why these points
        :return: ``{"version", "limits" (id), "points", "center", "spread"}``
        :raise UserError: the points are too few or do not vary
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("Limits are set by quality assurance."))
        if not isinstance(without, (list, tuple)) or not all(type(key) is int for key in without):
            raise UserError(self.env._("“without” must be a list of keys of points."))
        if not isinstance(note, str) or (without and not note.strip()):
            raise UserError(self.env._("“note” must say why points are left out."))
        since, until = (self._med_day(name, text) for name, text in (
            ("date_from", date_from), ("date_to", date_to)))
        plotted, readings = self.sudo()._med_plotted(MOST, since, until)
        unknown = set(without) - {point.key for point in plotted}
        if unknown:
            raise UserError(self.env._("“without” names a point that there is not."))
        plotted = [point for point in plotted if point.key not in set(without)]
        try:
            limits = control_points.limits_of(self.kind, plotted)
        except SpcError as error:
            raise UserError(self._med_sentence(error)) from error
        last = max(self.limits_ids.mapped("number"), default=0)
        kept = self.env["med.control.limits"].sudo().create({
            "chart_id": self.id, "number": last + 1, "kept": json.dumps(limits.kept()),
            "points": limits.points, "center": str(limits.center), "spread": str(limits.spread),
            "source": json.dumps([point.key for point in plotted]),
            "source_digest": hashlib.sha256(json.dumps(
                [[point.key, str(point.data)] for point in plotted]).encode()).hexdigest(),
            "date_from": min(readings.mapped("event_time")),
            "date_to": max(readings.mapped("event_time")),
            "note": note.strip() or False})
        return {"version": VERSION, "limits": kept.id, "points": limits.points,
                "center": kept.center, "spread": kept.spread}

    @api.model
    def _med_day(self, name, text):
        try:
            return fields.Date.to_date(text) if text else None
        except (TypeError, ValueError) as error:
            raise UserError(self.env._(
                "“%(name)s” must be a day as YYYY-MM-DD.", name=name)) from error

    def _med_sentence(self, error):
        """Return what a person reads where no chart follows from the points."""
        return {
            "too_few": self.env._("There are too few points: two at least, twenty are better."),
            "no_spread": self.env._("The points do not vary: no limits follow from them."),
            "size": self.env._("The points have subgroups of another size."),
        }.get(error.code, self.env._("No chart follows from these readings (%s).", error.code))

    # ------------------------------------------------------------------ readings to points

    def _med_inspection_domain(self):
        """Return the domain of the inspections whose readings belong here."""
        self.ensure_one()
        domain = [("state", "in", DONE), ("company_id", "=", self.company_id.id),
                  ("product_id", "=", self.product_id.id)]
        if self.partner_id:
            domain.append(("partner_id", "=", self.partner_id.id))
        if self.workcenter_id:
            domain.append(("workcenter_id", "=", self.workcenter_id.id))
        return domain

    def _med_readings(self, inspections):
        """Return the readings of inspections that stand, in order of inspection and of reading.

        What was corrected counts with its last value; what an approved record found to be wrong,
        with its retest; a retest beside a value that stands does not count.
        """
        readings = self.env["med.reading"].search_fetch(
            [("inspection_id", "in", inspections.ids), *(
                [("characteristic", "=", self.characteristic)] if self.characteristic else [])],
            ["inspection_id", "unit", "place", "number", "defects", "outcome", "event_time",
             "corrects_id", "retest_of_id"])
        voided = set(self.env["med.inspection.oos"].search([
            ("inspection_id", "in", inspections.ids), ("state", "=", "error")]).reading_id.ids)
        gone = set(readings.corrects_id.ids) | voided
        first = {}  # a value that replaces another has its place in time
        for one in readings.sorted("id"):
            before = one.corrects_id or (
                one.retest_of_id if one.retest_of_id.id in voided else one.browse())
            first[one.id] = first.get(before.id, (one.event_time, one.id))
        begun = {}
        for one in readings:
            begun[one.inspection_id.id] = min(
                begun.get(one.inspection_id.id, first[one.id]), first[one.id])
        return readings.filtered(
            lambda one: one.id not in gone and (
                not one.retest_of_id or one.retest_of_id.id in voided)
        ).sorted(lambda one: (begun[one.inspection_id.id], first[one.id]))

    def _med_plotted(self, most, since=None, until=None):
        """Return the last points, oldest first, and the readings behind them.

        :param most: points at most
        """
        domain = self._med_inspection_domain()
        if self.characteristic:
            domain.append(("reading_ids.characteristic", "=", self.characteristic))
        if since:
            domain.append(("submitted_at", ">=", since))
        if until:
            domain.append(("submitted_at", "<", fields.Date.add(until, days=1)))
        inspections = self.env["med.inspection"].search(
            domain, order="submitted_at desc, id desc", limit=min(most, MOST))
        few = most if self.kind in ("p", "u") else FEW
        while True:
            readings = self._med_readings(inspections[:few])
            points = control_points.plot(
                self.kind, self.size, [self._med_value(one) for one in readings])
            if len(points) >= most or few >= len(inspections):
                return points[-most:], readings
            few *= 4

    def _med_value(self, reading):
        found = 0 if reading.outcome == "pass" else max(len(reading.defects or ()), 1)
        return Value(reading.id, reading.inspection_id.id, reading.unit or "", reading.number,
                     found)

    # ------------------------------------------------------------------ points to a chart

    def _med_chart_data(self, most):
        plotted, _readings = self._med_plotted(most)
        limits, problem = self.limits_id, ""
        series, capable = (), {}
        try:
            frozen = spc.Limits.read(json.loads(limits.kept)) if limits else (
                control_points.limits_of(self.kind, plotted))
            series = spc.chart(
                frozen, [one.data for one in plotted], RULES[self.rules] if limits else (),
                ("beyond_3s",) if limits else ()) if plotted else ()
            capable = self._med_capability(frozen, plotted)
        except SpcError as error:
            problem = self._med_sentence(error)
        return {
            "version": VERSION,
            "chart": {
                "id": self.id, "name": self.name, "product": self.product_id.display_name,
                "kind": self.kind, "size": self.size, "uom": self.uom or "", "rules": self.rules,
                "spec_lower": self.spec_lower or "", "spec_upper": self.spec_upper or ""},
            "limits": {
                "id": limits.id, "version": limits.number, "points": limits.points,
                "center": limits.center, "spread": limits.spread,
                "date": iso(limits.approved_at)} if limits else {},
            "problem": problem, "points": self._med_point_rows(plotted),
            "series": [self._med_series_row(one) for one in series], "capability": capable}

    def _med_series_row(self, series):
        return {
            "name": series.name,
            "points": [{"index": one.index, "value": str(one.value), "center": str(one.center),
                        "lower": "" if one.lower is None else str(one.lower),
                        "upper": "" if one.upper is None else str(one.upper)}
                       for one in series.points],
            "violations": [{"rule": one.rule, "index": one.index, "first": one.first}
                           for one in series.violations]}

    def _med_point_rows(self, plotted):
        inspections = self.env["med.inspection"].browse({one.inspection for one in plotted})
        named = {one.id: one for one in inspections}
        rows = []
        for point in plotted:
            inspection = named[point.inspection]
            data = point.data if isinstance(point.data, tuple) else (point.data,)
            rows.append({
                "key": point.key, "inspection": inspection.id, "inspection_name": inspection.name,
                "lot": inspection.lot_id.name or "", "unit": point.unit,
                "time": iso(inspection.submitted_at), "values": [str(value) for value in data]})
        return rows

    def _med_capability(self, limits, plotted):
        """Return Cp, Cpk, Pp and Ppk as texts; {} where the chart has no specification."""
        lower, upper = self.spec_lower or None, self.spec_upper or None
        if self.kind in ("p", "u") or not plotted or (lower is None and upper is None):
            return {}
        values = control_points.singles(self.kind, plotted)
        mean, deviation = spc.overall(values)
        within = spc.capability(mean, limits.sigma, lower, upper)
        total = spc.capability(mean, deviation, lower, upper)

        def text(number):
            return "" if number is None else str(number.quantize(_QUOTED))

        return {"n": len(values), "mean": text(mean), "cp": text(within.both),
                "cpk": text(within.least), "pp": text(total.both), "ppk": text(total.least)}
