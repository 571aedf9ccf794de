"""Installation and removal: history becomes genealogy, and evidence outlives the addon."""

from odoo.addons.med_base.kept import keep
from odoo.tools import SQL


def post_init_hook(env):
    """Back-fill the genealogy of everything posted before installation.

    Parts that people recorded in an earlier installation come back first; what the stock itself
    says is read from the stock.
    """
    _restore_links(env)
    env['med.genealogy']._backfill()


def uninstall_hook(env):
    """Copy the evidence to the schema ``med_evidence``; each row keeps the name of its lot."""
    keep(env.cr, 'med_genealogy_event', SQL("NULL::varchar AS lot_name"))
    keep(env.cr, 'med_genealogy_line',
         SQL("(SELECT name FROM stock_lot WHERE id = t.lot_id) AS lot_name"))
    keep(env.cr, 'med_genealogy_link',
         SQL("(SELECT name FROM stock_lot WHERE id = t.output_lot_id) AS lot_name"))
    for table in ('med_udi_di', 'med_udi_alias', 'med_udi_registration', 'med_udi_change'):
        keep(env.cr, table)


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
