from odoo import api, models
from odoo.fields import Domain

from .med_outsourcing_order import OPEN


class MedProductVersion(models.Model):
    """A version that comes in force while a processor makes the one before is a person's matter."""

    _inherit = "med.product.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        for version in versions:
            version._med_tell_orders()
        return versions

    def _med_tell_orders(self):
        """Ask quality assurance about open orders of the product, and tell their processors."""
        template = self.product_tmpl_id
        for order in self.env["med.outsourcing.order"].sudo().search(
                Domain("state", "in", OPEN) & (
                    Domain("product_id.product_tmpl_id", "=", template.id)
                    | Domain("line_ids.product_id.product_tmpl_id", "=", template.id))):
            order._med_ask_quality(self.env._(
                "Version %(number)s of %(product)s is in force; %(order)s is of revision "
                "%(revision)s. Let it be finished so, or cancel it and order anew.",
                number=self.number, product=template.display_name, order=order.name,
                revision=order.revision))
            order._med_tell_processor(
                f"V{self.number}", self.env._(
                    "There is a new version of %(product)s. This order stays of revision "
                    "%(revision)s unless you hear otherwise from us.",
                    product=template.display_name, revision=order.revision))
