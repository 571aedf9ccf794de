"""Takes back what was reserved of lots that are held, many at once.

Functions, not methods: nobody calls them from outside.
"""

from odoo.tools import SQL


def unreserve(env, lot_ids):
    """Free the lines that would use these lots, and tell of those that were picked already.

    Quants are corrected by SQL and lines set to nothing, then the lines are removed in one call,
    so that whatever other addons do at removal still runs: 10,000 lines one by one take minutes.

    :return: ``(number of lines freed, [{"line", "lot", "document"} of what was picked])``
    """
    lines = env["stock.move.line"].sudo().browse([one for [one] in env.execute_query(SQL("""
        SELECT ml.id FROM stock_move_line ml JOIN stock_move m ON m.id = ml.move_id
         WHERE ml.lot_id IN %s AND m.state NOT IN ('draft', 'done', 'cancel') AND ml.quantity > 0
      ORDER BY ml.id""", tuple(lot_ids)))])
    forbidden = env["med.status.rule"]._forbidden()["held"]
    lines = lines.filtered(lambda line: line._med_use() in forbidden)
    picked = lines.filtered("picked")
    freed = lines - picked
    count = len(freed)
    if freed:
        env.flush_all()
        env.cr.execute(SQL("""
            WITH wanted AS (
                SELECT product_id, location_id, lot_id, package_id, owner_id,
                       sum(quantity_product_uom) AS quantity
                  FROM stock_move_line WHERE id IN %(ids)s GROUP BY 1, 2, 3, 4, 5
            ), target AS (
                SELECT DISTINCT ON (w.product_id, w.location_id, w.lot_id, w.package_id, w.owner_id)
                       q.id, w.quantity
                  FROM wanted w JOIN stock_quant q
                    ON q.product_id = w.product_id AND q.location_id = w.location_id
                   AND q.lot_id = w.lot_id AND q.package_id IS NOT DISTINCT FROM w.package_id
                   AND q.owner_id IS NOT DISTINCT FROM w.owner_id
                   AND q.reserved_quantity >= w.quantity
              ORDER BY w.product_id, w.location_id, w.lot_id, w.package_id, w.owner_id,
                       q.reserved_quantity DESC
            )
            UPDATE stock_quant q SET reserved_quantity = q.reserved_quantity - t.quantity
              FROM target t WHERE q.id = t.id""", ids=tuple(freed.ids)))
        env.cr.execute(SQL(
            "UPDATE stock_move_line SET quantity = 0, quantity_product_uom = 0 WHERE id IN %s",
            tuple(freed.ids)))
        env.invalidate_all(flush=False)
        freed.unlink()
        env.flush_all()
    return count, [
        {"line": line.id, "lot": line.lot_id.id,
         "document": line.picking_id.name or line.move_id.reference or ""} for line in picked]
