"""Removal. What consignees were told, and what they answered, outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_recall_letter", "med_recall_letter_template", "med_recall_notice",
        "med_recall_answer", "med_recall_answer_line", "med_recall_customer", "med_recall_call",
        "med_recall_reminder", "med_recall_check_plan", "med_recall_check")


def uninstall_hook(env):
    """Copy letters, notices, answers, calls and checks to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
