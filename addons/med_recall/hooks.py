"""Removal. Recalls outlive the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_recall", "med_recall_level", "med_recall_class", "med_recall_criterion",
        "med_recall_scope", "med_recall_scope_line", "med_recall_delivery",
        "med_recall_consignee", "med_recall_assessor_rel", "med_recall_action_line")


def uninstall_hook(env):
    """Copy recalls and their frozen scopes to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
