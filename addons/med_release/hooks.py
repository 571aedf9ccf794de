"""Removal. Releases outlive the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_release", "med_release_line")


def uninstall_hook(env):
    """Copy releases and their lots to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
