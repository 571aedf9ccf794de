from odoo import models


class MedUdiDi(models.Model):
    """The data of a device identifier in use, of a product under change control."""

    _name = "med.udi.di"
    _inherit = ["med.udi.di", "med.change.guard.mixin"]

    def _med_guard_effective(self, vals):
        return self.filtered(lambda one: one.state != "draft")

    def _med_guard_products(self):
        return self.product_id.product_tmpl_id


class MedUdiStorage(models.Model):
    _name = "med.udi.storage"
    _inherit = ["med.udi.storage", "med.change.guard.mixin"]

    def _med_guard_effective(self, vals):
        return self.filtered(lambda one: one.di_id.state != "draft")

    def _med_guard_products(self):
        return self.di_id.product_id.product_tmpl_id


class MedUdiSize(models.Model):
    _name = "med.udi.size"
    _inherit = ["med.udi.size", "med.change.guard.mixin"]

    def _med_guard_effective(self, vals):
        return self.filtered(lambda one: one.di_id.state != "draft")

    def _med_guard_products(self):
        return self.di_id.product_id.product_tmpl_id
