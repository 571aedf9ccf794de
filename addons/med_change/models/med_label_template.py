from odoo import models


class MedLabelTemplate(models.Model):
    """A template that labels of products under change control are printed by."""

    _name = "med.label.template"
    _inherit = ["med.label.template", "med.change.guard.mixin"]

    def _med_guard_effective(self, vals):
        return self.filtered(lambda one: one.state != "draft")

    def _med_guard_products(self):
        """Return the products with a device identifier of this level on this market."""
        devices = self.env["med.udi.di"].sudo().search([
            ("state", "=", "active"), ("level", "=", self.level),
            ("market_ids", "in", self.jurisdiction_id.ids),
            ("product_id.product_tmpl_id.med_change_control", "=", True),
            *([("company_id", "in", [False, self.company_id.id])] if self.company_id else [])])
        return devices.product_id.product_tmpl_id
