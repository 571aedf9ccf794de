from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _med_registered(self, market, day):
        """Return whether the product was registered on a market on a day."""
        self.ensure_one()
        return any(
            one._med_was_in_force(day) for one in self.sudo().med_di_ids.registration_ids
            if one.jurisdiction_id == market)
