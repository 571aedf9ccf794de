"""Removal. Clocks and reports of recalls outlive the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_recall_clock", "med_recall_clock_rule", "med_recall_report",
        "med_recall_report_line", "med_recall_report_kind", "med_recall_report_item",
        "med_recall_submission", "med_recall_submission_receipt_rel", "med_recall_checklist",
        "med_recall_checklist_item")


def uninstall_hook(env):
    """Copy clocks, reports, submissions and checklists to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
