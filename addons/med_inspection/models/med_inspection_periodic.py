from datetime import timedelta

from odoo import api, fields, models

from .med_inspection_make import OPEN, Wanted


class MedInspection(models.Model):
    """Inspections that return: of lots in stock, and of the air and surfaces where work is done."""

    _inherit = "med.inspection"

    @api.model
    def _begin_periodic(self):
        """Begin what is due, and end plans in whose place a newer version has come."""
        Plan = self.env["med.inspection.plan"].sudo()
        Plan.search([("state", "=", "approved"), ("date_to", "!=", False)])._expire()
        for company in self.env["res.company"].sudo().search([]):
            plans = Plan._in_force(company, ["periodic", "environment"]).filtered(
                lambda plan: plan.interval_days > 0)
            wanted = []
            for plan in plans:
                wanted += self._due_places(plan) if plan.stage == "environment" else (
                    self._due_lots(plan))
            self.with_company(company)._make(wanted)

    @api.model
    def _due_lots(self, plan):
        """Return what is due of the lots in stock to which a periodic plan applies."""
        find = self.env["med.inspection.plan"]._matcher()
        held = self.env["stock.quant"].sudo()._read_group([
            ("company_id", "=", plan.company_id.id), ("location_id.usage", "=", "internal"),
            ("quantity", ">", 0), ("product_id.med_controlled", "=", True),
            ("lot_id", "!=", False), ("lot_id.med_status", "!=", "rejected")],
            ["lot_id"], ["quantity:sum"])
        since = fields.Datetime.now() - timedelta(days=plan.interval_days)
        seen = self.sudo()._read_group(
            [("plan_id.code", "=", plan.code), ("company_id", "=", plan.company_id.id),
             ("state", "!=", "cancelled"), "|", ("create_date", ">", since),
             ("state", "in", OPEN)], ["lot_ids"], [])
        recent = {lot for [lot] in seen}
        return [Wanted(plan, lot.product_id, lot, quantity) for lot, quantity in held
                if lot.create_date <= since and lot not in recent
                and find(plan.company_id, plan.stage, lot.product_id) == plan]

    @api.model
    def _due_places(self, plan):
        """Return what is due of the work centers that an environment plan names."""
        since = fields.Datetime.now() - timedelta(days=plan.interval_days)
        seen = self.sudo()._read_group(
            [("plan_id.code", "=", plan.code), ("company_id", "=", plan.company_id.id),
             ("state", "!=", "cancelled"), "|", ("create_date", ">", since),
             ("state", "in", OPEN)], ["workcenter_id"], [])
        recent = {center for [center] in seen}
        nothing, none = self.env["product.product"], self.env["stock.lot"]
        return [Wanted(plan, nothing, none, 1, None, {
            "workcenter_id": center.id, "equipment": center.name})
            for center in plan.workcenter_ids if center not in recent]
