"""Removal. What partners reported outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_nonconformity", "med_nonconformity_line")


def uninstall_hook(env):
    """Copy nonconformities, with who reported them and how, to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
