from odoo import api, models
from odoo.tools import SQL

from ..tools.figures import Figure, pareto

MOST = 5
"""Defects that are named in the pack."""


class MedManagementReview(models.Model):
    """What is counted, and in which words. Addons above add figures and words of their own."""

    _inherit = "med.management.review"

    @api.model
    def _med_figures(self, company, period):
        """Return the figures of a company's period, in the order in which they are shown.

        :param period: :class:`..tools.figures.Period`
        :return: list of :class:`..tools.figures.Figure`; each code has words in
            :meth:`_med_figure_words`
        """
        return [*self._med_found_figures(company, period),
                *self._med_deviation_figures(company, period),
                *self._med_capa_figures(company, period),
                *self._med_change_figures(company, period),
                *self._med_compliance_figures(company, period)]

    @api.model
    def _med_figure_words(self):
        """Return code → (name, formula) in the language of the environment."""
        _ = self.env._
        return {
            "nc_reported": (_("Nonconformities reported"), _(
                "Nonconformities reported in the period, without those found to be none.")),
            "nc_rate": (_("Nonconformities per 100 lots"), _(
                "Nonconformities reported ÷ lots and serials received or made × 100. A lot "
                "counts once, when it first came.")),
            "nc_open": (_("Nonconformities open at the end"), _(
                "Reported before the end of the period and not closed then.")),
            "nc_days": (_("Days to close a nonconformity"), _(
                "Sum of the days from report to closing ÷ nonconformities closed in the "
                "period.")),
            "defects": (_("Defects found"), _(
                "Readings that did not pass, one for each defect they name, and nonconformities "
                "that no such reading began.")),
            "first_pass": (_("First-pass yield"), _(
                "Lots accepted at their first inspection ÷ lots inspected for the first time × "
                "100. Accepted by concession is not accepted the first time.")),
            "rejected": (_("Inspections rejected"), _(
                "Inspections rejected ÷ inspections decided in the period × 100.")),
            "deviations": (_("Unplanned deviations"), _(
                "Unplanned deviations recorded in the period, without those dropped or "
                "refused.")),
            "concessions": (_("Concessions approved"), _(
                "Concessions approved in the period.")),
            "capa_opened": (_("CAPAs opened"), _("CAPAs opened in the period.")),
            "capa_open": (_("CAPAs open at the end"), _(
                "Opened before the end of the period and not ended then.")),
            "capa_overdue": (_("Of these overdue"), _(
                "CAPAs open at the end of the period that were due before, by the date that "
                "they have when it is computed.")),
            "capa_effective": (_("CAPAs found effective"), _(
                "Effective ÷ (effective + not effective) of those judged in the period × 100.")),
            "capa_on_time": (_("Actions done in time"), _(
                "Actions of CAPAs done on or before their due date ÷ actions due in the period "
                "and not dropped × 100.")),
            "changes_requested": (_("Changes requested"), _("Changes requested in the period.")),
            "changes_effective": (_("Changes put into effect"), _(
                "Changes put into effect in the period that made a new version of a product.")),
            "changes_open": (_("Changes open at the end"), _(
                "Requested before the end of the period and not closed, rejected or cancelled "
                "then.")),
            "findings": (_("Findings of audits"), _(
                "Findings of internal and external audits and mock inspections recorded in the "
                "period.")),
            "findings_open": (_("Findings open at the end"), _(
                "Recorded before the end of the period; neither in a CAPA nor dismissed then.")),
            "laws_changed": (_("Laws and standards that changed"), _(
                "Changes of laws and standards found in the period.")),
            "laws_on_time": (_("Reviewed in time"), _(
                "Reviews of laws and standards finished on or before their due date ÷ reviews due "
                "in the period × 100.")),
        }

    @api.model
    def _med_found_figures(self, company, period):
        mine = [("company_id", "=", company.id), ("date", ">=", period.begin),
                ("date", "<", period.end)]
        reported, lots = self.env["med.trend.rate"]._read_group(
            mine, [], ["nonconformities:sum", "lots:sum"])[0]
        first, passed, rejected, decided = self.env["med.trend.inspection"]._read_group(
            mine, [], ["first:sum", "passed:sum", "rejected:sum", "__count"])[0]
        counts = self.env["med.trend"]._med_causes(mine)
        bars = pareto((label, count) for label, _key, count in counts)
        ended, days = self.env.execute_query(SQL("""
            SELECT count(*), COALESCE(sum(closed_at::date - reported_at::date), 0)
              FROM med_nonconformity WHERE company_id = %s AND state = 'closed'
               AND closed_at >= %s AND closed_at < %s""",
            company.id, period.begin, period.end))[0]
        still = self.env["med.trend.open"]._med_counts(company, [period.end])
        return [
            Figure("nc_reported", reported or 0),
            Figure("nc_rate", reported or 0, lots or 0, 100, "per_100_lots"),
            Figure("nc_open", still.get(("nonconformity", period.end), (0, 0))[0]),
            Figure("nc_days", int(days), ended, 1, "days"),
            Figure("defects", sum(one.count for one in bars), detail=tuple(
                f"{one.key}: {one.count} ({one.share} %)" for one in bars[:MOST])),
            Figure("first_pass", passed or 0, first or 0, 100, "percent"),
            Figure("rejected", rejected or 0, decided, 100, "percent"),
        ]

    @api.model
    def _med_deviation_figures(self, company, period):
        deviations, concessions = self.env.execute_query(SQL("""
            SELECT count(*) FILTER (WHERE kind = 'unplanned'
                       AND state NOT IN ('withdrawn', 'refused')
                       AND create_date >= %(begin)s AND create_date < %(end)s),
                   count(*) FILTER (WHERE kind = 'concession'
                       AND approved_at >= %(begin)s AND approved_at < %(end)s)
              FROM med_deviation WHERE company_id = %(company)s""",
            begin=period.begin, end=period.end, company=company.id))[0]
        return [Figure("deviations", deviations), Figure("concessions", concessions)]

    @api.model
    def _med_capa_figures(self, company, period):
        moment = {"company": company.id, "begin": period.begin, "end": period.end,
                  "first": period.date_from, "last": period.date_to}
        opened, effective, judged = self.env.execute_query(SQL("""
            SELECT count(*) FILTER (WHERE opened_at >= %(begin)s AND opened_at < %(end)s),
                   count(*) FILTER (WHERE state = 'effective'
                       AND closed_at >= %(begin)s AND closed_at < %(end)s),
                   count(*) FILTER (WHERE state IN ('effective', 'ineffective')
                       AND closed_at >= %(begin)s AND closed_at < %(end)s)
              FROM med_capa WHERE company_id = %(company)s""", **moment))[0]
        in_time, due = self.env.execute_query(SQL("""
            SELECT count(*) FILTER (WHERE a.state = 'done' AND a.done_at::date <= a.date_due),
                   count(*)
              FROM med_capa_action a JOIN med_capa c ON c.id = a.capa_id
             WHERE a.company_id = %(company)s AND a.state <> 'cancelled'
               AND c.state NOT IN ('open', 'analysed', 'cancelled')
               AND a.date_due BETWEEN %(first)s AND %(last)s""", **moment))[0]
        count, late = self.env["med.trend.open"]._med_counts(
            company, [period.end]).get(("capa", period.end), (0, 0))
        return [
            Figure("capa_opened", opened), Figure("capa_open", count),
            Figure("capa_overdue", late),
            Figure("capa_effective", effective, judged, 100, "percent"),
            Figure("capa_on_time", in_time, due, 100, "percent"),
        ]

    @api.model
    def _med_change_figures(self, company, period):
        moment = {"company": company.id, "begin": period.begin, "end": period.end}
        requested, effective = self.env.execute_query(SQL("""
            SELECT (SELECT count(*) FROM med_change WHERE company_id = %(company)s
                       AND requested_at >= %(begin)s AND requested_at < %(end)s),
                   (SELECT count(DISTINCT c.id)
                      FROM med_change c JOIN med_product_version v ON v.change_id = c.id
                     WHERE c.company_id = %(company)s
                       AND v.effective_from >= %(begin)s AND v.effective_from < %(end)s)""",
            **moment))[0]
        still = self.env["med.trend.open"]._med_counts(company, [period.end])
        return [
            Figure("changes_requested", requested), Figure("changes_effective", effective),
            Figure("changes_open", still.get(("change", period.end), (0, 0))[0])]

    @api.model
    def _med_compliance_figures(self, company, period):
        """Laws and standards are those of the company, and those that every company watches."""
        found, changed, in_time, due = self.env.execute_query(SQL("""
            SELECT (SELECT count(*) FROM med_quality_finding WHERE company_id = %(company)s
                       AND create_date >= %(begin)s AND create_date < %(end)s),
                   count(*) FILTER (
                       WHERE kind = 'change' AND found_on BETWEEN %(first)s AND %(last)s),
                   count(*) FILTER (
                       WHERE done_on <= date_due AND date_due BETWEEN %(first)s AND %(last)s),
                   count(*) FILTER (WHERE date_due BETWEEN %(first)s AND %(last)s)
              FROM med_external_review
             WHERE COALESCE(company_id, %(company)s) = %(company)s""",
            company=company.id, begin=period.begin, end=period.end, first=period.date_from,
            last=period.date_to))[0]
        still = self.env["med.trend.open"]._med_counts(company, [period.end])
        return [
            Figure("findings", found),
            Figure("findings_open", still.get(("finding", period.end), (0, 0))[0]),
            Figure("laws_changed", changed), Figure("laws_on_time", in_time, due, 100, "percent")]
