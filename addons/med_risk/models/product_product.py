from odoo import models


class ProductProduct(models.Model):
    """A variant's form has the button of its product."""

    _inherit = "product.product"

    def action_med_hazards(self):
        """Open the hazards of these products."""
        return self.product_tmpl_id.action_med_hazards()
