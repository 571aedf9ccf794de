from odoo import api, fields, models
from odoo.exceptions import AccessError

QUALITY = "med_base.med_base_group_qa"


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
        """Return ``none``, ``production`` or ``market``: what lots that are made here need."""
        self.ensure_one()
        if not self.med_controlled:
            return "none"
        if self.med_release_level:
            return self.med_release_level
        if not any(bom.type != "phantom" for bom in self.bom_ids):
            return "none"
        return "market" if self.product_variant_ids.med_di_ids else "production"

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        if any(templates.mapped("med_release_level")):  # of the values, or of a default
            self._med_check_quality()
        return templates

    def write(self, vals):
        if "med_release_level" in vals and any(
                one.med_release_level != vals["med_release_level"] for one in self):
            self._med_check_quality()
        return super().write(vals)

    def _med_check_quality(self):
        if not self.env.su and not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._(
                "Which release a product needs is set by quality assurance."))
