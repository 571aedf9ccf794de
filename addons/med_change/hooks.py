"""Removal. Changes, and the versions that lots were made to, outlive the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_change", "med_change_assessment", "med_change_task", "med_change_impact",
        "med_change_market", "med_change_class_rule", "med_change_function",
        "med_product_version", "med_product_control", "med_capa_med_change_rel",
        "med_change_med_external_review_rel", "med_change_med_risk_hazard_rel",
        "med_change_product_template_rel", "med_change_product_product_rel",
        "med_change_med_udi_element_rel", "med_product_version_mrp_bom_rel")


def uninstall_hook(env):
    """Copy changes, versions and the data that judged them to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
