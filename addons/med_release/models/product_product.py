from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _med_registered(self, market, day):
        """Return whether the product was registered on a market on a day."""
        self.ensure_one()
        product = self.sudo().with_context(active_test=True)
        return any(
            one._med_was_in_force(day) for one in product.med_di_ids.registration_ids
            if one.jurisdiction_id == market)

    def _med_needs(self, release):
        """Return what a lot that an order made needs: as its release says, where there is one.

        A by-product may need nothing; what the order is about, where quality assurance said so.
        """
        level = self.product_tmpl_id._med_release_level()
        free = self != release.product_id or self.med_release_level == "none"
        return level if not release or (level == "none" and free) else release.level
