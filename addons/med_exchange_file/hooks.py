"""Removal. What came by file, and what became of each row, outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_exchange_mapping", "med_exchange_mapping_line", "med_exchange_file",
        "med_exchange_file_row", "med_exchange_form", "med_exchange_form_entry",
        "med_exchange_form_value")


def uninstall_hook(env):
    """Copy mappings, files, rows and forms to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
