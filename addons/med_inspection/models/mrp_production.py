from odoo import models

from .med_inspection import SHOP_STAGES
from .med_inspection_make import Wanted


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def action_confirm(self):
        result = super().action_confirm()
        self._med_inspect()
        return result

    def _action_confirm_mo_backorders(self):
        super()._action_confirm_mo_backorders()
        self._med_inspect()

    def write(self, vals):
        result = super().write(vals)
        if "lot_producing_ids" in vals:
            self.filtered("product_id.med_controlled")._med_name_units()
        return result

    def _med_inspect(self):
        """Begin what approved plans ask for while an order runs: a plan that names operations or
        work centers once a work order, any other once an order."""
        Inspection = self.env["med.inspection"]
        orders = self.filtered(lambda order: order.product_id.med_controlled
                               and order.state not in ("draft", "cancel")
                               and order.bom_id.type != "subcontract")
        if not orders:
            return
        known = {(one.production_id.id, one.workorder_id.id, one.stage)
                 for one in Inspection.sudo().search([
                     ("production_id", "in", orders.ids), ("stage", "in", SHOP_STAGES)])}
        find, wanted = self.env["med.inspection.plan"]._matcher(), []
        for order in orders:
            for stage in SHOP_STAGES:
                wanted += order._med_wanted(stage, known, find)
        Inspection._make(wanted)

    def _med_wanted(self, stage, known, find):
        """Return what is to be inspected at a stage of this order, see ``med.inspection._make``."""
        wanted = []
        for work in [self.workorder_ids.browse(), *self.workorder_ids]:
            plan = find(self.company_id, stage, self.product_id, None, work.operation_id,
                        work.workcenter_id)
            named = plan.operation_ids or plan.workcenter_ids
            if not plan or plan.interval_days or bool(work) != bool(named) or (
                    self.id, work.id, stage) in known:
                continue
            wanted.append(Wanted(
                plan, self.product_id, self.lot_producing_ids.sudo(),
                self.product_uom_id._compute_quantity(
                    self.product_qty, self.product_id.uom_id, round=False), None, {
                    "production_id": self.id, "workorder_id": work.id,
                    "workcenter_id": work.workcenter_id.id, "equipment": work.workcenter_id.name}))
        return wanted

    def _med_name_units(self):
        """Give inspections of this order that have no reading yet the lots it makes."""
        for one in self.env["med.inspection"].sudo().search([
                ("production_id", "in", self.ids), ("stage", "in", SHOP_STAGES),
                ("state", "=", "open"), ("reading_ids", "=", False)]):
            one._name_units(one.production_id.lot_producing_ids)
