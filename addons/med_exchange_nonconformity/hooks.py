"""Removal. What partners reported outlives the addon."""

from odoo.addons.med_base.kept import keep

KEPT = ("med_nonconformity", "med_nonconformity_line")


def uninstall_hook(env):
    """Copy nonconformities, with who reported them and how, to the schema ``med_evidence``."""
    env.flush_all()
    for table in KEPT:
        keep(env.cr, table)
