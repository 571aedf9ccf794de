"""Removal. Answers and signatures stay where they are; what joined them is kept beside."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_change_answer", "ir_attachment_med_change_notice_rel")


def uninstall_hook(env):
    """Copy which signature an answer bears, and which documents were told, to ``med_evidence``."""
    keep_tables(env, KEPT)
