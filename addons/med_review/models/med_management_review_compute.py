from datetime import date

from odoo import api, fields, models
from odoo.addons.med_signature.tools.canonical import canonical, digest
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context

from ..tools.figures import Period, before

VERSION = 1
VIEWER = "med_base.med_base_group_viewer"
KEPT = ("code", "name", "formula", "value", "unit", "numerator", "denominator", "previous",
        "detail")


class MedManagementReview(models.Model):
    """The figures of a period: computed for anybody, and written down in a draft."""

    _inherit = "med.management.review"

    @api.model
    @api.readonly
    def figures(self, date_from: str, date_to: str):
        """Compute the figures of a period for the present company. Nothing is written.

        :param date_from: first day, ISO
        :param date_to: last day, ISO
        :return: ``{"version", "company", "date_from", "date_to", "previous_from",
            "previous_to", "figures": [{"code", "name", "formula", "unit", "value" (decimal text,
            empty where there is nothing to divide by), "numerator", "denominator" (0 for a
            count), "previous" (value of the period before), "detail" (texts)}]}``
        :raise UserError: a day cannot be used
        """
        if not self.env.su and not self.env.user.has_group(VIEWER):
            raise AccessError(self.env._("Your role does not read these figures."))
        days = []
        for name, text in (("date_from", date_from), ("date_to", date_to)):
            try:
                days.append(date.fromisoformat(text))
            except (TypeError, ValueError):
                raise UserError(self.env._(
                    "“%(field)s” must be a day like 2026-01-31.", field=name)) from None
        if days[1] < days[0]:
            raise UserError(self.env._("The period ends after it begins."))
        former = before(*days)
        return {
            "version": VERSION, "company": self.env.company.name,
            "date_from": date_from, "date_to": date_to,
            "previous_from": former[0].isoformat(), "previous_to": former[1].isoformat(),
            "figures": self._med_rows(self.env.company, *days)}

    @api.model
    def _med_rows(self, company, date_from, date_to):
        """Return the figures of a period, beside those of the period before, as plain rows."""
        self.env.flush_all()
        Review = self.sudo().with_company(company)
        former = {one.code: one.value for one in Review._med_figures(
            company, Review._med_period(company, *before(date_from, date_to)))}
        words = self._med_figure_words()
        return [{
            "code": one.code, "name": words[one.code][0], "formula": words[one.code][1],
            "unit": one.unit, "value": one.value, "numerator": one.numerator,
            "denominator": one.denominator or 0, "previous": former.get(one.code, ""),
            "detail": list(one.detail),
        } for one in Review._med_figures(
            company, Review._med_period(company, date_from, date_to))]

    @api.model
    def _med_period(self, company, date_from, date_to):
        """Return the period in the company's own time."""
        Day = self.env["med.day"].with_company(company)
        return Period(date_from, date_to, Day._med_window(date_from.isoformat())[1],
                      Day._med_window(date_to.isoformat())[2])

    def action_compute(self):
        """Compute the figures of these drafts anew."""
        self.check_access("write")
        if strange := self.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("%s: its figures are frozen.", strange[0].name))
        for review in self.with_context(clean_context(self.env.context)).sudo():
            review._med_compute()
        return True

    def _med_compute(self):
        """Write the figures down, their words in every language of the database."""
        self._med_forget()
        rows = self._med_rows(self.company_id, self.date_from, self.date_to)
        Figure = self.env["med.management.review.figure"].with_context(lang="en_US")
        words = {lang: self.with_context(lang=lang)._med_figure_words()
                 for lang in {"en_US", *dict(self.env["res.lang"].get_installed())}}
        with permit(Figure._name, (), "compute"):
            made = Figure.create([{
                **row, **dict(zip(("name", "formula"), words["en_US"][row["code"]], strict=True)),
                "review_id": self.id, "sequence": number, "number": float(row["value"] or 0),
                "detail": "\n".join(row["detail"]),
            } for number, row in enumerate(rows, 1)])
        for lang in words.keys() - {"en_US"}:
            for figure in made.with_context(lang=lang):
                with permit(Figure._name, figure.ids, "compute"):
                    figure.write(dict(zip(("name", "formula"), words[lang][figure.code],
                                          strict=True)))
        self.invalidate_recordset(["figure_ids"])
        self._med_store({
            "computed_at": fields.Datetime.now(), "figures_digest": self._med_digest()})

    def _med_forget(self):
        """Drop figures that are of another period, or computed anew."""
        for review in self.sudo().filtered("figure_ids"):
            with permit("med.management.review.figure", review.figure_ids.ids, "compute"):
                review.figure_ids.unlink()
            review._med_store({"computed_at": False, "figures_digest": False})

    def _med_digest(self):
        """Return the digest of the figures as they are written down."""
        rows = self.sudo().figure_ids.with_context(lang="en_US").sorted("id")
        return digest(canonical([
            {name: one[name] if one[name] is not False else "" for name in KEPT}
            for one in rows])) if rows else False

    def action_figures(self):
        """Open the figures of this review as a list."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.management.review.figure",
                "view_mode": "list,graph,pivot", "name": self.env._("Figures"),
                "domain": [("review_id", "=", self.id)]}
