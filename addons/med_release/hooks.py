"""Removal. Releases outlive the addon."""

from odoo.addons.med_base.kept import keep

KEPT = ("med_release", "med_release_line")


def uninstall_hook(env):
    """Copy releases and their lots to the schema ``med_evidence``."""
    env.flush_all()
    for table in KEPT:
        keep(env.cr, table)
