from odoo import models


class MedExchangeGoods(models.AbstractModel):
    """The revision of a product is its version in force, which may begin with a lot."""

    _inherit = "med.exchange.goods"

    def _med_revision(self, record, lots=()):
        if "med_version_ids" not in record._fields:
            return super()._med_revision(record, lots)
        template = record if record._name == "product.template" else record.product_tmpl_id
        return str(self.env["med.product.version"]._med_in_force(template, lots).number or "")
