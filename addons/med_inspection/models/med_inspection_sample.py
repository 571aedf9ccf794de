from odoo import api, fields, models
from odoo.exceptions import AccessError


class MedInspectionSample(models.Model):
    """One unit that was drawn, and for which classes. Written by the draw alone."""

    _name = "med.inspection.sample"
    _description = "Drawn Unit"
    _order = "inspection_id desc, position, id"
    _rec_name = "unit"

    inspection_id = fields.Many2one(
        "med.inspection", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True)
    position = fields.Integer()
    unit = fields.Char(required=True)
    classes = fields.Char(required=True)

    _unit_uniq = models.Constraint(
        "UNIQUE (inspection_id, unit)", "The unit was drawn already.")

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("Units are drawn, not chosen."))

    def write(self, vals):
        raise AccessError(self.env._("Units are drawn, not chosen."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Units are drawn, not chosen."))
