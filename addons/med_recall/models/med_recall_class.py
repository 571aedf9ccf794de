from odoo import fields, models


class MedRecallClass(models.Model):
    """A level of recall in one jurisdiction, in the words of its law."""

    _name = "med.recall.class"
    _description = "Recall Level"
    _order = "jurisdiction_id, rank"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short code other programs use: cn_1.")
    jurisdiction_id = fields.Many2one(
        "med.jurisdiction", required=True, ondelete="restrict", index=True)
    rank = fields.Integer(required=True, help="1 is the worst.")
    definition = fields.Text(required=True, translate=True)
    source = fields.Char(required=True, help="The law it is taken from.")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "There is a level of this code.")
