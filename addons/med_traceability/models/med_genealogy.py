import logging
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.kinds import POOL_AWAY, POOL_BACK, TAKING_APART, TRANSFORMATIONS

_logger = logging.getLogger(__name__)

BATCH = 200_000
"""Move lines posted per statement when a whole database is back-filled."""

LAST_DIGIT = Decimal('0.000001')
"""A recorded share is rounded to this: a third of ten has no end in decimals."""


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
                      "THEN ml.picking_id END")
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
         LEFT JOIN stock_picking sp ON sp.id = ml.picking_id
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

    def _join_companies(self, lot_ids):
        """Join lots that another company of the database shipped under its own lot record.

        A product shared by companies shares its lots, and the walk needs no help. Where each
        company keeps a lot record of its own, the one received is the one shipped: same product,
        same number, shipped to that company. Either may be posted first.
        """
        self.env.cr.execute(
            """
            WITH pair AS (
                SELECT DISTINCT side.target, side.source FROM stock_lot lot
                  JOIN stock_lot other ON other.product_id = lot.product_id
                       AND other.name = lot.name AND other.company_id <> lot.company_id
            CROSS JOIN LATERAL (VALUES (lot.id, other.id), (other.id, lot.id))
                       side(target, source)
                 WHERE lot.id = ANY(%(lots)s)
            ), twin AS (
                SELECT pair.*, here.name, here.company_id, here.product_id
                  FROM pair JOIN stock_lot here ON here.id = pair.target
                  JOIN res_company company ON company.id = here.company_id
                 WHERE EXISTS (
                       SELECT 1 FROM med_genealogy_line arrived
                        WHERE arrived.lot_id = pair.target AND arrived.active
                          AND arrived.side = 'out'
                          AND arrived.kind IN ('receipt', 'return', 'transfer'))
                   AND EXISTS (
                       SELECT 1 FROM med_genealogy_line shipped
                         JOIN med_genealogy_event e ON e.id = shipped.event_id
                         JOIN res_partner p ON p.id = e.partner_id
                              AND COALESCE(p.commercial_partner_id, p.id) = company.partner_id
                        WHERE shipped.lot_id = pair.source AND shipped.active
                          AND shipped.side = 'in'
                          AND shipped.kind IN ('delivery', 'transfer', 'vendor_return'))
            ), e AS (
                INSERT INTO med_genealogy_event (name, kind, date, company_id, res_model, res_id,
                       create_uid, create_date, write_uid, write_date)
                SELECT DISTINCT ON (target) name, 'transfer', now() AT TIME ZONE 'UTC',
                       company_id, 'stock.lot', target, %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM twin ON CONFLICT (res_model, res_id, kind)
                    DO UPDATE SET write_date = EXCLUDED.write_date
             RETURNING id, date, res_id
            )
            INSERT INTO med_genealogy_line (event_id, kind, side, active, date, company_id,
                   product_id, lot_id, quantity, transform, certain, linked, open, node,
                   create_uid, create_date, write_uid, write_date)
            SELECT DISTINCT e.id, 'transfer', side.name, TRUE, e.date, twin.company_id,
                   twin.product_id, side.lot, 0, TRUE, TRUE, FALSE, TRUE, side.lot, %(uid)s,
                   now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM e JOIN twin ON twin.target = e.res_id
        CROSS JOIN LATERAL (VALUES ('in', twin.source), ('out', twin.target)) side(name, lot)
             WHERE NOT EXISTS (
                   SELECT 1 FROM med_genealogy_line old WHERE old.event_id = e.id
                      AND old.side = side.name AND old.lot_id = side.lot)
            """, {'lots': lot_ids, 'uid': self.env.uid})

    def _pool(self, line_ids):
        """Give untracked lines their place in the pool of their product.

        An inflow is a node; what flows out comes from the last inflow before it. An inflow
        carries over what the pool still held: a pool that ran empty cuts the chain. Stock that
        comes back, or is found by a count, was there before, and so was what is still out with a
        consignee: those carry over always. A pool that was overdrawn carries over too, and what
        was booked out before it came in counts as of the next inflow.
        """
        cr = self.env.cr
        cr.execute(
            """
            UPDATE med_genealogy_line l
               SET node = old.node, carry_node = old.carry_node, pool_shipped = old.pool_shipped,
                   pool_balance = old.pool_balance + l.quantity - old.quantity
              FROM (SELECT DISTINCT ON (l.id) l.id, old.node, old.carry_node, old.pool_balance,
                           old.pool_shipped, old.quantity
                      FROM med_genealogy_line l
                      JOIN med_genealogy_line old ON old.move_line_id = l.move_line_id
                           AND old.side = l.side AND old.lot_id IS NULL AND old.id < l.id
                           AND old.node IS NOT NULL AND NOT old.active
                     WHERE l.id = ANY(%s) ORDER BY l.id, old.id DESC) old
             WHERE l.id = old.id
            """, [line_ids])
        # Two inflows at once would both follow the same one: the later transaction starts again.
        cr.execute(
            """
            UPDATE product_product SET write_date = write_date WHERE id IN (
                SELECT product_id FROM med_genealogy_line
                 WHERE id = ANY(%s) AND side = 'out' AND node IS NULL)
            """, [line_ids])
        cr.execute(
            """
            WITH fresh AS (
                SELECT id, product_id, side, kind, quantity FROM med_genealogy_line
                 WHERE id = ANY(%(lines)s) AND node IS NULL
            ), before AS (
                SELECT p.product_id, p.first, i.node, i.pool_balance - used.quantity AS rest,
                       COALESCE(i.pool_shipped OR used.away, FALSE) AS away
                  FROM (SELECT product_id, min(id) AS first FROM fresh GROUP BY product_id) p
             LEFT JOIN LATERAL (
                       SELECT node, pool_balance, pool_shipped FROM med_genealogy_line
                        WHERE product_id = p.product_id AND lot_id IS NULL AND side = 'out'
                          AND active AND node > -p.first AND node < 0
                     ORDER BY node LIMIT 1) i ON TRUE
             LEFT JOIN LATERAL (
                       SELECT COALESCE(sum(quantity) FILTER (WHERE id > -i.node), 0) AS quantity,
                              bool_or(kind = ANY(%(away)s)) AS away
                         FROM med_genealogy_line
                        WHERE node = i.node AND lot_id IS NULL AND side = 'in' AND active
                       ) used ON TRUE
            ), ledger AS (
                SELECT product_id, 0 AS id, 'out' AS side, NULL AS kind, 0 AS quantity,
                       GREATEST(rest, 0) AS delta, node, away, COALESCE(rest < 0, TRUE) AS short
                  FROM before
                 UNION ALL
                SELECT product_id, id, side, kind, quantity,
                       CASE side WHEN 'out' THEN quantity ELSE -quantity END,
                       CASE side WHEN 'out' THEN -id END, side = 'in' AND kind = ANY(%(away)s),
                       FALSE FROM fresh
            ), running AS (
                SELECT *, sum(delta) OVER sofar AS total, bool_or(away) OVER sofar AS shipped,
                       count(*) FILTER (WHERE side = 'out') OVER sofar AS era
                  FROM ledger WINDOW sofar AS (PARTITION BY product_id ORDER BY id)
            ), floored AS (
                SELECT *, total - LEAST(0, min(total) OVER (PARTITION BY product_id ORDER BY id))
                       AS balance FROM running
            ), placed AS (
                SELECT *, lag(balance) OVER (PARTITION BY product_id ORDER BY id) AS rest
                  FROM floored
            ), era AS (
                SELECT product_id, era, min(node) AS node,
                       bool_or(short OR (side = 'in' AND quantity > rest)) AS short
                  FROM placed GROUP BY product_id, era
            ), settled AS (
                SELECT *, COALESCE(
                       min(era) FILTER (WHERE NOT short) OVER (
                           PARTITION BY product_id ORDER BY era
                           ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING),
                       max(era) OVER (PARTITION BY product_id)) AS served_by
                  FROM era
            ), changed AS (
                SELECT p.id, CASE p.side WHEN 'out' THEN p.node ELSE served.node END AS node,
                       CASE p.side WHEN 'out' THEN p.balance END AS pool_balance,
                       CASE p.side WHEN 'out' THEN p.shipped END AS pool_shipped,
                       CASE WHEN p.side = 'out' AND (p.rest > 0 OR p.shipped OR last.short
                                 OR p.kind = ANY(%(back)s)) THEN last.node END AS carry_node
                  FROM placed p
                  JOIN settled own ON own.product_id = p.product_id AND own.era = p.era
                  JOIN settled served ON served.product_id = p.product_id
                       AND served.era = own.served_by
             LEFT JOIN settled last ON last.product_id = p.product_id AND last.era = p.era - 1
                 WHERE p.id <> 0
                 UNION ALL
                SELECT l.id, served.node, NULL, NULL, NULL
                  FROM before b
                  JOIN settled own ON own.product_id = b.product_id AND own.era = 1
                  JOIN settled served ON served.product_id = b.product_id
                       AND served.era = own.served_by AND served.era > 1
            CROSS JOIN LATERAL (
                       SELECT id FROM med_genealogy_line
                        WHERE node = b.node AND lot_id IS NULL AND side = 'in' AND active
                        UNION ALL
                       SELECT id FROM med_genealogy_line
                        WHERE product_id = b.product_id AND b.node IS NULL AND node IS NULL
                          AND lot_id IS NULL AND side = 'in' AND active AND id < b.first) l
            )
            UPDATE med_genealogy_line l
               SET node = changed.node, pool_balance = changed.pool_balance,
                   pool_shipped = changed.pool_shipped, carry_node = changed.carry_node
              FROM changed WHERE l.id = changed.id
            """, {'lines': line_ids, 'away': list(POOL_AWAY), 'back': list(POOL_BACK)})

    def _pool_withdrawn(self, where):
        """Hand on what came after an inflow that turned out not to have happened.

        :param where: SQL condition on the move lines ``l.move_line_id`` that were edited
        """
        self.env.cr.execute(SQL(
            """
            WITH RECURSIVE gone AS (
                SELECT l.node, max(l.carry_node) AS carry_node FROM med_genealogy_line l
                 WHERE NOT l.active AND l.lot_id IS NULL AND l.side = 'out' AND l.node < 0
                   AND %s AND NOT EXISTS (
                       SELECT 1 FROM med_genealogy_line o WHERE o.node = l.node AND o.active
                          AND o.side = 'out' AND o.lot_id IS NULL)
              GROUP BY l.node
            ), heir AS (
                SELECT node, carry_node AS heir FROM gone
                 UNION
                SELECT heir.node, gone.carry_node FROM heir JOIN gone ON gone.node = heir.heir
            ), last AS (
                SELECT DISTINCT ON (node) node, heir FROM heir
                 WHERE heir IS NULL OR heir NOT IN (SELECT node FROM gone)
              ORDER BY node, heir DESC NULLS LAST
            )
            UPDATE med_genealogy_line l
               SET node = CASE WHEN l.node = last.node THEN last.heir ELSE l.node END,
                   carry_node = CASE WHEN l.carry_node = last.node THEN last.heir
                                     ELSE l.carry_node END
              FROM last
             WHERE l.active AND l.lot_id IS NULL AND (
                   (l.side = 'in' AND l.node = last.node) OR l.carry_node = last.node)
            """, where))

    def _settle(self, event_ids):
        """Work out what is certain in these events, who did them, and apply recorded parts."""
        self.env.cr.execute(
            """
            WITH lines AS (
                SELECT id, event_id, kind, side, product_id, lot_id, certain,
                       COALESCE(node, 0) AS node
                  FROM med_genealogy_line
                 WHERE event_id = ANY(%(events)s) AND active AND transform
            ), outputs AS (
                SELECT event_id, count(DISTINCT node) AS n FROM lines WHERE side = 'out'
              GROUP BY event_id
            ), inputs AS (
                SELECT event_id, product_id, count(DISTINCT node) AS n FROM lines
                 WHERE side = 'in' GROUP BY event_id, product_id
            )
            UPDATE med_genealogy_line l
               SET certain = judged.certain
              FROM (SELECT lines.id, lines.lot_id IS NOT NULL
                           AND NOT lines.kind = ANY(%(apart)s)
                           AND (outputs.n = 1 OR inputs.n = 1) AS certain
                      FROM lines JOIN inputs USING (event_id, product_id)
                      JOIN outputs USING (event_id)
                     WHERE lines.side = 'in') judged
             WHERE l.id = judged.id AND l.certain IS DISTINCT FROM judged.certain
            """, {'events': event_ids, 'apart': list(TAKING_APART)})
        self.env.cr.execute(
            """
            INSERT INTO med_genealogy_event_workcenter_rel (event_id, workcenter_id)
            SELECT DISTINCT e.id, wo.workcenter_id
              FROM med_genealogy_event e
              JOIN mrp_workorder wo ON wo.production_id = e.res_id AND wo.state <> 'cancel'
             WHERE e.id = ANY(%(events)s) AND e.res_model = 'mrp.production'
                ON CONFLICT DO NOTHING;
            INSERT INTO med_genealogy_event_operator_rel (event_id, user_id)
            SELECT e.id, t.user_id
              FROM med_genealogy_event e
              JOIN mrp_workorder wo ON wo.production_id = e.res_id AND wo.state <> 'cancel'
              JOIN mrp_workcenter_productivity t ON t.workorder_id = wo.id
             WHERE e.id = ANY(%(events)s) AND e.res_model = 'mrp.production'
             UNION
            SELECT l.event_id, ml.write_uid
              FROM med_genealogy_line l JOIN stock_move_line ml ON ml.id = l.move_line_id
             WHERE l.event_id = ANY(%(events)s) AND l.active AND ml.write_uid <> %(root)s
                ON CONFLICT DO NOTHING
            """, {'events': event_ids, 'root': api.SUPERUSER_ID})
        self._apply_links(SQL("e.id = ANY(%s)", event_ids))

    # ------------------------------------------------------------------ recorded parts

    @api.model
    def _apply_links(self, where):
        """Let recorded parts take effect in the events of their orders.

        A part that was recorded in full is no longer a possible part of other units (``open``);
        a unit that has all it needs of a product takes no further lot of it (``closed``): its
        share of what the order consumed, by quantity.

        :param where: SQL condition on the events ``e``
        """
        cr = self.env.cr
        cr.execute(SQL(
            """
            SELECT e.id, e.res_id FROM med_genealogy_event e
             WHERE %s AND e.res_model = 'mrp.production'
               AND EXISTS (SELECT 1 FROM med_genealogy_link k WHERE k.production_id = e.res_id)
            """, where))
        events = dict(cr.fetchall())
        if not events:
            return
        cr.execute(
            """
            UPDATE med_genealogy_link k SET event_id = used.event_id
              FROM med_genealogy_link own
         LEFT JOIN LATERAL (
                   SELECT i.event_id FROM med_genealogy_line i
                     JOIN med_genealogy_line o ON o.event_id = i.event_id AND o.side = 'out'
                          AND o.active AND o.lot_id = own.output_lot_id
                    WHERE i.event_id = ANY(%(events)s) AND i.side = 'in' AND i.active
                      AND i.lot_id = own.input_lot_id LIMIT 1) used ON TRUE
             WHERE k.id = own.id AND own.production_id = ANY(%(orders)s)
               AND k.event_id IS DISTINCT FROM used.event_id;
            UPDATE med_genealogy_line i
               SET linked = recorded.n IS NOT NULL,
                   open = own.lot_id IS NULL OR COALESCE(recorded.n, 0) + recorded.slack < (
                       SELECT sum(s.quantity) FROM med_genealogy_line s
                        WHERE s.event_id = i.event_id AND s.side = 'in' AND s.active
                          AND s.lot_id = i.lot_id)
              FROM med_genealogy_line own
         LEFT JOIN LATERAL (
                   SELECT sum(k.quantity) AS n, count(*) * %(digit)s AS slack
                     FROM med_genealogy_link k
                    WHERE k.event_id = own.event_id AND k.input_lot_id = own.lot_id
                      AND k.active) recorded ON TRUE
             WHERE i.id = own.id AND own.event_id = ANY(%(events)s) AND own.side = 'in';
            UPDATE med_genealogy_line i SET linked = TRUE
             WHERE i.event_id = ANY(%(events)s) AND EXISTS (
                   SELECT 1 FROM med_genealogy_link k
                    WHERE k.event_id = i.event_id AND k.active);
            """, {'events': list(events), 'orders': list(events.values()), 'digit': LAST_DIGIT})
        cr.execute(
            """
            WITH used AS (
                SELECT event_id, product_id, sum(quantity) AS quantity FROM med_genealogy_line
                 WHERE event_id = ANY(%(events)s) AND side = 'in' AND active
              GROUP BY event_id, product_id
            ), made AS (
                SELECT o.event_id, o.lot_id, sum(o.quantity) AS quantity,
                       sum(sum(o.quantity)) OVER (PARTITION BY o.event_id) AS total
                  FROM med_genealogy_line o
                  JOIN med_genealogy_event e ON e.id = o.event_id
                  JOIN mrp_production mp ON mp.id = e.res_id AND mp.product_id = o.product_id
                 WHERE o.event_id = ANY(%(events)s) AND o.side = 'out' AND o.active
              GROUP BY o.event_id, o.lot_id
            ), recorded AS (
                SELECT k.event_id, k.output_lot_id AS lot_id, lot.product_id,
                       sum(k.quantity) AS quantity
                  FROM med_genealogy_link k JOIN stock_lot lot ON lot.id = k.input_lot_id
                 WHERE k.event_id = ANY(%(events)s) AND k.active
              GROUP BY k.event_id, k.output_lot_id, lot.product_id
            ), closed AS (
                SELECT made.event_id, made.lot_id, array_agg(recorded.product_id) AS products
                  FROM made JOIN recorded USING (event_id, lot_id)
                  JOIN used ON used.event_id = made.event_id
                       AND used.product_id = recorded.product_id
                 WHERE recorded.quantity + %(digit)s
                       >= used.quantity * made.quantity / made.total
              GROUP BY made.event_id, made.lot_id
            )
            UPDATE med_genealogy_line o
               SET closed_product_ids = closed.products
              FROM med_genealogy_line own
         LEFT JOIN closed ON closed.event_id = own.event_id AND closed.lot_id = own.lot_id
             WHERE o.id = own.id AND own.event_id = ANY(%(events)s) AND own.side = 'out'
               AND o.closed_product_ids IS DISTINCT FROM closed.products
            """, {'events': list(events), 'digit': LAST_DIGIT})

    # ------------------------------------------------------------------ existing databases

    @api.model
    def _backfill(self):
        """Post the whole history of the database, oldest first, set-based.

        Memory stays flat: batches are cut by date in the database. Safe to call again.
        """
        cr = self.env.cr
        self.env.flush_all()
        cr.execute("SELECT count(*) FROM stock_move_line WHERE state = 'done'")
        [total] = cr.fetchone()
        if not total:
            return
        cuts = max(1, -(-total // BATCH))
        cr.execute(
            """
            SELECT percentile_disc(ARRAY(SELECT n::float / %(cuts)s
                                           FROM generate_series(1, %(cuts)s) n))
                   WITHIN GROUP (ORDER BY date) FROM stock_move_line WHERE state = 'done'
            """, {'cuts': cuts})
        [bounds] = cr.fetchone()
        since = None
        for number, until in enumerate(sorted(set(bounds)), 1):
            where = SQL("ml.date <= %s", until)
            if since:
                where = SQL("%s AND ml.date > %s", where, since)
            self._insert(where)
            _logger.info("Genealogy: %d%% of %d move lines, up to %s",
                         100 * number // len(set(bounds)), total, until)
            since = until
        cr.execute("ANALYZE med_genealogy_line, med_genealogy_event")

    @api.model
    def _differences(self, limit=1000):
        """Compare the genealogy with the stock's own move lines.

        :return: list of dicts ``{move_line_id, difference: 'missing' | 'extra', kind, side,
            lot_id, quantity}``; empty when they agree
        """
        self.env.flush_all()
        columns = ('move_line_id', 'difference', 'kind', 'side', 'product_id', 'lot_id', 'quantity')
        rows = self.env.execute_query(SQL(
            """
            WITH p AS (SELECT move_line_id, side, kind, product_id, lot_id, quantity,
                              res_model, res_id FROM (%(projection)s) q),
                 l AS (SELECT l.move_line_id, l.side, l.kind, l.product_id, l.lot_id, l.quantity,
                              e.res_model, e.res_id
                         FROM med_genealogy_line l JOIN med_genealogy_event e ON e.id = l.event_id
                        WHERE l.active AND l.move_line_id IS NOT NULL)
            (SELECT move_line_id, 'missing', kind, side, product_id, lot_id, quantity
               FROM (TABLE p EXCEPT ALL TABLE l) m LIMIT %(limit)s)
            UNION ALL
            (SELECT move_line_id, 'extra', kind, side, product_id, lot_id, quantity
               FROM (TABLE l EXCEPT ALL TABLE p) m LIMIT %(limit)s)
            """, projection=self._sql_projection(SQL("TRUE")), limit=limit))
        return [dict(zip(columns, row, strict=True)) for row in rows]

    @api.model
    def _rebuild(self):
        """Supersede what the stock does not bear out and post what is missing.

        Pools depend on the order of events, so untracked lines are placed anew.
        """
        self.env.flush_all()
        touched = self._supersede(SQL("TRUE"), SQL("TRUE"))
        self.env.cr.execute(
            """
            DELETE FROM med_genealogy_line
             WHERE active AND lot_id IS NULL AND move_line_id IS NOT NULL;
            UPDATE med_genealogy_line SET node = NULL, carry_node = NULL
             WHERE NOT active AND lot_id IS NULL;
            """)
        self._backfill()
        if touched:
            self._settle(touched)
        self.env.invalidate_all()
