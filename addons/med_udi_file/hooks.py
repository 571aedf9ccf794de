"""Removal. What regulators were sent, and what they answered, outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_udi_file_format", "med_udi_file_field", "med_udi_file_code", "med_udi_file",
        "med_udi_file_line", "med_udi_file_answer")


def uninstall_hook(env):
    """Copy formats, files and answers to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
