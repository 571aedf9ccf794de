from odoo import api, models

TOLD = {"name", "state", "product_id", "level", "issuer", "basic_id"}


class MedUdiDi(models.Model):
    """A product is told again when its device identifiers change."""

    _inherit = "med.udi.di"

    @api.model_create_multi
    def create(self, vals_list):
        dis = super().create(vals_list)
        self.env["med.exchange.product"]._med_tell(lambda: dis.product_id)
        return dis

    def write(self, vals):
        before = self.product_id if "product_id" in vals else self.env["product.product"]
        done = super().write(vals)
        if TOLD & vals.keys():
            self.env["med.exchange.product"]._med_tell(lambda: before | self.product_id)
        return done
