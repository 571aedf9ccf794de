"""Removal. Management reviews outlive the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_management_review", "med_management_review_figure", "med_management_review_minute",
        "med_management_review_action", "med_management_review_topic",
        "med_management_review_res_users_rel")


def uninstall_hook(env):
    """Copy reviews, their figures, minutes and actions to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
