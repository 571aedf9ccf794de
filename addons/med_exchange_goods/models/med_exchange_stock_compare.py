from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


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

    def _med_on_hand(self, place, moment):
        """Return ``{(owner, product, lot): quantity}`` at a place and below, as of a moment.

        What is there now, with every posted movement since then taken back: who counts at night
        is compared with the night, not with what was shipped in the morning.
        """
        # ``quantity_product_uom`` and ``is_storable`` are computed and stored.
        self.env.flush_all()
        inside = self.env["stock.location"].with_context(active_test=False).search(
            [("id", "child_of", place.id)]).ids
        rows = self.env.execute_query(SQL("""
            SELECT owner, product, lot, sum(amount)
              FROM (
                SELECT owner_id AS owner, product_id AS product, lot_id AS lot,
                       quantity AS amount
                  FROM stock_quant
                 WHERE location_id = ANY(%(inside)s)
             UNION ALL
                SELECT l.owner_id, l.product_id, l.lot_id,
                       CASE WHEN l.location_dest_id = ANY(%(inside)s)
                            THEN -l.quantity_product_uom ELSE l.quantity_product_uom END
                  FROM stock_move_line l
                  JOIN product_product p ON p.id = l.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE l.state = 'done' AND l.date > %(moment)s AND t.is_storable
                   AND (l.location_dest_id = ANY(%(inside)s))
                       <> (l.location_id = ANY(%(inside)s))) AS known
             GROUP BY owner, product, lot""", inside=inside, moment=moment))
        Owner, Product, Lot = (
            self.env[name] for name in ("res.partner", "product.product", "stock.lot"))
        Product.browse({row[1] for row in rows}).fetch(["uom_id"])
        return {(Owner.browse(owner or ()), product, Lot.browse(lot or ())): amount
                for owner, one, lot, amount in rows
                for product in [Product.browse(one)] if product.uom_id.compare(amount, 0)}
