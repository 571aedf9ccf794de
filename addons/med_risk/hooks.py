"""Removal. What was known of risks outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_risk_hazard", "med_risk_control", "med_risk_acceptance",
        "med_risk_hazard_product_template_rel", "med_nonconformity_med_risk_hazard_rel",
        "med_deviation_med_risk_hazard_rel", "med_capa_med_risk_hazard_rel")


def uninstall_hook(env):
    """Copy hazards, controls, the matrix and all links to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
