from odoo import fields, models

from .med_change import CLASSES


class MedChangeFunction(models.Model):
    """A function of the firm that assesses changes from a class on."""

    _name = "med.change.function"
    _description = "Function That Assesses Changes"
    _order = "sequence, id"

    name = fields.Char("Function", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    group_id = fields.Many2one("res.groups", "Assessed By", required=True, ondelete="restrict",
                               help="Only people of this group assess for the function.")
    class_from = fields.Selection(
        CLASSES, "Asked From", required=True, default="moderate",
        help="Changes of this class and above.")
    product_only = fields.Boolean("Products Only", help=(
        "Not asked where the change concerns no product."))
    question = fields.Char(translate=True, help="What the function looks at.")
