from odoo import fields, models


class MedSignatureRuleLine(models.Model):
    """One signer of a signing rule."""

    _name = "med.signature.rule.line"
    _description = "Signer of a Signing Rule"
    _inherit = ["med.signed.line.mixin"]
    _order = "rule_id, sequence, id"
    _med_parent = "rule_id"

    rule_id = fields.Many2one(
        "med.signature.rule", required=True, ondelete="cascade", index=True,
    )
    sequence = fields.Integer(default=10)
    meaning_id = fields.Many2one("med.signature.meaning", required=True, ondelete="restrict")
    group_id = fields.Many2one(
        "res.groups", string="Role", help="Empty: the role declared for this meaning.",
    )
    differs = fields.Char(
        string="Another Person Than",
        help="Codes of meanings signed before and, with @, fields that name a user, separated by "
             "commas: authored, @create_uid. What the law fixes is added.",
    )
