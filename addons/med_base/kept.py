"""What outlives an addon: copies of its tables in the schema ``med_evidence``."""

from odoo.tools import SQL

SCHEMA = 'med_evidence'


def keep(cr, table, *columns):
    """Copy a table into the schema ``med_evidence`` before Odoo drops it.

    What an earlier removal kept stays, under a dated name.

    :param str table: its name; the copy bears the same
    :param columns: `SQL` of further columns over the table's rows ``t``
    """
    cr.execute("CREATE SCHEMA IF NOT EXISTS med_evidence")
    cr.execute("SELECT to_regclass(%s), to_char(now(), 'YYYYMMDDHH24MISS')", [f'{SCHEMA}.{table}'])
    existing, now = cr.fetchone()
    target = SQL.identifier(SCHEMA, table)
    if existing:
        cr.execute(SQL("ALTER TABLE %s RENAME TO %s", target, SQL.identifier(f'{table}_{now}')))
    cr.execute(SQL("CREATE TABLE %s AS SELECT %s FROM %s t", target,
                   SQL(", ").join([SQL("t.*"), *columns]), SQL.identifier(table)))


def keep_tables(env, tables):
    """Copy tables, with all that still waits to be written, as :func:`keep` does."""
    env.flush_all()
    for table in tables:
        keep(env.cr, table)
