"""Removal. Reviews, audits, findings and mock inspections outlive the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_external_document", "med_external_clause", "med_external_review",
        "med_external_review_med_quality_process_rel", "med_external_review_product_template_rel",
        "med_capa_med_external_review_rel",
        "med_quality_policy", "med_quality_process", "med_quality_record",
        "med_external_clause_med_quality_process_rel", "med_quality_checklist",
        "med_quality_question", "med_quality_audit_programme", "med_quality_audit_programme_line",
        "med_quality_audit", "med_quality_audit_answer", "med_quality_finding",
        "med_quality_audit_med_quality_process_rel", "med_quality_audit_res_users_rel",
        "med_quality_audit_med_quality_checklist_rel",
        "med_quality_audit_programme_line_med_quality_checklist_rel",
        "med_external_document_med_quality_process_rel", "ir_attachment_med_mock_answer_rel",
        "med_mock_inspection_product_template_rel",
        "med_mock_inspection", "med_mock_lot", "med_mock_answer", "med_mock_question")


def uninstall_hook(env):
    """Copy all of it to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
