from odoo import api, models


class MrpBom(models.Model):
    """Bills of materials are told to partners, with every change of a line or an operation."""

    _inherit = "mrp.bom"

    @api.model_create_multi
    def create(self, vals_list):
        boms = super().create(vals_list)
        self.env["med.exchange.bom"]._med_tell(boms)
        return boms

    def write(self, vals):
        done = super().write(vals)
        self.env["med.exchange.bom"]._med_tell(self)
        return done
