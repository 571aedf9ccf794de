"""Installation and removal. What became of recalled units outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_recall_baseline", "med_recall_outcome", "med_recall_return",
        "med_recall_destruction", "med_recall_destruction_line",
        "ir_attachment_med_recall_outcome_rel", "ir_attachment_med_recall_destruction_rel")


def post_init_hook(env):
    """Take the state of today as the starting point of what was frozen before."""
    for scope in env["med.recall.scope"].search([("state", "=", "frozen")], order="number"):
        scope.recall_id._med_write_baseline(scope)


def uninstall_hook(env):
    """Copy returns, outcomes and destructions to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
