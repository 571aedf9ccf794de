from odoo import models
from odoo.fields import Domain


class MedExchangeStockCompare(models.AbstractModel):
    """What our records say is at a place of somebody else's keeping."""

    _name = "med.exchange.stock.compare"
    _description = "Stock Compared With a Statement"

    def _med_place(self, partner, code):
        """Return the place that a statement speaks of, where this partner keeps goods.

        A party may only state about a place that a warehouse addresses to it, or that is its
        own as a processor; a system of ours about any internal place of the company.
        """
        Location = self.env["stock.location"]
        inside = Domain("usage", "=", "internal") & Domain(
            "company_id", "=", partner.company_id.id)
        places = Location.search(inside & (
            Domain("barcode", "=", code) | Domain("complete_name", "=", code)))
        places = places or self.env["stock.warehouse"].search([
            ("code", "=", code), ("company_id", "=", partner.company_id.id)]).lot_stock_id
        if len(places) != 1:
            return Location
        return places if partner.goods_scope == "all" else places & self._med_places_of(partner)

    def _med_places_of(self, partner):
        """Return the places in the hands of a partner's organisation."""
        members = self.env["res.partner"].with_context(active_test=False).search(
            [("id", "child_of", partner.partner_id.commercial_partner_id.id)])
        roots = self.env["stock.warehouse"].search([
            ("partner_id", "in", members.ids), ("company_id", "=", partner.company_id.id),
        ]).view_location_id
        if "property_stock_subcontractor" in members._fields:
            own = members.with_company(partner.company_id).property_stock_subcontractor
            shared = partner.company_id.subcontracting_location_id
            roots |= own - shared
        return self.env["stock.location"].search([("id", "child_of", roots.ids)])

    def _med_on_hand(self, place):
        """Return ``{(owner, product, lot): quantity}`` at a place and below."""
        rows = self.env["stock.quant"]._read_group(
            [("location_id", "child_of", place.id)], ["owner_id", "product_id", "lot_id"],
            ["quantity:sum"])
        return {(owner, product, lot): amount for owner, product, lot, amount in rows
                if product.uom_id.compare(amount, 0)}
