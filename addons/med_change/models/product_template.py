from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError

OWN = {"med_change_control", "med_control_date"}


class ProductTemplate(models.Model):
    """Under change control from its design transfer on."""

    _name = "product.template"
    _inherit = ["product.template", "med.change.guard.mixin"]

    med_change_control = fields.Boolean(
        "Change Control", readonly=True, copy=False, index="btree_not_null", help=(
            "From design transfer on, what makes the product is changed by approved changes only."
        ))
    med_control_date = fields.Datetime("Under Change Control Since", readonly=True, copy=False)
    med_control_ids = fields.One2many("med.product.control", "product_tmpl_id",
                                      "Design Transfers", readonly=True)
    med_version_ids = fields.One2many("med.product.version", "product_tmpl_id",
                                      "Versions", readonly=True)
    med_version_count = fields.Integer("Number of Versions", compute="_compute_med_change_counts")
    med_change_count = fields.Integer("Number of Changes", compute="_compute_med_change_counts")

    def _compute_med_change_counts(self):
        versions = dict(self.env["med.product.version"].sudo()._read_group(
            [("product_tmpl_id", "in", self.ids)], ["product_tmpl_id"], ["__count"]))
        changes = dict(self.env["med.change"].sudo()._read_group(
            [("product_tmpl_ids", "in", self.ids), ("company_id", "in", self.env.companies.ids)],
            ["product_tmpl_ids"], ["__count"]))
        for product in self:
            product.med_version_count = versions.get(product, 0)
            product.med_change_count = changes.get(product, 0)

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, **dict.fromkeys(OWN, False)} for vals in vals_list])

    def write(self, vals):
        if OWN & vals.keys() and not take(self._name, self.ids, tuple(sorted(vals))):
            raise AccessError(self.env._(
                "A product comes under change control by its design transfer, and leaves it by a "
                "change."))
        return super().write(vals)

    def _med_set_control(self, date):
        vals = {"med_change_control": bool(date), "med_control_date": date}
        with permit(self._name, self.ids, tuple(sorted(vals))):
            self.sudo().write(vals)

    def _med_guard_products(self):
        return self

    def action_med_transfer(self):
        """Open the design transfer of this product; a draft is made where there is none."""
        self.ensure_one()
        Control = self.env["med.product.control"]
        found = Control.search([("product_tmpl_id", "=", self.id), ("state", "!=", "ended")],
                               limit=1) or Control.create({"product_tmpl_id": self.id})
        return {"type": "ir.actions.act_window", "res_model": Control._name, "res_id": found.id,
                "views": [(False, "form")]}

    def action_med_versions(self):
        """Open the versions of this product."""
        return {"type": "ir.actions.act_window", "res_model": "med.product.version",
                "view_mode": "list,form", "name": self.env._("Versions"),
                "domain": [("product_tmpl_id", "in", self.ids)]}

    def action_med_changes(self):
        """Open the changes that name this product."""
        return {"type": "ir.actions.act_window", "res_model": "med.change",
                "view_mode": "list,form", "name": self.env._("Changes"),
                "domain": [("product_tmpl_ids", "in", self.ids)],
                "context": {"default_product_tmpl_ids": self.ids}}
