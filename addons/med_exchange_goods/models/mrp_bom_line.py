from odoo import api, models


class MrpBomLine(models.Model):
    """A change of a line is a change of its bill of materials."""

    _inherit = "mrp.bom.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["med.exchange.bom"]._med_tell(lambda: lines.bom_id)
        return lines

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
