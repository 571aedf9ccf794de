from odoo import api, models


class MrpRoutingWorkcenter(models.Model):
    """A change of an operation is a change of its bill of materials; of two, where it moves."""

    _inherit = "mrp.routing.workcenter"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        self.env["med.exchange.bom"]._med_tell(lambda: steps.bom_id)
        return steps

    def write(self, vals):
        tell = self.env["med.exchange.bom"]
        before = self.bom_id if "bom_id" in vals and tell._med_heard() else self.env["mrp.bom"]
        done = super().write(vals)
        tell._med_tell(lambda: before | self.bom_id)
        return done

    def unlink(self):
        tell = self.env["med.exchange.bom"]
        boms = self.bom_id if tell._med_heard() else self.env["mrp.bom"]
        done = super().unlink()
        tell._med_tell(lambda: boms.exists())
        return done
