from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date


class MedProcessor(models.Model):
    """What a process needs beside the agreement: certificates that its line names, and a review
    that is not long overdue (ISO 13485, 7.4.1)."""

    _inherit = "med.processor"

    review_text = fields.Char("Review", compute="_compute_review_text")

    @api.depends("date_review", "state", "company_id.med_review_grace")
    @api.depends_context("lang")
    def _compute_review_text(self):
        today = self.env["stock.lot"]._med_today()
        for one in self:
            due = one.state in ("approved", "suspended") and one.date_review
            one.review_text = due and due < today <= one._med_review_end() and self.env._(
                "The review was due on %(due)s. After %(last)s nothing more is ordered there.",
                due=format_date(self.env, due), last=format_date(self.env, one._med_review_end()))

    def _med_review_end(self):
        """Return the last day on which orders go to a processor whose review is overdue."""
        return self.date_review + timedelta(days=self.sudo().company_id.med_review_grace)

    def _med_missing_review(self, day):
        """Return the sentence that the review is overdue for longer than the company allows."""
        if not self.date_review or day <= self._med_review_end():
            return []
        return [self.env._(
            "The review of “%(name)s” was due on %(due)s, and is overdue for more than %(days)s "
            "days: evaluate it anew, revise its file and have it approved.",
            name=self.display_name, due=format_date(self.env, self.date_review),
            days=self.company_id.med_review_grace)]

    def _med_needed_kinds(self, process, product):
        """Return the kinds of certificate that the lines of a process name, for a product."""
        template = product.product_tmpl_id
        return self.scope_ids.filtered(lambda line: line.process == process and (
            not line.product_tmpl_ids or template in line.product_tmpl_ids)).certificate_kind_ids

    def _med_missing_named(self, process, product, day):
        """Return a sentence for each kind that the process needs and of which none is valid.

        Of a kind that a certificate calls needed, :meth:`_med_missing_certificates` speaks.
        """
        known = {one.kind for one in self.certificate_ids if one.needed or (
            one.active and one._med_valid(day))}
        label = dict(self.scope_ids._fields["process"]._description_selection(self.env)).get(
            process)
        return [self.env._(
            "“%(process)s” needs a certificate “%(kind)s” of “%(name)s”, and none is valid on "
            "%(day)s: file it.", process=label, kind=kind.name, name=self.display_name,
            day=format_date(self.env, day))
            for kind in self._med_needed_kinds(process, product) if kind.code not in known]
