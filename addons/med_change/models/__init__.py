# The first before the files that extend it.
# isort: off
from . import med_change
from . import med_change_source_mixin
from . import med_change_guard
from . import med_change_bom_part_mixin
from . import med_product_version
from . import (
    med_capa,
    med_change_assessment,
    med_change_class_rule,
    med_change_function,
    med_change_impact,
    med_change_implement,
    med_change_market,
    med_change_open,
    med_change_overdue,
    med_change_reason,
    med_change_step,
    med_change_task,
    med_change_where,
    med_inspection_plan,
    med_label_template,
    med_product_control,
    med_repack,
    med_udi_di,
    med_udi_element,
    mrp_bom,
    mrp_bom_byproduct,
    mrp_bom_line,
    mrp_production,
    mrp_routing_workcenter,
    product_product,
    product_template,
    res_company,
    res_config_settings,
    stock_lot,
    stock_move_line,
)
