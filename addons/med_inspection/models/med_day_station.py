from odoo import api, models
from odoo.addons.med_base.tools.arguments import are_ids, is_id
from odoo.addons.med_traceability.models.med_day import VERSION
from odoo.addons.med_traceability.tools.times import iso
from odoo.exceptions import UserError

ROLES = ("operator", "shift_leader", "qa")
STAGES = ("clearance", "environment", "in_process", "process")
OPEN = ("confirmed", "progress", "to_close")
MOST = 60
"""Orders to choose from; a scan finds any."""


class MedDay(models.AbstractModel):
    _inherit = "med.day"

    @api.model
    def _med_pages(self):
        return {**super()._med_pages(),
                "station": ("med_inspection.med_day_station_action", ROLES)}

    @api.model
    def station(self, order=0, found=()):
        """Give the operator's station: one order and what is to be done at it, or the open orders.

        :param int order: id of a manufacturing order; 0: none is chosen
        :param list found: ids of orders to list beside the first ones, where they are open
        :return: ``{"version", "start", "orders": [{"id", "name", "product", "quantity", "uom",
            "begin"}], "order": {} or {"id", "name", "product", "quantity", "uom", "state",
            "state_label", "lots", "bom", "held", "parts" (components with a lot so far),
            "components" (tracked ones),
            "steps": [{"kind" (``inspection`` or ``work``), "id", "name", "label", "place", "state",
            "state_label", "done", "missing", "failed", "plan" (code and version), "text"}]}}``;
            ``text`` is the instruction of the plan, ``done`` says that nothing is left to do
        """
        self._med_page("station")
        if not is_id(order):
            raise UserError(self.env._("“order” must be the id of a manufacturing order."))
        if not are_ids(found):
            raise UserError(self.env._("“found” must be a list of ids of manufacturing orders."))
        chosen = self.env["mrp.production"].browse(order).exists() if order else None
        if chosen:
            chosen.check_access("read")
        return {"version": VERSION, "start": self._med_is_start("station"),
                "orders": [] if chosen else self._med_station_orders(found),
                "order": self._med_station_order(chosen) if chosen else {}}

    @api.model
    def _med_found(self, page, code):
        if page == "station":
            return self._med_documents("mrp.production", code)
        return super()._med_found(page, code)

    @api.model
    def _med_station_orders(self, found):
        Order = self.env["mrp.production"]
        domain = [("state", "in", OPEN), ("company_id", "in", self.env.companies.ids)]
        orders = (Order.search(domain, order="date_start, id", limit=MOST)
                  | Order.search([*domain, ("id", "in", list(found))])).sorted("date_start")
        return [{"id": one.id, "name": one.name, "product": one.product_id.display_name,
                 "quantity": one.product_qty, "uom": one.product_uom_id.name,
                 "begin": iso(one.date_start)} for one in orders]

    @api.model
    def _med_station_order(self, order):
        states = dict(order._fields["state"]._description_selection(self.env))
        used = order.move_raw_ids.move_line_ids.filtered(lambda line: line.lot_id and line.quantity)
        return {
            "id": order.id, "name": order.name, "product": order.product_id.display_name,
            "quantity": order.product_qty, "uom": order.product_uom_id.name, "state": order.state,
            "state_label": states[order.state], "lots": order.lot_producing_ids.mapped("name"),
            "bom": order.bom_id.display_name or "",
            "held": bool(order.lot_producing_ids.filtered("med_hold_count")),
            "parts": len(used.product_id),
            "components": len(order.move_raw_ids.product_id.filtered(
                lambda product: product.tracking != "none")),
            "steps": self._med_station_steps(order)}

    @api.model
    def _med_station_steps(self, order):
        """Return what is to be done: the clearance, then operation by operation."""
        inspections = self.env["med.inspection"].search([
            ("production_id", "=", order.id), ("stage", "in", STAGES),
            ("state", "!=", "cancelled")], order="id")
        steps = [self._med_station_inspection(one)
                 for one in inspections.filtered(lambda one: not one.workorder_id).sorted(
                     lambda one: (STAGES.index(one.stage), one.id))]
        for work in order.workorder_ids.filtered(lambda one: one.state != "cancel"):
            mine = inspections.filtered(lambda one, work=work: one.workorder_id == work).sorted(
                lambda one: (STAGES.index(one.stage), one.id))
            steps += [self._med_station_inspection(one) for one in mine if one.stage == "clearance"]
            steps.append(self._med_station_work(work))
            steps += [self._med_station_inspection(one) for one in mine if one.stage != "clearance"]
        return steps

    @api.model
    def _med_station_inspection(self, one):
        stages, states = (dict(one._fields[name]._description_selection(self.env))
                          for name in ("stage", "state"))
        return {
            "kind": "inspection", "id": one.id, "name": one.name, "label": stages[one.stage],
            "place": one.workorder_id.name or one.workcenter_id.name or "", "state": one.state,
            "state_label": states[one.state], "done": one.state != "open",
            "missing": one.missing_count, "failed": one.fail_count,
            "text": one.plan_id.note or "",
            "plan": f"{one.plan_id.code} v{one.plan_version}"}

    @api.model
    def _med_station_work(self, work):
        states = dict(work._fields["state"]._description_selection(self.env))
        return {
            "kind": "work", "id": work.id, "name": work.name, "label": self.env._("Work order"),
            "place": work.workcenter_id.name or "", "state": work.state,
            "state_label": states[work.state], "done": work.state == "done", "missing": 0,
            "failed": 0, "plan": "", "text": ""}
