from odoo import models


class MedInspection(models.Model):
    """Submitted readings are points of control charts."""

    _inherit = "med.inspection"

    def _med_after_readings(self):
        super()._med_after_readings()
        self.env["med.control.chart"].sudo().with_context(
            {key: value for key, value in self.env.context.items()
             if not key.startswith("default_")})._med_judge(self)
