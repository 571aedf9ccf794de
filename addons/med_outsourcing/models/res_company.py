from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.due import parse_steps


class ResCompany(models.Model):
    _inherit = "res.company"

    med_processor_notice = fields.Char(
        "Tell of What Is Due", required=True, default="90, 60, 30", help=(
            "Days before a review, certificate or agreement of a processor is due at which who "
            "is responsible is told."))
    med_processor_escalate_id = fields.Many2one(
        "res.users", "Told Once It Is Over", domain="[('share', '=', False)]", help=(
            "Empty: the one of quality assurance who has least to do."))

    med_review_grace = fields.Integer("Days a Review May Be Overdue", default=90, help=(
        "So many days after the review of a processor was due, nothing more is ordered there until "
        "it is evaluated and approved anew (ISO 13485, 7.4.1)."))

    _med_review_grace_range = models.Constraint(
        "CHECK (med_review_grace IS NULL OR med_review_grace >= 0 AND med_review_grace <= 3650)",
        "A review may be overdue from 0 to 3650 days.")

    @api.constrains("med_processor_notice")
    def _check_processor_notice(self):
        for company in self:
            try:
                parse_steps(company.med_processor_notice or "")
            except ValueError:
                raise ValidationError(self.env._(
                    "“%(text)s”: write the days as numbers with commas, such as 90, 60, 30.",
                    text=company.med_processor_notice or "")) from None
