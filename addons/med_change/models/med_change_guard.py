from odoo import api, models
from odoo.exceptions import UserError

from .med_change import NAMED, SUBJECTS

# Model → subject, and the fields that only a change may change on a product under change control.
# Sequence, chatter, notes, costs and what Odoo computes stay as in plain Odoo.
GUARDED = {
    "mrp.bom": ("bom", (
        "active", "product_tmpl_id", "product_id", "product_qty", "product_uom_id", "type", "code",
        "company_id", "consumption", "ready_to_produce", "picking_type_id",
        "allow_operation_dependencies")),
    "mrp.bom.line": ("bom", (
        "bom_id", "product_id", "product_qty", "product_uom_id", "operation_id",
        "bom_product_template_attribute_value_ids")),
    "mrp.bom.byproduct": ("bom", (
        "bom_id", "product_id", "product_qty", "product_uom_id", "operation_id",
        "bom_product_template_attribute_value_ids")),
    "mrp.routing.workcenter": ("operation", (
        "active", "bom_id", "name", "workcenter_id", "time_mode", "time_cycle_manual",
        "blocked_by_operation_ids", "bom_product_template_attribute_value_ids")),
    "med.udi.di": ("udi", (
        "issuer", "name", "state", "active", "product_id", "level", "contains_id",
        "contained_quantity", "device_count", "basic_id", "pi_lot", "pi_serial", "pi_expiry",
        "pi_manufactured", "pi_software", "pi_donation", "trade_name", "version_model",
        "catalogue_number", "description", "device_kind", "consumable", "gmdn_code", "emdn_code",
        "fda_product_code", "cn_category", "kit", "combination", "human_tissue", "prescription",
        "over_the_counter", "sterile", "sterilise_before_use", "sterilisation_method",
        "implantable", "life_supporting", "single_use", "max_reuses", "mri", "latex", "cmr",
        "cmr_substances", "critical_warnings", "characteristics_confirmed")),
    "med.udi.storage": ("udi", (
        "di_id", "kind", "has_low", "low", "has_high", "high", "unit", "text")),
    "med.udi.size": ("udi", ("di_id", "kind", "value", "unit", "text")),
    "med.inspection.plan": ("plan", ()),  # never changed once approved: its steps are guarded
    "med.label.template": ("label", ("state", "active")),
    "product.template": ("product", (
        "active", "tracking", "uom_id", "use_expiration_date", "expiration_time",
        "med_controlled")),
}


class MedChangeGuardMixin(models.AbstractModel):
    """Refuses what would change a product under change control without an approved change.

    Superuser code is refused too; what does not take effect (a draft, a revision bound to an open
    change) is not looked at, and neither is a product that is not under change control.
    """

    _name = "med.change.guard.mixin"
    _description = "Guarded by Change Control"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._med_guard()
        return records

    def write(self, vals):
        changed = self._med_guard_changed(vals)
        changed._med_guard(vals)
        result = super().write(vals)
        changed._med_guard(vals)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_controlled(self):
        self._med_guard()

    def _med_guard_changed(self, vals):
        """Return the records of which these values would change something guarded."""
        names = [name for name in GUARDED[self._name][1] if name in vals and name in self._fields]
        return self.filtered(lambda one: any(one._med_differs(name, vals[name])
                                             for name in names)) if names else self.browse()

    def _med_differs(self, name, value):
        field = self._fields[name]
        if field.type.endswith("2many"):
            return bool(value)
        cached = field.convert_to_cache(value, self)
        return field.convert_to_record(cached, self) != self[name]

    def _med_guard(self, vals=None):
        """Raise where one of these takes effect on a product that no open change names.

        :param vals: what is written; None where records come or go
        """
        records = self.sudo()._med_guard_effective(vals)
        held = {one: one._med_guard_products().filtered("med_change_control") for one in records}
        if not any(held.values()):
            return
        subject = GUARDED[self._name][0]
        changes = self.env["med.change"]._med_implementing(
            self.env["product.template"].union(*held.values()), subject)
        for record, products in held.items():
            for product in products:
                if not record._med_guard_bound(changes.get(product.id, changes["none"]), vals):
                    record._med_guard_refuse(product, subject, changes.get(product.id))

    def _med_guard_effective(self, vals):
        """Return those of these that take effect. For models to narrow."""
        return self

    def _med_guard_products(self):
        """Return the products that this record makes what they are."""
        return self.product_tmpl_id

    def _med_guard_bound(self, changes, vals):
        """Return whether an open change, which names product and subject, covers this record."""
        return bool(changes)

    def _med_guard_refuse(self, product, subject, changes=None):
        raise UserError(self.env._(
            "%(product)s is under change control: its %(subject)s change only by an approved "
            "change that names the product and ticks that subject. Request one under "
            "Changes.", product=product.display_name,
            subject=self.env._(dict(SUBJECTS)[subject])))  # pylint: disable=gettext-variable


class MedChange(models.Model):
    _inherit = "med.change"

    def _med_is_implementing(self):
        """Return whether it may be carried out: approved, or an emergency not yet decided."""
        self.ensure_one()
        return self.state in ("approved", "emergency") or (
            self.state == "assessed" and self.emergency)

    @api.model
    def _med_implementing(self, products, subject):
        """Return ``{product template id: open changes that name it}``, with "none" for none."""
        found = {"none": self.sudo().browse()}
        if f"for_{subject}" not in NAMED:
            return found
        changes = self.sudo().search([
            ("product_tmpl_ids", "in", products.ids), (f"for_{subject}", "=", True),
            "|", ("state", "in", ("approved", "emergency")),
            "&", ("state", "=", "assessed"), ("emergency", "=", True)])
        for product in products:
            found[product.id] = changes.filtered(
                lambda one, it=product: it.id in one.product_tmpl_ids.ids)
        return found
