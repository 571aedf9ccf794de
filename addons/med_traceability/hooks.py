"""Installation and removal: history becomes genealogy, and evidence outlives the addon."""

from odoo.tools import SQL

KEPT = ('med_genealogy_event', 'med_genealogy_line', 'med_genealogy_link')


def post_init_hook(env):
    """Back-fill the genealogy of everything posted before installation.

    Parts that people recorded in an earlier installation come back first; what the stock itself
    says is read from the stock.
    """
    _restore_links(env)
    env['med.genealogy']._backfill()


def uninstall_hook(env):
    """Copy the evidence to the schema ``med_evidence`` before Odoo drops the tables.

    Each row keeps the name of its lot. What an earlier removal kept stays, under a dated name.
    """
    env.cr.execute("CREATE SCHEMA IF NOT EXISTS med_evidence")
    names = {
        'med_genealogy_event': SQL("NULL::varchar AS lot_name"),
        'med_genealogy_line': SQL("(SELECT name FROM stock_lot WHERE id = t.lot_id) AS lot_name"),
        'med_genealogy_link': SQL(
            "(SELECT name FROM stock_lot WHERE id = t.output_lot_id) AS lot_name"),
    }
    for table in KEPT:
        source, target = SQL.identifier(table), SQL.identifier('med_evidence', table)
        env.cr.execute("SELECT to_regclass(%s), to_char(now(), 'YYYYMMDDHH24MISS')",
                       [f'med_evidence.{table}'])
        existing, now = env.cr.fetchone()
        if existing:
            env.cr.execute(SQL("ALTER TABLE %s RENAME TO %s", target,
                               SQL.identifier(f'{table}_{now}')))
        env.cr.execute(SQL("CREATE TABLE %s AS SELECT t.*, %s FROM %s t",
                           target, names[table], source))


def _restore_links(env):
    env.cr.execute("SELECT to_regclass('med_evidence.med_genealogy_link')")
    [existing] = env.cr.fetchone()
    if existing:
        env.cr.execute(
            """
            INSERT INTO med_genealogy_link (production_id, input_lot_id, output_lot_id, quantity,
                   source, user_id, active, superseded_date, superseded_uid, superseded_reason,
                   create_uid, create_date, write_uid, write_date)
            SELECT k.production_id, k.input_lot_id, k.output_lot_id, k.quantity, k.source,
                   k.user_id, k.active, k.superseded_date, k.superseded_uid,
                   k.superseded_reason, k.create_uid, k.create_date, k.write_uid, k.write_date
              FROM med_evidence.med_genealogy_link k
              JOIN mrp_production mp ON mp.id = k.production_id
              JOIN stock_lot i ON i.id = k.input_lot_id
              JOIN stock_lot o ON o.id = k.output_lot_id
          ORDER BY k.id
            """)
