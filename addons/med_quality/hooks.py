"""Removal. What was decided about lots outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_hold", "med_hold_line", "med_disposition", "med_disposition_line", "med_gate_event",
        "med_status_rule", "med_gate", "med_checkout_review",
        "med_delivery_proof", "med_delivery_proof_line", "med_zone")


def uninstall_hook(env):
    """Copy holds, decisions and what the gates saw to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
