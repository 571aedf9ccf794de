from datetime import date, timedelta

from odoo import api, fields, models
from odoo.addons.med_inspection.models.med_defect_code import CLASSES
from odoo.exceptions import AccessError, UserError

from ..tools.figures import BUCKETS, OLDEST, months, pareto, share

VERSION = 1
VIEWER = "med_base.med_base_group_viewer"
MONTHS = 12
DAYS = 90
"""Months and days that the dashboard looks back."""

TOP = 3
SPANS = (*(name for name, _last in BUCKETS), OLDEST)


class MedTrend(models.AbstractModel):
    """The pages of trends: each is brought by one call."""

    _name = "med.trend"
    _description = "Trends"

    # ------------------------------------------------------------------ public

    @api.model
    @api.readonly
    def pareto(self, date_from: str = "", date_to: str = "", product: int = 0, supplier: int = 0,
               defect_class: str = ""):
        """Count the defects that were found, the most frequent first.

        :param date_from: first day, ISO; empty: 90 days ago
        :param date_to: last day, ISO; empty: today
        :param product: id; 0: all
        :param supplier: id of a partner; 0: all
        :param defect_class: critical, major or minor; empty: all
        :return: ``{"version", "date_from", "date_to", "begin", "end" (of the period, UTC),
            "total", "bars": [{"label", "code" (id of the defect code, or 0), "defect" (its code,
            or key of a characteristic), "count", "share", "cumulative" (both in %, decimal
            text)}], "products", "suppliers": [{"id", "name"}] (of the period)}``
        """
        self._med_check()
        first, last, begin, end = self._med_days(date_from, date_to)
        for name, value in (("product", product), ("supplier", supplier)):
            if not isinstance(value, int) or isinstance(value, bool):
                raise UserError(self.env._("“%(field)s” must be an id.", field=name))
        if defect_class not in ("", *dict(CLASSES)):
            raise UserError(self.env._("“defect_class” must be critical, major or minor."))
        span = [("company_id", "in", self.env.companies.ids), ("date", ">=", begin),
                ("date", "<", end)]
        chosen = [(name, "=", value) for name, value in (
            ("product_id", product), ("partner_id", supplier), ("defect_class", defect_class))
            if value]
        causes = self._med_causes([*span, *chosen])
        bars = pareto(((label, *key), count) for label, key, count in causes)
        return {
            "version": VERSION, "date_from": first, "date_to": last,
            "begin": fields.Datetime.to_string(begin), "end": fields.Datetime.to_string(end),
            "total": sum(one.count for one in bars),
            "bars": [{**dict(zip(("label", "code", "defect"), one.key, strict=True)),
                      "count": one.count, "share": one.share, "cumulative": one.cumulative}
                     for one in bars],
            **{told: self._med_named(span, name) for told, name in (
                ("products", "product_id"), ("suppliers", "partner_id"))}}

    @api.model
    @api.readonly
    def dashboard(self):
        """Give the state of quality at a glance, for the companies chosen.

        :return: ``{"version", "company", "zone", "today", "since", "months": [{"month", "begin",
            "end" (UTC), "reported", "lots", "rate", "first", "passed", "first_pass", "open"
            (nonconformities at its end, or now)}], "ages": [{"kind", "label", "spans" (counts up
            to 30, 60, 90 days and over), "open", "overdue"}], "top": [as the bars of
            :meth:`pareto`], "total" (defects)}``
        """
        self._med_check()
        zone = self.env["med.day"]._med_zone()
        told = self.pareto()
        return {
            "version": VERSION, "company": ", ".join(self.env.companies.mapped("name")),
            "zone": zone, "today": told["date_to"], "since": told["date_from"],
            "begin": told["begin"], "end": told["end"], "total": told["total"],
            "top": told["bars"][:TOP], "ages": self._med_ages(),
            "months": self._med_months(date.fromisoformat(told["date_to"]), zone)}

    # ------------------------------------------------------------------ what they are made of

    @api.model
    def _med_check(self):
        """Refuse who does not read medical-device records: portal users call models too."""
        if not self.env.su and not self.env.user.has_group(VIEWER):
            raise AccessError(self.env._("Your role does not read these figures."))

    @api.model
    def _med_days(self, date_from, date_to):
        """Return (first day, last day, begin, end) of a period; the last two in UTC."""
        Day = self.env["med.day"]
        last, _begin, end = Day._med_window(date_to)
        first = date_from or (date.fromisoformat(last) - timedelta(DAYS)).isoformat()
        begin = Day._med_window(first)[1]
        if end <= begin:
            raise UserError(self.env._("The period ends after it begins."))
        return first, last, begin, end

    @api.model
    def _med_causes(self, domain):
        """Return (label, (id of the defect code or 0, code or key), count) of each cause."""
        rows = self.env["med.trend.defect"]._read_group(
            domain, ["defect_code_id", "defect"], ["__count"])
        keys = {key for code, key, _count in rows if key and not code}
        names = {one.key: one.name for one in self.env["med.characteristic"].sudo().search(
            [("key", "in", list(keys))], order="id")}
        nameless = self.env._("No defect named")
        return [(
            f"{code.code} {code.name}" if code else names.get(key, key) or nameless,
            (code.id or 0, key or ""), count) for code, key, count in rows]

    @api.model
    def _med_named(self, domain, name):
        """Return the records that the defects of a period are of, by name."""
        found = [one for one, in self.env["med.trend.defect"]._read_group(domain, [name]) if one]
        return sorted(({"id": one.id, "name": one.display_name} for one in found),
                      key=lambda row: row["name"])

    @api.model
    def _med_ages(self):
        Open = self.env["med.trend.open"]
        found = {}
        for kind, span, late, count in Open._read_group(
                [("company_id", "in", self.env.companies.ids)],
                ["kind", "bucket", "overdue"], ["__count"]):
            row = found.setdefault(kind, {"spans": dict.fromkeys(SPANS, 0), "overdue": 0})
            row["spans"][span] += count
            row["overdue"] += late * count
        empty = {"spans": dict.fromkeys(SPANS, 0), "overdue": 0}
        return [{
            "kind": kind, "label": label, "overdue": found.get(kind, empty)["overdue"],
            "spans": list(found.get(kind, empty)["spans"].values()),
            "open": sum(found.get(kind, empty)["spans"].values()),
        } for kind, label in Open._select_kind()]

    @api.model
    def _med_months(self, today, zone):
        Day = self.env["med.day"]
        spans = [(first, Day._med_window(first.isoformat())[1],
                  Day._med_window(last.isoformat())[2]) for first, last in months(today, MONTHS)]
        domain = [("company_id", "in", self.env.companies.ids), ("date", ">=", spans[0][1]),
                  ("date", "<", spans[-1][2])]
        counts = {}
        for model, names in (("med.trend.rate", ["nonconformities:sum", "lots:sum"]),
                             ("med.trend.inspection", ["first:sum", "passed:sum"])):
            for month, *sums in self.env[model].with_context(tz=zone)._read_group(
                    domain, ["date:month"], names):
                counts[model, month.date()] = sums
        still = self.env["med.trend.open"]._med_counts(
            self.env.companies, [end for _first, _begin, end in spans])
        rows = []
        for first, begin, end in spans:
            reported, lots = counts.get(("med.trend.rate", first), (0, 0))
            looked, passed = counts.get(("med.trend.inspection", first), (0, 0))
            rows.append({
                "month": first.isoformat()[:7], "begin": fields.Datetime.to_string(begin),
                "end": fields.Datetime.to_string(end), "reported": reported, "lots": lots,
                "rate": share(reported, lots), "first": looked, "passed": passed,
                "first_pass": share(passed, looked),
                "open": still.get(("nonconformity", end), (0, 0))[0]})
        return rows
