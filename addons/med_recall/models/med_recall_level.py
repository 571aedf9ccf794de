from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("recall", "Recall"), ("correction", "Correction"), ("removal", "Removal"),
    ("withdrawal", "Market Withdrawal"), ("stock_recovery", "Stock Recovery"),
    ("notification", "Market Notification"), ("software", "Software Update"),
    ("fsca", "Field Safety Corrective Action"),
]


class MedRecallLevel(models.Model):
    """What a recall is in one jurisdiction: its level, and the kind of action."""

    _name = "med.recall.level"
    _description = "Level of a Recall"
    _inherit = ["med.recall.part.mixin"]
    _order = "jurisdiction_id, id"
    _rec_name = "class_id"

    _med_part = "level_ids"

    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    jurisdiction_id = fields.Many2one("med.jurisdiction", required=True, ondelete="restrict")
    class_id = fields.Many2one(
        "med.recall.class", "Level", ondelete="restrict",
        domain="[('jurisdiction_id', '=', jurisdiction_id)]")
    kind = fields.Selection(KINDS, required=True, default="recall")
    definition = fields.Text(related="class_id.definition")

    _jurisdiction_uniq = models.Constraint(
        "UNIQUE (recall_id, jurisdiction_id)", "The jurisdiction has a level in this recall.")

    @api.constrains("jurisdiction_id", "class_id")
    def _check_class(self):
        for level in self:
            if level.class_id and level.class_id.jurisdiction_id != level.jurisdiction_id:
                raise ValidationError(self.env._(
                    "%(level)s is no level of %(jurisdiction)s.", level=level.class_id.name,
                    jurisdiction=level.jurisdiction_id.display_name))
