"""Removal. What was measured and decided outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_inspection_plan", "med_inspection_plan_class", "med_inspection_plan_document",
        "med_characteristic", "med_defect_code", "med_measure_unit", "med_inspection",
        "med_inspection_sample", "med_inspection_document", "med_inspection_oos", "med_reading",
        "med_switching", "med_switching_step", "med_switching_change", "med_process_batch",
        "med_process_batch_line", "med_retention_sample", "med_retention_observation",
        "med_control_chart", "med_control_limits", "med_control_alert",
        "med_inspection_stock_lot_rel", "med_characteristic_med_defect_code_rel",
        "med_inspection_plan_product_template_rel", "med_inspection_plan_product_category_rel",
        "med_inspection_plan_res_partner_rel", "med_inspection_plan_mrp_routing_workcenter_rel",
        "med_inspection_plan_mrp_workcenter_rel")


def uninstall_hook(env):
    """Copy plans, inspections and readings to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
