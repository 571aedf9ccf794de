from odoo import fields, models
from odoo.addons.med_traceability.tools.times import iso


class StockLot(models.Model):
    """One view across our plants and those of processors."""

    _inherit = "stock.lot"

    med_step_count = fields.Integer("Steps", compute="_compute_med_step_count")

    def _compute_med_step_count(self):
        counts = dict(self.env["med.lot.step"]._read_group(
            [("lot_id", "in", self.ids)], ["lot_id"], ["__count"])) if self.env[
            "med.lot.step"].has_access("read") else {}
        for lot in self:
            lot.med_step_count = counts.get(lot._origin, 0)

    def action_med_steps(self):
        """Open every step of these lots, wherever it was done."""
        chronological = self.env.ref("med_outsourcing.med_lot_step_view_list_lot").id
        return {"type": "ir.actions.act_window", "res_model": "med.lot.step",
                "views": [(chronological, "list"), (False, "graph")],
                "name": self.env._("Steps, Here and at Processors"),
                "domain": [("lot_id", "in", self.ids)],
                "context": {"med_one_lot": len(self) == 1}}

    def _med_evidence_sections(self):
        return [*super()._med_evidence_sections(), self._med_steps_section(),
                self._med_orders_section()]

    def _med_steps_section(self):
        _, steps = self.env._, self.env["med.lot.step"].sudo().search(
            [("lot_id", "=", self.id), ("company_id", "in", self.env.companies.ids)],
            order="date, id")
        places = dict(steps._fields["place"]._description_selection(self.env))
        columns = [("date", _("Happened (UTC)"), "date"), ("entered", _("Entered (UTC)"), "date"),
                   ("place", _("Where"), "text"), ("partner", _("Processor"), "text"),
                   ("kind", _("What"), "text"), ("name", _("Step"), "text"),
                   ("equipment", _("Equipment"), "text"), ("person", _("By"), "text"),
                   ("quantity", _("Quantity"), "number"), ("result", _("Result"), "text"),
                   ("deviates", _("Not as Ordered"), "text"),
                   ("parameters", _("Parameters"), "text")]
        return self._med_section("steps", _("Steps, Here and at Processors"), columns, [{
            "date": iso(step.date), "entered": iso(step.entered),
            "place": places.get(step.place, ""), "partner": step.partner_id.display_name or "",
            "kind": step._med_kind_word(), "name": step.name or "",
            "equipment": step.equipment or "", "person": step.person or "",
            "quantity": step.quantity, "result": step.result or "",
            "deviates": step.deviates or "",
            "parameters": step.parameters_text} for step in steps])

    def _med_orders_section(self):
        """The orders to processors that this lot was in, with what they were made to."""
        _ = self.env._
        orders = self.env["med.outsourcing.order"].sudo().search([
            ("company_id", "in", self.env.companies.ids), "|",
            ("line_ids.lot_id", "=", self.id), ("event_ids.lot_ids.lot_id", "=", self.id)],
            order="id")
        states = dict(orders._fields["state"]._description_selection(self.env))
        columns = [("name", _("Number"), "text"), ("processor", _("Processor"), "text"),
                   ("revision", _("Revision"), "text"), ("released", _("Released (UTC)"), "date"),
                   ("state", _("State"), "text"), ("digest", _("SHA-256 of the Order"), "text")]
        return self._med_section("processor_orders", _("Orders to Processors"), columns, [{
            "name": order.name, "processor": order.partner_id.display_name,
            "revision": order.revision or "", "released": iso(order.date_released),
            "state": states[order.state], "digest": order.contract_digest or "",
        } for order in orders])
