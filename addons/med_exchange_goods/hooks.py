"""Removal. Statements that others sent outlive the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_stock_statement", "med_stock_statement_line")


def uninstall_hook(env):
    """Copy the statements to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
