from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.kinds import TAKING_APART

LAST_DIGIT = Decimal('0.000001')
"""A recorded share is rounded to this: a third of ten has no end in decimals."""


class MedGenealogy(models.AbstractModel):
    """What follows from the lines of an event: what is certain, who did it, recorded parts."""

    _inherit = 'med.genealogy'

    def _settle(self, event_ids):
        """Work out what is certain in these events, who did them, and apply recorded parts."""
        self.env.cr.execute(
            """
            UPDATE med_genealogy_line l
               SET certain = judged.certain
              FROM (SELECT id, side, lot_id IS NOT NULL AND NOT kind = ANY(%(apart)s) AND (
                           min(COALESCE(node, 0)) FILTER (WHERE side = 'out') OVER event
                           = max(COALESCE(node, 0)) FILTER (WHERE side = 'out') OVER event
                           OR (count(*) FILTER (WHERE side = 'out') OVER event > 0
                           AND min(COALESCE(node, 0)) FILTER (WHERE side = 'in') OVER product
                           = max(COALESCE(node, 0)) FILTER (WHERE side = 'in') OVER product)
                           ) AS certain
                      FROM med_genealogy_line
                     WHERE event_id = ANY(%(events)s) AND active AND transform
                    WINDOW event AS (PARTITION BY event_id),
                           product AS (PARTITION BY event_id, product_id)) judged
             WHERE l.id = judged.id AND judged.side = 'in' AND judged.certain IS NOT NULL
               AND l.certain IS DISTINCT FROM judged.certain
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
               AND t.user_id <> %(root)s
             UNION
            SELECT l.event_id, ml.write_uid
              FROM med_genealogy_line l JOIN stock_move_line ml ON ml.id = l.move_line_id
             WHERE l.event_id = ANY(%(events)s) AND l.active AND ml.write_uid <> %(root)s
                ON CONFLICT DO NOTHING
            """, {'events': event_ids, 'root': api.SUPERUSER_ID})
        self._apply_links(SQL("e.id = ANY(%s)", event_ids))

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
            WITH own AS MATERIALIZED (
                SELECT id, input_lot_id, output_lot_id FROM med_genealogy_link
                 WHERE production_id = ANY(%(orders)s)
            ), lots AS MATERIALIZED (
                SELECT DISTINCT event_id, lot_id, side FROM med_genealogy_line
                 WHERE event_id = ANY(%(events)s) AND active AND lot_id IS NOT NULL
            ), used AS MATERIALIZED (
                SELECT own.id, min(i.event_id) AS event_id FROM own
             LEFT JOIN lots i ON i.side = 'in' AND i.lot_id = own.input_lot_id
                   AND EXISTS (SELECT 1 FROM lots o WHERE o.side = 'out'
                                  AND o.event_id = i.event_id AND o.lot_id = own.output_lot_id)
              GROUP BY own.id
            )
            UPDATE med_genealogy_link k SET event_id = used.event_id FROM used
             WHERE k.id = used.id
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
            WITH used AS MATERIALIZED (
                SELECT event_id, product_id, sum(quantity) AS quantity FROM med_genealogy_line
                 WHERE event_id = ANY(%(events)s) AND side = 'in' AND active
              GROUP BY event_id, product_id
            ), made AS MATERIALIZED (
                SELECT o.event_id, o.lot_id, sum(o.quantity) AS quantity,
                       sum(sum(o.quantity)) OVER (PARTITION BY o.event_id) AS total
                  FROM med_genealogy_line o
                  JOIN med_genealogy_event e ON e.id = o.event_id
                  JOIN mrp_production mp ON mp.id = e.res_id AND mp.product_id = o.product_id
                 WHERE o.event_id = ANY(%(events)s) AND o.side = 'out' AND o.active
              GROUP BY o.event_id, o.lot_id
            ), recorded AS MATERIALIZED (
                SELECT k.event_id, k.output_lot_id AS lot_id, lot.product_id,
                       sum(k.quantity) AS quantity
                  FROM med_genealogy_link k JOIN stock_lot lot ON lot.id = k.input_lot_id
                 WHERE k.event_id = ANY(%(events)s) AND k.active
              GROUP BY k.event_id, k.output_lot_id, lot.product_id
            ), closed AS MATERIALIZED (
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
