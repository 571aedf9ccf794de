"""Removal. What processors were approved for, and what they did, outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_processor", "med_processor_res_users_rel", "med_processor_scope",
        "med_processor_scope_product_template_rel", "med_certificate_kind",
        "med_certificate_kind_med_processor_scope_rel",
        "med_processor_certificate", "med_quality_agreement", "med_quality_agreement_clause",
        "med_quality_clause_template", "med_outsourcing_order", "med_outsourcing_lot",
        "med_outsourcing_event", "med_outsourcing_event_lot",
        "med_outsourcing_event_nonconformity_rel", "med_processor_signature",
        "med_processor_scan",
        "med_outsourcing_statement", "med_outsourcing_statement_line", "med_processor_release",
        "med_processor_release_line", "med_production_possible_lot",
        "med_deviation_med_outsourcing_order_rel")


def uninstall_hook(env):
    """Copy what was agreed, ordered, reported, stated and signed to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
