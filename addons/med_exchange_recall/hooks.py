"""Removal. Whom dealers sold our goods on to outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_sale_on", "med_sale_on_line")


def uninstall_hook(env):
    """Copy onward sales to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
