from odoo import fields, models


class MedRecallChecklistItem(models.Model):
    """A question that is answered before a recall is terminated."""

    _name = "med.recall.checklist.item"
    _description = "Question at the End of a Recall"
    _order = "sequence, id"

    name = fields.Char("Question", required=True, translate=True)
    sequence = fields.Integer(default=10)
    jurisdiction_id = fields.Many2one(
        "med.jurisdiction", ondelete="restrict", index=True, help="Empty: every jurisdiction.")
    source = fields.Char(required=True)
    active = fields.Boolean(default=True)
