import logging
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 200_000
"""Move lines posted per statement when a whole database is back-filled."""

TABLES = ('med_genealogy_line', 'med_genealogy_event', 'med_genealogy_event_operator_rel',
          'med_genealogy_event_workcenter_rel')


class MedGenealogy(models.AbstractModel):
    """Existing databases: back-fill, check and rebuild."""

    _inherit = 'med.genealogy'

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
        with self._references_checked_at_once():
            for number, until in enumerate(sorted(set(bounds)), 1):
                where = SQL("ml.date <= %s", until)
                if since:
                    where = SQL("%s AND ml.date > %s", where, since)
                self._insert(where)
                _logger.info("Genealogy: %d%% of %d move lines, up to %s",
                             100 * number // len(set(bounds)), total, until)
                cr.execute("ANALYZE med_genealogy_line, med_genealogy_event")
                since = until

    @contextmanager
    def _references_checked_at_once(self):
        """Check references by one join each and build indexes in one go, not row by row.

        Row by row they take more than half of the time, and the queue of checks grows with the
        batch. Only where no genealogy exists: a first back-fill is alone in the database, as an
        installation is. What posting itself looks up (unique keys, the indexes of pools) stays.
        """
        cr = self.env.cr
        cr.execute("SET LOCAL jit = off")
        cr.execute(
            """
            SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', conrelid::regclass, conname),
                   format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                          pg_get_constraintdef(oid))
              FROM pg_constraint
             WHERE contype = 'f' AND conrelid = ANY(%(tables)s::regclass[])
               AND NOT EXISTS (SELECT 1 FROM med_genealogy_line)
             UNION ALL
            SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
              FROM pg_index
             WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisunique
               AND COALESCE(pg_get_expr(indpred, indrelid), '') !~ 'lot_id IS NULL|carry_node'
               AND NOT EXISTS (SELECT 1 FROM med_genealogy_line)
            """, {'tables': list(TABLES)})
        steps = cr.fetchall()
        for drop, _make in steps:
            cr.execute(drop)
        yield
        for _drop, make in steps:
            cr.execute(make)

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
