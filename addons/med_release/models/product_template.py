from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    med_release_level = fields.Selection(
        [("none", "None: lots are decided one by one"), ("production", "Production release"),
         ("market", "Production and market release")],
        string="Release of Orders", tracking=True, copy=False,
        help="Which signatures a lot that is made here needs before anybody may release it. Empty: "
             "by what the product is. A controlled product with a bill of materials needs the "
             "production release; one with a device identifier the market release too.")
    med_release_required = fields.Boolean(
        "Released by Order", compute="_compute_med_release_required", compute_sudo=True,
        help="Lots that are made here are released by the release of their order alone.")

    @api.depends("med_release_level", "med_controlled", "bom_ids.type",
                 "product_variant_ids.med_di_ids.state")
    def _compute_med_release_required(self):
        for template in self:
            template.med_release_required = template._med_release_level() != "none"

    def _med_release_level(self):
        """Return ``none``, ``production`` or ``market``: what lots that are made here need.

        What is archived counts: whoever archives it is no person of quality assurance.
        """
        self.ensure_one()
        template = self.sudo().with_context(active_test=False)
        if not template.med_controlled:
            return "none"
        if template.med_release_level:
            return template.med_release_level
        if not any(bom.type != "phantom" for bom in template.bom_ids):
            return "none"
        return "market" if template.product_variant_ids.med_di_ids else "production"

    def write(self, vals):
        result = super().write(vals)
        if "med_release_level" in vals:
            self.env["med.release"].sudo().search([
                ("state", "=", "open"), ("product_id.product_tmpl_id", "in", self.ids),
            ])._med_keep_level()
        return result

    @api.model
    def _med_quality_fields(self):
        return {**super()._med_quality_fields(), "med_release_level": False}
