from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MrpWorkcenter(models.Model):
    """Work centres are told to partners, with how long their calibration is valid."""

    _inherit = "mrp.workcenter"

    med_calibrated = fields.Date(
        "Calibrated", copy=False, tracking=True,
        help="Day of the last calibration or qualification (ISO 13485, 7.6).")
    med_calibration_due = fields.Date(
        "Calibration Due", copy=False, tracking=True, help="Last day on which it is valid.")

    @api.constrains("med_calibrated", "med_calibration_due")
    def _check_med_calibration(self):
        for centre in self:
            if centre.med_calibrated and centre.med_calibration_due and (
                    centre.med_calibration_due < centre.med_calibrated):
                raise ValidationError(self.env._(
                    "%s: the calibration would have ended before it was done.", centre.name))

    @api.model_create_multi
    def create(self, vals_list):
        centres = super().create(vals_list)
        self.env["med.exchange.equipment_state"]._med_tell(centres)
        return centres

    def write(self, vals):
        done = super().write(vals)
        self.env["med.exchange.equipment_state"]._med_tell(self)
        return done
