from odoo import fields, models


class MedQualityAgreementClause(models.Model):
    """A clause of a quality agreement."""

    _name = "med.quality.agreement.clause"
    _description = "Clause of a Quality Agreement"
    _inherit = ["med.signed.line.mixin"]
    _order = "agreement_id, sequence, id"
    _rec_name = "title"
    _med_parent = "agreement_id"

    agreement_id = fields.Many2one(
        "med.quality.agreement", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    title = fields.Char(required=True)
    text = fields.Text()
