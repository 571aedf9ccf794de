from odoo import models


class MedInspectionPlan(models.Model):
    """A plan of a product under change control is put in force and retired by a change.

    Approved plans are never changed, so the steps are what is guarded. A plan that names neither
    products, categories nor operations is a rule of the firm, not of a product.
    """

    _name = "med.inspection.plan"
    _inherit = ["med.inspection.plan", "med.change.guard.mixin"]

    def _med_guard_effective(self, vals):
        return self.browse()

    def _med_guard_products(self):
        products = self.product_tmpl_ids | self.operation_ids.bom_id.product_tmpl_id
        if self.categ_ids and not self.product_tmpl_ids:
            products |= self.env["product.template"].search([
                ("med_change_control", "=", True), ("categ_id", "child_of", self.categ_ids.ids)])
        return products

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name not in ("approve", "retire"):
            return
        products = self.sudo()._med_guard_products().filtered("med_change_control")
        changes = self.env["med.change"]._med_implementing(products, "plan")
        for product in products:
            if not changes[product.id]:
                self._med_guard_refuse(product, "plan")
