"""Removal. What partners were asked, and what they answered, outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_capa_request", "med_capa_request_answer", "med_capa_request_action",
        "med_capa_request_product_product_rel", "med_capa_request_stock_lot_rel",
        "ir_attachment_med_capa_request_answer_rel")


def uninstall_hook(env):
    """Copy requests, with what they concern, and answers to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
