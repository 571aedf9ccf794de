from odoo import api, models


class MrpRoutingWorkcenter(models.Model):
    """A change of an operation is a change of its bill of materials."""

    _inherit = "mrp.routing.workcenter"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        self.env["med.exchange.bom"]._med_tell(lambda: steps.bom_id)
        return steps

    def write(self, vals):
        done = super().write(vals)
        self.env["med.exchange.bom"]._med_tell(lambda: self.bom_id)
        return done
