from odoo import models
from odoo.tools import SQL


class MedProcessor(models.Model):
    """What came to a processor's place, what left it, and what is there."""

    _inherit = "med.processor"

    def _med_postings(self, begin, end, lots=None):
        """Return ``(product id, lot id or 0, at, side, kind, quantity)``, summed, by one query.

        ``at`` is ``before``, ``within`` or ``after`` the period; ``side`` is ``in``, ``out``, or
        ``there`` for what the stock says; ``kind`` is of ``tools/sums.py``; quantities are
        exact text, in the product's unit. What moves within the place is no posting.

        :param begin: first moment of the period (naive UTC); ``end``: the first one after it
        :param lots: only of these lots
        """
        self.ensure_one()
        place = self.sudo().location_id
        if not place:
            return []
        self.env.flush_all()
        only = SQL("AND lot_id = ANY(%s)", lots.ids) if lots is not None else SQL()
        return self.env.execute_query(SQL(
            """
            WITH place AS MATERIALIZED (
                SELECT id FROM stock_location WHERE parent_path LIKE %(path)s
            ), posted AS (
                SELECT product_id, lot_id, date, move_id, quantity_product_uom AS quantity,
                       'in' AS side, location_id AS other
                  FROM stock_move_line
                 WHERE location_dest_id IN (SELECT id FROM place) AND state = 'done' %(only)s
                   AND location_id NOT IN (SELECT id FROM place)
                 UNION ALL
                SELECT product_id, lot_id, date, move_id, quantity_product_uom,
                       'out', location_dest_id
                  FROM stock_move_line
                 WHERE location_id IN (SELECT id FROM place) AND state = 'done' %(only)s
                   AND location_dest_id NOT IN (SELECT id FROM place)
            )
            SELECT p.product_id, COALESCE(p.lot_id, 0),
                   CASE WHEN p.date < %(begin)s THEN 'before'
                        WHEN p.date < %(end)s THEN 'within' ELSE 'after' END,
                   p.side,
                   CASE WHEN m.scrap_id IS NOT NULL THEN 'scrap'
                        WHEN m.unbuild_id IS NOT NULL OR m.consume_unbuild_id IS NOT NULL
                        THEN 'unbuild'
                        WHEN m.med_repack_id IS NOT NULL THEN 'repack'
                        WHEN m.is_inventory THEN 'count'
                        WHEN m.raw_material_production_id IS NOT NULL THEN 'material'
                        WHEN m.production_id IS NOT NULL THEN 'product'
                        WHEN o.usage = 'inventory' THEN 'scrap'
                        WHEN o.usage IN ('internal', 'transit', 'supplier', 'customer')
                        THEN 'transfer'
                        ELSE 'other' END,
                   sum(p.quantity)::text
              FROM posted p
              JOIN stock_move m ON m.id = p.move_id
              JOIN stock_location o ON o.id = p.other
          GROUP BY 1, 2, 3, 4, 5
            HAVING sum(p.quantity) <> 0
             UNION ALL
            SELECT product_id, COALESCE(lot_id, 0), 'after', 'there', '',
                   COALESCE(sum(quantity), 0)::text
              FROM stock_quant
             WHERE location_id IN (SELECT id FROM place) %(only)s
          GROUP BY 1, 2
            """, path=f"{place.parent_path}%", begin=begin, end=end, only=only))
