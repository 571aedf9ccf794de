"""Removal. Whom a change was told, and what they answered, outlives the addon."""

from odoo.addons.med_base.kept import keep

KEPT = ("med_change_notice", "med_change_answer", "med_change_notice_product_product_rel")


def uninstall_hook(env):
    """Copy notices, with the products they name, and answers to the schema ``med_evidence``."""
    env.flush_all()
    for table in KEPT:
        keep(env.cr, table)
