from odoo import models

TOLD = {"name", "default_code", "active", "barcode", "uom_id", "tracking", "med_controlled",
        "company_id"}


class ProductTemplate(models.Model):
    """Products are told to partners when what is told of them changes."""

    _inherit = "product.template"

    def write(self, vals):
        done = super().write(vals)
        if TOLD & vals.keys():
            self.env["med.exchange.product"]._med_tell(
                lambda: self.with_context(active_test=False).product_variant_ids)
        return done
