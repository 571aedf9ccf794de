from odoo import api, models
from odoo.tools import SQL

from ..tools.kinds import TRANSFORMATIONS


class MedGenealogy(models.AbstractModel):
    """Posts done move lines as genealogy, by one projection.

    What a done move line means for the genealogy is said once, in `_sql_projection`. Posting, an
    edit after posting, the back-fill of an existing database, the check and the rebuild all
    compare the stored lines with that projection, so that they cannot disagree.

    A bridge adds its document to `_sql_orders` and, where it names the processor,
    `_sql_partner`.
    """

    _name = 'med.genealogy'
    _description = 'Genealogy Posting'

    # ------------------------------------------------------------------ what a move line means

    def _sql_orders(self):
        """Return the documents that turn one thing into another.

        :return: list of ``(model, id, kind going in, kind coming out, name)``; SQL over the
            aliases ``sm`` (stock_move) and ``ml`` (stock_move_line), first non-null id wins
        """
        order = SQL("COALESCE(sm.raw_material_production_id, sm.production_id)")
        return [
            ('mrp.unbuild', SQL("COALESCE(sm.unbuild_id, sm.consume_unbuild_id)"),
             SQL("'unbuild'"), SQL("'unbuild'"),
             SQL("(SELECT name FROM mrp_unbuild WHERE id = x.res_id)")),
            ('med.repack', SQL("sm.med_repack_id"),
             *[SQL("(SELECT kind FROM med_repack WHERE id = sm.med_repack_id)")] * 2,
             SQL("(SELECT name FROM med_repack WHERE id = x.res_id)")),
            ('mrp.production', order, *[self._sql_manufacture_kind(order)] * 2,
             SQL("(SELECT name FROM mrp_production WHERE id = x.res_id)")),
        ]

    def _sql_manufacture_kind(self, order):
        """Return SQL for the kind of event that a manufacturing order posts.

        :param order: SQL for its id
        """
        return SQL("'manufacture'")

    def _sql_partner(self):
        """Return SQL for the supplier, processor or consignee of ``x`` (see `_sql_projection`).

        A drop-shipment bears the supplier, and its moves bear the consignee.
        """
        return SQL(
            "CASE WHEN x.kind = 'delivery' AND src.usage = 'supplier' "
            "THEN COALESCE(sm.partner_id, sp.partner_id) "
            "ELSE COALESCE(sp.partner_id, sm.partner_id) END")

    def _sql_carriers(self):
        """Return extra candidate rows: units that an event is about without moving them.

        :return: list of SQL selects of (side, kind, res_model, res_id, quantity)
        """
        return []

    def _sql_projection(self, where):
        """Return the SELECT of what genealogy must hold of done move lines.

        A line counts where it crosses the border of our own stock (internal locations, and
        transit inside a company): one row when it leaves, one when it enters, both for a
        drop-shipment.

        :param where: SQL condition on ``ml``
        """
        orders = self._sql_orders()
        order_model = SQL("CASE %s END", SQL(" ").join(
            SQL("WHEN %s IS NOT NULL THEN %s", key, model) for model, key, *_rest in orders))
        order_id = SQL("COALESCE(%s)", SQL(", ").join(key for _model, key, *_rest in orders))
        names = SQL(" ").join(
            SQL("WHEN %s THEN %s", model, name) for model, _key, _in, _out, name in orders)
        # Odoo wipes the partner of a picking that serves several: each move is its own document.
        picking = SQL("CASE WHEN sp.partner_id IS NOT NULL OR sm.partner_id IS NULL "
                      "THEN sp.id END")
        sides = []
        for side, place, kinds, position in (
            ('in', SQL("dst"), SQL(
                "CASE dst.usage WHEN 'customer' THEN 'delivery' WHEN 'supplier' THEN "
                "'vendor_return' WHEN 'transit' THEN 'transfer' WHEN 'production' THEN "
                "'production' ELSE CASE WHEN sm.is_inventory THEN 'adjustment' ELSE 'scrap' END "
                "END"), 2),
            ('out', SQL("src"), SQL(
                "CASE src.usage WHEN 'customer' THEN 'return' WHEN 'supplier' THEN 'receipt' "
                "WHEN 'transit' THEN 'transfer' WHEN 'production' THEN 'production' ELSE "
                "CASE WHEN sm.is_inventory THEN 'adjustment' ELSE 'scrap' END END"), 3),
        ):
            order_kind = SQL("CASE %s END", SQL(" ").join(
                SQL("WHEN %s IS NOT NULL THEN %s", order[1], order[position])
                for order in orders))
            sides.append(SQL(
                """
                SELECT %(side)s AS side,
                       CASE WHEN %(place)s.usage = 'production'
                            THEN COALESCE(%(order_kind)s, 'production')
                            ELSE %(kinds)s END AS kind,
                       CASE WHEN %(place)s.usage = 'production' AND %(order_id)s IS NOT NULL
                            THEN %(order_model)s
                            WHEN sm.scrap_id IS NOT NULL THEN 'stock.scrap'
                            WHEN %(picking)s IS NOT NULL THEN 'stock.picking'
                            ELSE 'stock.move' END AS res_model,
                       COALESCE(CASE WHEN %(place)s.usage = 'production' THEN %(order_id)s END,
                                sm.scrap_id, %(picking)s, sm.id) AS res_id,
                       ml.quantity_product_uom AS quantity
                 WHERE NOT (%(place)s.usage = 'internal' OR
                            (%(place)s.usage = 'transit' AND %(place)s.company_id IS NOT NULL))
                """,
                side=side, place=place, kinds=kinds, order_kind=order_kind, order_id=order_id,
                order_model=order_model, picking=picking))
        return SQL(
            """
            SELECT ml.id AS move_line_id, ml.company_id, ml.product_id, ml.lot_id, ml.date,
                   x.side, x.kind, x.res_model, x.res_id, x.quantity,
                   %(partner)s AS partner_id,
                   CASE x.res_model WHEN 'med.repack' THEN
                       (SELECT reason FROM med_repack WHERE id = x.res_id) END AS reason,
                   COALESCE(CASE x.res_model %(names)s
                       WHEN 'stock.scrap' THEN (SELECT name FROM stock_scrap WHERE id = x.res_id)
                       WHEN 'stock.picking' THEN sp.name END, sm.reference, '?') AS name
              FROM stock_move_line ml
              JOIN stock_move sm ON sm.id = ml.move_id
              JOIN stock_location src ON src.id = ml.location_id
              JOIN stock_location dst ON dst.id = ml.location_dest_id
         LEFT JOIN stock_picking sp ON sp.id = COALESCE(ml.picking_id, sm.picking_id)
        CROSS JOIN LATERAL (%(sides)s) x
             WHERE ml.state = 'done' AND ml.quantity_product_uom <> 0 AND %(where)s
            """,
            partner=self._sql_partner(), names=names, where=where,
            sides=SQL(" UNION ALL ").join([*sides, *self._sql_carriers()]))

    # ------------------------------------------------------------------ posting

    @api.model
    def _post(self, move_lines, edited=False):
        """Bring the genealogy of these done move lines in step with the stock.

        :param move_lines: `stock.move.line` records
        :param edited: they may have been posted before: what no longer holds is superseded
        """
        if not move_lines:
            return
        for model in ('stock.move.line', 'stock.move', 'stock.picking', 'stock.scrap', 'stock.lot',
                      'mrp.workorder', *(order[0] for order in self._sql_orders())):
            self.env[model].flush_model()
        where = SQL("ml.id = ANY(%s)", list(move_lines.ids))
        lines = SQL("l.move_line_id = ANY(%s)", list(move_lines.ids))
        events = self._supersede(where, lines) if edited else []
        self._insert(where, events)
        if edited:
            self._pool_withdrawn(lines)
        self.env['med.genealogy.event'].invalidate_model()
        self.env['med.genealogy.line'].invalidate_model()

    def _supersede(self, where, lines):
        """Take lines out of force that the stock no longer bears out; return their events."""
        rows = self.env.execute_query(SQL(
            """
            UPDATE med_genealogy_line l
               SET active = FALSE, superseded_date = now() AT TIME ZONE 'UTC',
                   superseded_uid = %(uid)s
             WHERE l.active AND l.move_line_id IS NOT NULL AND %(lines)s
               AND NOT EXISTS (
                   SELECT 1 FROM (%(projection)s) p
                    WHERE p.move_line_id = l.move_line_id AND p.side = l.side
                      AND p.kind = l.kind AND p.quantity = l.quantity
                      AND p.lot_id IS NOT DISTINCT FROM l.lot_id)
         RETURNING l.event_id
            """, uid=self.env.uid, lines=lines, projection=self._sql_projection(where)))
        return [event for (event,) in rows]

    def _insert(self, where, touched=()):
        """Insert the lines that are missing, with their events, and settle what follows."""
        [(events, pooled, handed)] = self.env.execute_query(SQL(
            """
            WITH p AS MATERIALIZED (
                SELECT * FROM (%(projection)s) q WHERE NOT EXISTS (
                    SELECT 1 FROM med_genealogy_line l
                     WHERE l.active AND l.move_line_id = q.move_line_id AND l.side = q.side)
            ), e AS (
                INSERT INTO med_genealogy_event (name, kind, date, company_id, res_model, res_id,
                       partner_id, reason, create_uid, create_date, write_uid, write_date)
                SELECT DISTINCT ON (res_model, res_id, kind) name, kind, date, company_id,
                       res_model, res_id, partner_id, reason, %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM p ORDER BY res_model, res_id, kind, date
                    ON CONFLICT (res_model, res_id, kind)
                    DO UPDATE SET write_date = EXCLUDED.write_date
             RETURNING id, res_model, res_id, kind
            ), l AS (
                INSERT INTO med_genealogy_line (event_id, kind, side, active, date, company_id,
                       product_id, lot_id, quantity, move_line_id, transform, certain, linked,
                       open, node, create_uid, create_date, write_uid, write_date)
                SELECT e.id, p.kind, p.side, TRUE, p.date, p.company_id, p.product_id, p.lot_id,
                       p.quantity, p.move_line_id, p.kind = ANY(%(transformations)s), FALSE,
                       FALSE, TRUE, p.lot_id, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM p JOIN e USING (res_model, res_id, kind)
              ORDER BY p.date, p.side DESC, p.move_line_id
             RETURNING id, event_id, lot_id, transform, kind, side
            )
            SELECT array_agg(DISTINCT event_id) FILTER (WHERE transform),
                   array_agg(id ORDER BY id) FILTER (WHERE lot_id IS NULL),
                   array_agg(DISTINCT lot_id) FILTER (WHERE kind IN (
                       'receipt', 'return', 'transfer', 'delivery', 'vendor_return'))
              FROM l
            """, projection=self._sql_projection(where), uid=self.env.uid,
            transformations=list(TRANSFORMATIONS)))
        if pooled:
            self._pool(pooled)
        if handed:
            self._join_companies(handed)
        events = list({*(events or ()), *touched})
        if events:
            self._settle(events)
