from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedInspectionSample(models.Model):
    """One unit that was drawn, and for which classes. Written by the draw alone."""

    _name = "med.inspection.sample"
    _description = "Drawn Unit"
    _inherit = ["med.kept.row.mixin"]
    _order = "inspection_id desc, position, id"
    _rec_name = "unit"
    _med_refusals = {"create": _lt("Units are drawn, not chosen.")}

    inspection_id = fields.Many2one(
        "med.inspection", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True)
    position = fields.Integer()
    unit = fields.Char(required=True)
    classes = fields.Char(required=True)

    _unit_uniq = models.Constraint(
        "UNIQUE (inspection_id, unit)", "The unit was drawn already.")
