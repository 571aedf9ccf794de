"""Removal. Whom a change was told, and what they answered, outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_change_notice", "med_change_answer", "med_change_notice_product_product_rel")


def uninstall_hook(env):
    """Copy notices, with the products they name, and answers to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
