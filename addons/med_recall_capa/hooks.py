"""Removal. What a recall names outlives the addon."""

from odoo.addons.med_base.kept import keep

KEPT = ("med_recall_nonconformity_rel", "med_recall_capa_rel", "med_recall_change_rel")


def uninstall_hook(env):
    """Copy the links of recalls to the schema ``med_evidence``."""
    env.flush_all()
    for table in KEPT:
        keep(env.cr, table)
