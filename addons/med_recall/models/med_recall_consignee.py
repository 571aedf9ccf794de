from odoo import fields, models


class MedRecallConsignee(models.Model):
    """Whoever must be told of a recall: one row, across all versions of the scope."""

    _name = "med.recall.consignee"
    _description = "Consignee of a Recall"
    _inherit = ["med.recall.row.mixin"]
    _order = "recall_id desc, id"
    _rec_name = "partner_id"

    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", "Consignee", required=True, index=True,
                                 ondelete="restrict")
    country_id = fields.Many2one(related="partner_id.country_id")
    first_scope_id = fields.Many2one(
        "med.recall.scope", "Since Version", required=True, index=True, ondelete="restrict")

    _partner_uniq = models.Constraint(
        "UNIQUE (recall_id, partner_id)", "The recall has this consignee.")
