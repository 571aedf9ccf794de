"""Removal. Whom dealers sold our goods on to outlives the addon."""

from odoo.addons.med_base.kept import keep

KEPT = ("med_sale_on", "med_sale_on_line")


def uninstall_hook(env):
    """Copy onward sales to the schema ``med_evidence``."""
    env.flush_all()
    for table in KEPT:
        keep(env.cr, table)
