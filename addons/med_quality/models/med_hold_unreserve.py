"""Takes back what was reserved of lots that are held, many at once.

Functions, not methods: nobody calls them from outside.
"""

from odoo.tools import SQL


def unreserve(env, lot_ids):
    """Free the lines that would use these lots, and tell of those that were picked already.

    :return: ``(number of lines freed, [{"line", "lot", "document"} of what was picked])``
    """
    freed, picked = [], []
    forbidden = env["med.status.rule"]._forbidden()["held"]
    Move, Location = env["stock.move"].sudo(), env["stock.location"].sudo()
    for move, source, target, taken, lines in env.execute_query(SQL("""
        SELECT m.id, ml.location_id, ml.location_dest_id, coalesce(ml.picked, false),
               array_agg(ml.id ORDER BY ml.id)
          FROM stock_move_line ml JOIN stock_move m ON m.id = ml.move_id
         WHERE ml.lot_id IN %s AND m.state NOT IN ('draft', 'done', 'cancel') AND ml.quantity > 0
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""", tuple(lot_ids))):
        use = Move.browse(move)._med_use(Location.browse(source), Location.browse(target))
        if use in forbidden:
            (picked if taken else freed).extend(lines)
    if freed:
        _remove(env["stock.move.line"].sudo().browse(freed))
    return len(freed), [
        {"line": line.id, "lot": line.lot_id.id,
         "document": line.picking_id.name or line.move_id.reference or ""}
        for line in env["stock.move.line"].sudo().browse(picked)]


def _remove(lines):
    """Remove reserved lines in one call, and free their quants in one statement.

    Core frees the quant of each line it removes, one by one: 10,000 take half a minute. Here the
    lines are empty in the cache while they are removed, so that core has nothing to free and all
    overrides still run; the trail keeps the quantity that each line had. What is left reserved is
    then written as a number, not subtracted, so that an override that drops the cache, and makes
    core free a line after all, frees nothing twice.
    """
    env = lines.env
    env.flush_all()
    left = env.execute_query(SQL("""
        WITH wanted AS (
            SELECT product_id, location_id, lot_id, package_id, owner_id,
                   sum(quantity_product_uom) AS quantity
              FROM stock_move_line WHERE id IN %s GROUP BY 1, 2, 3, 4, 5
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
        SELECT q.id, q.reserved_quantity - t.quantity
          FROM target t JOIN stock_quant q ON q.id = t.id FOR UPDATE OF q""", tuple(lines.ids)))
    env.invalidate_all(flush=False)
    for name in ("quantity", "quantity_product_uom"):
        lines._fields[name]._update_cache(lines, 0.0)
    lines.unlink()
    env.flush_all()
    env.cr.execute(SQL("""
        UPDATE stock_quant q SET reserved_quantity = t.reserved
          FROM unnest(%s, %s::numeric[]) AS t (id, reserved) WHERE q.id = t.id""",
        [quant for quant, _reserved in left], [reserved for _quant, reserved in left]))
    env["stock.quant"].invalidate_model(["reserved_quantity"], flush=False)
