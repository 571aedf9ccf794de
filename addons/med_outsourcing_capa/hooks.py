"""Removal. Answers and signatures stay where they are; what joined them is kept beside."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_capa_request", "med_capa_request_answer")


def uninstall_hook(env):
    """Copy of which order a request is, and which signature an answer bears."""
    keep_tables(env, KEPT)
