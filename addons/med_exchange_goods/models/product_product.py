from odoo import api, models

from .product_template import TOLD


class ProductProduct(models.Model):
    """Variants are told to partners, new ones too."""

    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        self.env["med.exchange.product"]._med_tell(products)
        return products

    def write(self, vals):
        done = super().write(vals)
        if TOLD & vals.keys():
            self.env["med.exchange.product"]._med_tell(self)
        return done
