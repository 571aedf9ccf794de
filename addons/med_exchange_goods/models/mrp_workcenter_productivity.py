from odoo import api, models


class MrpWorkcenterProductivity(models.Model):
    """Work and standstill, which make a work centre run, stand or be blocked."""

    _inherit = "mrp.workcenter.productivity"

    @api.model_create_multi
    def create(self, vals_list):
        times = super().create(vals_list)
        self.env["med.exchange.equipment_state"]._med_tell(lambda: times.workcenter_id)
        return times

    def write(self, vals):
        done = super().write(vals)
        if "date_end" in vals:
            self.env["med.exchange.equipment_state"]._med_tell(lambda: self.workcenter_id)
        return done
