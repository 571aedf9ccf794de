from odoo import models
from odoo.exceptions import UserError


class MedCapaRequest(models.Model):
    """What a partner may be told of: his own goods, and nonconformities that are about him."""

    _inherit = "med.capa.request"

    def _med_members(self, partner=None):
        """Return the contacts of the organisation that is asked, itself among them."""
        return self.env["res.partner"].sudo().with_context(active_test=False).search([
            ("id", "child_of", (partner or self.sudo().partner_id).commercial_partner_id.id)])

    def _med_own_lots(self, lots):
        """Return those of some lots that this partner made, delivered, processed or received."""
        self.ensure_one()
        return self.env["med.exchange.lot"].sudo()._med_of_party(
            self._med_probe(), lots.sudo(), self._med_members())

    def _med_own_products(self, products):
        """Return those of some products that this partner has to do with."""
        self.ensure_one()
        return self.env["med.exchange.product"].sudo()._med_of_party(
            self._med_probe(), products.sudo(), self._med_members())

    def _med_own_nonconformity(self):
        """Return whether the nonconformity named is about this partner, or was told by him."""
        members, case = self._med_members(), self.sudo().nonconformity_id
        return bool(case.partner_id in members
                    or case.exchange_partner_id.partner_id in members)

    def _med_probe(self):
        # Only its company is read; a partner without any exchange is asked as well.
        return self.env["med.exchange.partner"].sudo().new({
            "company_id": self.sudo().company_id.id})

    def _med_check_own(self):
        """Refuse to tell a partner of goods or nonconformities that are not his."""
        one, who = self.sudo(), self.sudo().partner_id.display_name
        if strange := one.lot_ids - one._med_own_lots(one.lot_ids):
            raise UserError(self.env._(
                "%(partner)s has nothing to do with the lot %(lot)s: take it out of the request.",
                partner=who, lot=strange[0].display_name))
        rest = one.product_ids - one.lot_ids.product_id
        own = one.nonconformity_id and one._med_own_nonconformity()
        if own:
            rest -= one.nonconformity_id.product_id
        if strange := rest - one._med_own_products(rest):
            raise UserError(self.env._(
                "%(partner)s has nothing to do with %(product)s: take it out of the request.",
                partner=who, product=strange[0].display_name))
        if one.nonconformity_id and not own:
            raise UserError(self.env._(
                "%(number)s is neither about %(partner)s nor told by it: leave the nonconformity "
                "out.", number=one.nonconformity_id.name, partner=who))
