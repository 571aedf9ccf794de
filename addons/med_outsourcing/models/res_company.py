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

    @api.constrains("med_processor_notice")
    def _check_processor_notice(self):
        for company in self:
            try:
                parse_steps(company.med_processor_notice or "")
            except ValueError:
                raise ValidationError(self.env._(
                    "“%(text)s”: write the days as numbers with commas, such as 90, 60, 30.",
                    text=company.med_processor_notice or "")) from None
