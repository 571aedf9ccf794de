"""Removal. What rules found, and what was done about it, outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_trigger_rule", "med_trigger_run", "med_trigger_found", "med_trigger_hit",
        "med_trigger_evidence", "med_trigger_rule_product_template_rel",
        "med_trigger_rule_product_category_rel", "med_trigger_found_product_product_rel",
        "med_trigger_hit_product_product_rel")


def uninstall_hook(env):
    """Copy rules, runs and hits with their evidence to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
