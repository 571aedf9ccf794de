from odoo import models


class ProductProduct(models.Model):
    """A variant's form has the button of its product."""

    _inherit = "product.product"

    def action_med_transfer(self):
        """Open the design transfer of the product; a draft is made where there is none."""
        return self.product_tmpl_id.action_med_transfer()
