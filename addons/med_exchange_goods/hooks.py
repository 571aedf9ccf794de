"""Removal. Statements that others sent outlive the addon."""

from odoo.addons.med_base.kept import keep

KEPT = ("med_stock_statement", "med_stock_statement_line")


def uninstall_hook(env):
    """Copy the statements to the schema ``med_evidence``."""
    env.flush_all()
    for table in KEPT:
        keep(env.cr, table)
