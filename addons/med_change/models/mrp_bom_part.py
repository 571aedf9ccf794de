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


class MrpBomLine(models.Model):
    _name = "mrp.bom.line"
    _inherit = ["mrp.bom.line", "med.change.bom.part.mixin"]


class MrpBomByproduct(models.Model):
    _name = "mrp.bom.byproduct"
    _inherit = ["mrp.bom.byproduct", "med.change.bom.part.mixin"]


class MrpRoutingWorkcenter(models.Model):
    _name = "mrp.routing.workcenter"
    _inherit = ["mrp.routing.workcenter", "med.change.bom.part.mixin"]
