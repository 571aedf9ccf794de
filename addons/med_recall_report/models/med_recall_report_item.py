from odoo import fields, models


class MedRecallReportItem(models.Model):
    """One thing that a report must say, and where it comes from."""

    _name = "med.recall.report.item"
    _description = "Item of a Report to an Authority"
    _order = "kind_id, sequence, id"

    kind_id = fields.Many2one(
        "med.recall.report.kind", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    key = fields.Char(required=True, help="Short name in the data of the report.")
    name = fields.Char("Item", required=True, translate=True)
    source = fields.Char("Clause")
    value = fields.Char(
        "Taken From", help="Name of what the recall knows; empty: a person writes it.")
    required = fields.Boolean(default=True)
    active = fields.Boolean(default=True)

    _key_uniq = models.Constraint("UNIQUE (kind_id, key)", "The report has this item already.")
