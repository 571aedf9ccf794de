from odoo import fields, models


class MedRecallReportKind(models.Model):
    """A report that an authority asks for, and what must stand in it."""

    _name = "med.recall.report.kind"
    _description = "Kind of Report to an Authority"
    _order = "jurisdiction_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short code other programs use: us_806_10.")
    sequence = fields.Integer(default=10)
    jurisdiction_id = fields.Many2one(
        "med.jurisdiction", required=True, ondelete="restrict", index=True)
    source = fields.Char(required=True, help="The law that asks for it.")
    kept = fields.Boolean(
        "Kept, Not Sent", help="A record with a justification that stays here.")
    consignees = fields.Boolean("Lists the Consignees", default=True)
    item_ids = fields.One2many("med.recall.report.item", "kind_id", "Items")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "There is a report of this code.")
