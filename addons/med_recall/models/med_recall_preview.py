from collections import defaultdict

from odoo import api, models
from odoo.addons.med_traceability.models.med_genealogy_walk import int_array
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.gc import disabling_gc

VERSION = 1
MOST = 10_000
WAITING = ("waiting", "confirmed", "partially_available", "assigned")


class MedRecall(models.Model):
    """What a scope would be, before anything is stopped."""

    _inherit = "med.recall"

    @api.model
    def preview(self, criteria: list, limit: int = 500):
        """Return what these criteria mean now: lots, stock, work, consignees. Changes nothing.

        :param criteria: list of objects; what stands in one is joined by "and", the objects by
            "or"; one with ``"exclude": true`` takes away what it fits, and what was made of that
            alone. Names as in `stock.lot.med_trace_by`, and ``serial_range`` (``{"product_id",
            "from", "to"}``), ``step`` (``{"process", "operation", "workcenter_id", "equipment",
            "from", "to"}``, at least one), ``reading`` (``{"characteristic", "below", "above"}``,
            limits as decimal text), ``component_id``, ``bom_id``
        :param limit: at most so many rows in each list; the totals count all
        :return: ``{"version", "digest", "criteria", "totals", "lots", "stock", "work",
            "documents", "consignees", "not_stoppable", "withheld"}``. Quantities are in the unit
            of the product. ``not_stoppable`` are products that are not controlled: they are found,
            and nothing holds them. ``withheld`` counts what is of companies that are not yours.
        :raise UserError: an argument is wrong
        """
        self._med_check_reader(limit)
        found = self.env["med.recall.find"]._found(criteria, self.env.company)
        return self._med_preview(found, limit)

    def preview_recall(self, limit: int = 500):
        """Return what the criteria of this recall mean now, as :meth:`preview` tells it."""
        self.ensure_one()
        self.check_access("read")
        self._med_check_reader(limit)
        return self._med_preview(self._med_find(), limit)

    @api.model
    def _med_check_reader(self, limit):
        self.browse().check_access("read")
        self.env["stock.lot"].browse().check_access("read")
        if type(limit) is not int or not 0 <= limit <= MOST:
            raise UserError(self.env._("“limit” must be a whole number from 0 to %s.", MOST))

    @api.model
    def _med_preview(self, found, limit):
        """Return :class:`Found` in words, as far as the user's companies go."""
        told = self.env["med.recall.preview"].sudo()
        with disabling_gc():
            seen = told._seen(found.lots)
            parties = [one for one in found.parties if not one.lot or one.lot in seen]
            stock, on_hand = told.env["stock.lot"]._med_stock(seen)
            sums = self.env["med.recall.find"]._sums(parties)
            exact = sum(how.exact for lot, how in found.lots.items() if lot in seen)
            wild = told._not_stoppable(seen)
            stock = told._stock(stock, limit)
            documents, work = told._documents(seen, limit), told._work(seen, limit)
            consignees = told._consignees(parties, limit)
        return {
            "version": VERSION, "digest": found.digest, "criteria": found.query,
            "totals": {
                "lots": len(seen), "exact": exact, "possible": len(seen) - exact,
                "untracked": len(found.pools),
                "consignees": len({one.partner for one in parties if one.partner}),
                "without_consignee": sum(not one.partner for one in parties),
                "places": stock["total"], "documents": documents["total"],
                "picked": documents["picked"], "orders": work["total"],
                "not_stoppable": sum(row["lots"] for row in wild)},
            "lots": told._lots(found.lots, seen, on_hand, sums, limit),
            "stock": stock["rows"], "work": work["rows"], "documents": documents["rows"],
            "consignees": consignees, "not_stoppable": wild,
            "withheld": {"lots": len(found.lots) - len(seen),
                         "consignees": len(found.parties) - len(parties)}}


class MedRecallPreview(models.AbstractModel):
    """The tables of a preview, each by one query."""

    _name = "med.recall.preview"
    _description = "Preview of a Recall"

    def _seen(self, lots):
        """Return the set of those lots that the user's companies may see."""
        return {lot for (lot,) in self.env.execute_query(SQL("""
            SELECT id FROM stock_lot WHERE id = ANY(%s::int[])
               AND (company_id IS NULL OR company_id = ANY(%s))""",
            int_array(lots), self.env.user.company_ids.ids))}

    def _not_stoppable(self, lots):
        return [{"product_id": product, "product": name, "lots": count}
                for product, name, count in self.env.execute_query(SQL("""
            SELECT p.id, COALESCE(t.name ->> %s, t.name ->> 'en_US'), count(*)::int
              FROM stock_lot l JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE l.id = ANY(%s::int[]) AND NOT COALESCE(t.med_controlled, FALSE)
          GROUP BY 1, 2 ORDER BY 3 DESC, 1""", self._lang(), int_array(lots)))]

    def _lang(self):
        return self.env.lang or "en_US"

    def _lots(self, found, seen, on_hand, sums, limit):
        """Return the first lots, those that the criteria name first."""
        first = sorted(seen, key=lambda lot: (found[lot].level, lot))[:limit]
        rows = {row[0]: row[1:] for row in self.env.execute_query(SQL("""
            SELECT l.id, l.name, p.id, COALESCE(t.name ->> %(lang)s, t.name ->> 'en_US'),
                   COALESCE(t.med_controlled, FALSE), COALESCE(l.company_id, 0),
                   COALESCE(u.name ->> %(lang)s, u.name ->> 'en_US')
              FROM stock_lot l JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom u ON u.id = t.uom_id
             WHERE l.id = ANY(%(lots)s::int[])""", lang=self._lang(), lots=int_array(first)))}
        return [{
            "id": lot, "name": name, "product_id": product, "product": label,
            "level": found[lot].level, "exact": found[lot].exact, "stoppable": controlled,
            "company_id": company, "on_hand": on_hand.get(lot, 0.0), "uom": uom,
            "shipped": sums[lot][0] if lot in sums else 0.0,
            "returned": sums[lot][1] if lot in sums else 0.0}
            for lot in first for name, product, label, controlled, company, uom in (rows[lot],)]

    def _stock(self, stock, limit):
        """Return what stands where, of which product.

        :param stock: list of (lot, location, quantity)
        """
        lots, places, quantities = (zip(*stock, strict=True) if stock else ((), (), ()))
        rows = self.env.execute_query(SQL("""
            SELECT o.id, o.complete_name, o.usage, COALESCE(o.company_id, 0), l.product_id,
                   COALESCE(t.name ->> %(lang)s, t.name ->> 'en_US'), count(*)::int,
                   sum(s.quantity)::float8
              FROM unnest(%(lots)s::int[], %(places)s::int[], %(quantities)s::numeric[])
                   s(lot, place, quantity)
              JOIN stock_lot l ON l.id = s.lot JOIN stock_location o ON o.id = s.place
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
          GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2, 6""",
            lang=self._lang(), lots=list(lots), places=list(places), quantities=list(quantities)))
        keys = ("location_id", "location", "usage", "company_id", "product_id", "product", "lots",
                "quantity")
        return {"total": len(rows),
                "rows": [dict(zip(keys, row, strict=True)) for row in rows[:limit]]}

    def _documents(self, lots, limit):
        """Return the open transfers and orders that would take some of the lots."""
        rows = self.env.execute_query(SQL("""
            SELECT CASE WHEN m.raw_material_production_id IS NOT NULL THEN 'mrp.production'
                        WHEN m.picking_id IS NOT NULL THEN 'stock.picking'
                        ELSE 'stock.move' END,
                   COALESCE(m.raw_material_production_id, m.picking_id, m.id),
                   COALESCE(o.name, sp.name, m.reference, ''), COALESCE(t.code, ''),
                   COALESCE(sp.partner_id, m.partner_id, 0),
                   COALESCE(c.complete_name, c.name, ''),
                   COALESCE(sp.scheduled_date, m.date)::text,
                   count(DISTINCT ml.lot_id)::int, sum(ml.quantity_product_uom)::float8,
                   COALESCE(sum(ml.quantity_product_uom) FILTER (WHERE ml.picked), 0)::float8
              FROM stock_move m JOIN stock_move_line ml ON ml.move_id = m.id
         LEFT JOIN stock_picking sp ON sp.id = m.picking_id
         LEFT JOIN mrp_production o ON o.id = m.raw_material_production_id
         LEFT JOIN stock_picking_type t ON t.id = m.picking_type_id
         LEFT JOIN res_partner c ON c.id = COALESCE(sp.partner_id, m.partner_id)
             WHERE m.state IN %s AND ml.lot_id = ANY(%s::int[]) AND ml.quantity <> 0
          GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 10 DESC, 7, 2""", WAITING, int_array(lots)))
        keys = ("model", "res_id", "name", "kind", "partner_id", "partner", "date", "lots",
                "quantity", "picked")
        return {"total": len(rows), "picked": sum(row[9] > 0 for row in rows),
                "rows": [dict(zip(keys, row, strict=True)) for row in rows[:limit]]}

    def _work(self, lots, limit):
        """Return the orders under way that hold some of the lots, or make them."""
        rows = self.env.execute_query(SQL("""
            WITH under_way AS MATERIALIZED (
                SELECT DISTINCT production_id AS id FROM stock_move
                 WHERE state IN %(waiting)s AND production_id IS NOT NULL
            ), work AS (
                SELECT m.raw_material_production_id AS id, ml.lot_id, FALSE AS makes
                  FROM under_way w JOIN stock_move m ON m.raw_material_production_id = w.id
                  JOIN stock_move_line ml ON ml.move_id = m.id
                 WHERE ml.lot_id = ANY(%(lots)s::int[]) AND m.state <> 'cancel'
                 UNION
                SELECT r.mrp_production_id, r.stock_lot_id, TRUE
                  FROM under_way w JOIN mrp_production_stock_lot_rel r
                    ON r.mrp_production_id = w.id
                 WHERE r.stock_lot_id = ANY(%(lots)s::int[]))
            SELECT o.id, o.name, o.state, o.product_id,
                   COALESCE(t.name ->> %(lang)s, t.name ->> 'en_US'),
                   count(DISTINCT work.lot_id) FILTER (WHERE NOT makes)::int,
                   count(DISTINCT work.lot_id) FILTER (WHERE makes)::int,
                   COALESCE((SELECT string_agg(w.name, ', ' ORDER BY w.id) FROM mrp_workorder w
                     WHERE w.production_id = o.id AND w.state NOT IN ('done', 'cancel')), '')
              FROM work JOIN mrp_production o ON o.id = work.id
              JOIN product_product p ON p.id = o.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
          GROUP BY 1, 2, 3, 4, 5 ORDER BY 1""",
            lots=int_array(lots), lang=self._lang(), waiting=WAITING))
        keys = ("production_id", "name", "state", "product_id", "product", "takes", "makes",
                "workorders")
        return {"total": len(rows),
                "rows": [dict(zip(keys, row, strict=True)) for row in rows[:limit]]}

    def _consignees(self, parties, limit):
        """Return, for each consignee, what he received and gave back, by product."""
        sums = defaultdict(lambda: defaultdict(lambda: [0, 0.0, 0.0]))
        for one in parties:
            row = sums[one.partner][one.product]
            row[0] += bool(one.lot)
            row[1] = round(row[1] + one.shipped, 6)
            row[2] = round(row[2] + one.returned, 6)
        names = self.env["stock.lot"]._med_partner_rows(sums)
        products = self.env["stock.lot"]._med_products({one.product for one in parties})
        first = sorted(sums, key=lambda partner: (names[partner]["partner"], partner))[:limit]
        return [names[partner] | {"products": [{
            "product_id": product, "product": products[product][0], "lots": lots,
            "shipped": shipped, "returned": returned, "net": round(shipped - returned, 6),
            "uom": products[product][2]}
            for product, (lots, shipped, returned) in sorted(sums[partner].items())]}
            for partner in first]
