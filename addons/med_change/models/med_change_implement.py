from odoo import models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError

from .med_change import QUALITY


class MedChange(models.Model):
    """Carrying a change out: revisions of bills of materials, and the versions that follow."""

    _inherit = "med.change"

    def action_revisions(self):
        """Make a revision of each bill of materials of the products, and open them."""
        self.ensure_one()
        self._med_check_mine(later=True)
        if not self._med_is_implementing() or not (self.for_bom or self.for_operation):
            raise UserError(self.env._(
                "%s: revisions are made once it is approved, where it names bills of materials "
                "or operations.", self.name))
        Bom = self.env["mrp.bom"]
        boms = Bom.search([("product_tmpl_id", "in", self.product_tmpl_ids.ids)])
        made = Bom.union(*(bom._med_revise(self) for bom in boms))
        for product in self.product_tmpl_ids - boms.product_tmpl_id:
            if not self.bom_ids.filtered(lambda one, it=product: one.product_tmpl_id == it):
                with permit(Bom._name, (), (self.id, False)):
                    made |= Bom.create({
                        "product_tmpl_id": product.id, "active": False, "med_change_id": self.id})
        return {"type": "ir.actions.act_window", "res_model": "mrp.bom",
                "name": self.env._("Revisions"), "view_mode": "list,form",
                "domain": [("id", "in", (made | self.bom_ids).ids)],
                "context": {"active_test": False}}

    def action_put_in_force(self):
        """Put what an emergency has changed so far into force; quality assurance does.

        :return: True
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("This is for quality assurance."))
        self._med_lock()
        if not (self.emergency and self._med_is_implementing()):
            raise UserError(self.env._(
                "%s: only what an emergency changes is put in force before it is approved and "
                "verified.", self.name))
        self.sudo()._med_put_in_force()
        return True

    def _med_put_in_force(self):
        """Swap bills of materials and write versions; either all or nothing.

        Products are locked first, so that an order confirmed at the same time is made to the one
        version or the other.
        """
        products = self.product_tmpl_ids.sudo()
        products.filtered("med_change_control").lock_for_update(allow_referencing=True)
        self.bom_ids.filtered(lambda bom: not bom.active)._med_swap()
        made = self.env["med.product.version"]._med_take(
            products.filtered("med_change_control"), self)
        if made:
            self._med_note(self.env._("In force: %s", ", ".join(made.mapped("display_name"))))

    def action_versions(self):
        """Open the versions that this change made."""
        return {"type": "ir.actions.act_window", "res_model": "med.product.version",
                "view_mode": "list,form", "name": self.env._("Versions"),
                "domain": [("change_id", "in", self.ids)]}

    def action_boms(self):
        """Open the revisions of this change."""
        return {"type": "ir.actions.act_window", "res_model": "mrp.bom",
                "view_mode": "list,form", "name": self.env._("Revisions"),
                "domain": [("med_change_id", "in", self.ids)],
                "context": {"active_test": False}}
