from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.box import NEEDED


class MedDeviation(models.Model):
    """What must be there before a deviation is submitted, approved and closed."""

    _inherit = "med.deviation"

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name in ("submit", "approve"):
            self._check_complete()
            self._check_units()
        if transition.name == "approve":
            self._check_approvable()

    def _check_complete(self):
        if lacking := [name for name in NEEDED[self.kind] if not self[name]]:
            raise UserError(self.env._(
                "%(name)s: still to be filled in: %(fields)s.", name=self.name,
                fields=", ".join(map(self._med_field_label, lacking))))

    def _check_units(self):
        if self.quantity and not self.uom_id:
            raise UserError(self.env._("%(name)s: the quantity has no unit.", name=self.name))
        if strange := self.uom_id and self.product_ids.filtered(
                lambda product: not product.uom_id._has_common_reference(self.uom_id)):
            raise UserError(self.env._(
                "%(name)s counts in %(unit)s, and %(products)s does not.", name=self.name,
                unit=self.uom_id.name, products=", ".join(strange[:5].mapped("display_name"))))

    def _check_approvable(self):
        if self.kind == "concession" and not self.legal_ok:
            raise UserError(self.env._(
                "%(name)s: a concession is approved only where the legal requirements are met, "
                "and it says so.", name=self.name))
        if self.date_to and self.date_to <= fields.Datetime.now():
            raise UserError(self.env._(
                "%(name)s would have ended already: give it another time.", name=self.name))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "approve":
            self._med_store({"approved_at": fields.Datetime.now()})
        elif transition.name != "submit":
            self.activity_ids.unlink()
