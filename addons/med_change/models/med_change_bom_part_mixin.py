from odoo import models


class MedChangeBomPartMixin(models.AbstractModel):
    """What belongs to a bill of materials stays and changes with it."""

    _name = "med.change.bom.part.mixin"
    _description = "Part of a Bill of Materials under Change Control"
    _inherit = ["med.change.guard.mixin"]

    def _med_guard_products(self):
        return self.bom_id.product_tmpl_id

    def _med_guard_bound(self, changes, vals):
        return self.bom_id._med_guard_bound(changes, None)

    def _med_guard_refuse(self, product, subject, changes=None):
        self.bom_id._med_guard_refuse(product, subject, changes)
