from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.checkout import needs_second


class ProductTemplate(models.Model):
    _inherit = "product.template"

    med_gate_ids = fields.One2many("med.gate", "product_tmpl_id", "Gates")

    med_checkout = fields.Selection(
        [("company", "As the company says"), ("always", "Yes, by anybody who may review"),
         ("second", "Yes, by another person than the picker"), ("never", "No")],
        "Check-Out Review", required=True, default="company", tracking=True,
        help="Whether a delivery of this product is reviewed before it goes. Set by quality "
             "assurance.")

    med_opening_count = fields.Integer(
        "Lots Without a Status", compute="_compute_med_opening_count", compute_sudo=True,
        groups="med_base.med_base_group_viewer",
        help="On hand since before the product became controlled.")

    # ------------------------------------------------------------------ set by quality assurance

    @api.model
    def _med_quality_fields(self):
        """Return field → its value at birth, of what quality assurance alone sets on a product.

        For addons to extend.
        """
        return {"med_checkout": "company"}

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create([{"med_checkout": "company", **vals} for vals in vals_list])
        self._med_check_quality(  # of the values, or of a default
            name for name, value in self._med_quality_fields().items()
            if any(template[name] != value for template in templates))
        return templates

    def write(self, vals):
        self._med_check_quality(
            name for name in self._med_quality_fields().keys() & vals.keys()
            if any(template[name] != vals[name] for template in self))
        return super().write(vals)

    @api.model
    def _med_check_quality(self, names):
        """Raise for fields that somebody else than quality assurance sets."""
        names = sorted(set(names))
        if names and not self.env.su and not self.env.user.has_group("med_base.med_base_group_qa"):
            raise AccessError(self.env._(
                "“%(field)s” of a product is set by quality assurance.",
                field=self._fields[names[0]]._description_string(self.env)))

    # ------------------------------------------------------------------ check-out review

    def _med_checkout_second(self, company):
        """Return whether who picked this product may not confirm it, for a company."""
        self.ensure_one()
        return needs_second(self.med_checkout, company.med_checkout_second, self._med_high_risk())

    def _med_high_risk(self):
        """Return whether a variant is class III, or an implant, or not known to be neither."""
        variants = self.sudo().product_variant_ids
        return not variants or any(map(self._med_high_risk_of, variants))

    @api.model
    def _med_high_risk_of(self, variant):
        dis = variant.med_di_ids
        classes = {*dis.basic_id.mapped("risk_class"),
                   *dis.registration_ids.mapped("device_class")} - {False}
        return (not classes or bool({"3", "D"} & classes)
                or any(dis.mapped("implantable")) or any(dis.basic_id.mapped("implantable")))

    # ------------------------------------------------------------------ opening status

    def _compute_med_opening_count(self):
        counts = dict(self.env["stock.lot"]._read_group(
            [("product_id.product_tmpl_id", "in", self.ids), ("med_status", "=", False),
             ("company_id", "in", [*self.env.companies.ids, False]),
             ("quant_ids", "any", [("location_id.usage", "in", ("internal", "transit")),
                                   ("quantity", ">", 0),
                                   ("company_id", "in", self.env.companies.ids)])],
            ["product_id"], ["__count"]))
        for template in self:
            template.med_opening_count = template.med_controlled and sum(
                counts.get(variant, 0) for variant in template.product_variant_ids)

    def action_med_opening(self):
        """Open the dialog that gives each lot of these products its opening status."""
        controlled = self.filtered("med_controlled")
        if not controlled:
            raise UserError(self.env._("Mark the products as controlled first."))
        return {
            "type": "ir.actions.act_window", "res_model": "med.opening", "view_mode": "form",
            "target": "new", "name": self.env._("Opening Status"),
            "context": {"default_product_tmpl_ids": controlled.ids}}
