from odoo import api, models


class MrpWorkcenter(models.Model):
    """Work centres are told to partners."""

    _inherit = "mrp.workcenter"

    @api.model_create_multi
    def create(self, vals_list):
        centres = super().create(vals_list)
        self.env["med.exchange.equipment_state"]._med_tell(centres)
        return centres

    def write(self, vals):
        done = super().write(vals)
        self.env["med.exchange.equipment_state"]._med_tell(self)
        return done
