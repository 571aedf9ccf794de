"""Removal. What was exchanged with others outlives the addon; their secrets do not."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_exchange_partner", "med_exchange_right", "med_exchange_key", "med_exchange_schema",
        "med_exchange_message", "med_exchange_submission", "med_exchange_stream",
        "med_exchange_object", "med_exchange_event", "med_exchange_line", "med_exchange_delivery",
        "med_exchange_reconciliation", "med_exchange_reconciliation_line")


def uninstall_hook(env):
    """Copy partners, public keys and what was exchanged to the schema ``med_evidence``."""
    env.flush_all()
    env.cr.execute("UPDATE med_exchange_key SET secret = NULL")
    env.cr.execute("UPDATE med_exchange_partner SET token = NULL")
    keep_tables(env, KEPT)
