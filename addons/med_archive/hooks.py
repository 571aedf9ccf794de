"""Removal. What was handed to an archive, and its receipts, outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_archive_package", "med_archive_file")


def uninstall_hook(env):
    """Copy packages and the lists of their files to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
