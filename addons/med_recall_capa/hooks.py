"""Removal. What a recall names outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_recall_nonconformity_rel", "med_recall_capa_rel", "med_recall_change_rel")


def uninstall_hook(env):
    """Copy the links of recalls to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
