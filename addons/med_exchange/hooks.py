"""Removal. What was exchanged with others outlives the addon; their secrets do not."""

from odoo.addons.med_base.kept import keep

KEPT = ("med_exchange_partner", "med_exchange_right", "med_exchange_key")


def uninstall_hook(env):
    """Copy partners, rights and public keys to the schema ``med_evidence``."""
    env.flush_all()
    env.cr.execute("UPDATE med_exchange_key SET secret = NULL")
    env.cr.execute("UPDATE med_exchange_partner SET token = NULL")
    for table in KEPT:
        keep(env.cr, table)
