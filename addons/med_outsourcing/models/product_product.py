from odoo import models


class ProductProduct(models.Model):
    """A variant's processors are those of its product."""

    _inherit = "product.product"

    def action_med_processors(self):
        """Open the processors of these products."""
        return self.product_tmpl_id.action_med_processors()
