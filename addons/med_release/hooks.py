"""Removal. Releases outlive the addon."""

from odoo.addons.med_base.kept import keep

KEPT = ()


def uninstall_hook(env):
    """Copy releases and their checks to the schema ``med_evidence``."""
    env.flush_all()
    for table in KEPT:
        keep(env.cr, table)
