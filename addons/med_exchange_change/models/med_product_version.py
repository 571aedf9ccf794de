from odoo import api, models


class MedProductVersion(models.Model):
    """A new version is told to who hears of the product or of its bills of materials."""

    _inherit = "med.product.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        templates = versions.product_tmpl_id
        self.env["med.exchange.product"]._med_tell(lambda: templates.product_variant_ids)
        self.env["med.exchange.bom"]._med_tell(lambda: templates.bom_ids)
        return versions
