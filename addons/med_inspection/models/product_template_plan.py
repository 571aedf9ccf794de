from odoo import api, fields, models
from odoo.fields import Domain


class ProductTemplate(models.Model):
    _inherit = "product.template"

    med_plan_missing = fields.Boolean(
        "No Inspection Plan", compute="_compute_med_plan_missing",
        search="_search_med_plan_missing",
        help="Controlled, and no approved plan inspects it at receipt or after production.")

    @api.depends("med_controlled", "categ_id")
    @api.depends_context("company")
    def _compute_med_plan_missing(self):
        find = self.env["med.inspection.plan"]._matcher()
        for template in self:
            template.med_plan_missing = template.med_controlled and not any(
                find(self.env.company, stage, template.product_variant_id)
                for stage in ("incoming", "final"))

    @api.model
    def _search_med_plan_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        controlled = self.search([("med_controlled", "=", True)])
        return Domain("id", "in", controlled.filtered("med_plan_missing").ids)
