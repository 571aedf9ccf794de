from odoo import api, fields, models

from .med_outsourcing_order import STATES
from .med_outsourcing_order_late import DUE


class MedOutsourcingOrder(models.Model):
    """What a person sees of an order at a glance."""

    _inherit = "med.outsourcing.order"

    state = fields.Selection(group_expand="_med_expand_states")
    purchase_id = fields.Many2one(
        related="purchase_line_id.order_id", string="Purchase Order")
    next_due = fields.Datetime(
        compute="_compute_next_due", help="The earliest date that is still to be kept.")
    next_due_text = fields.Char("Next Step", compute="_compute_next_due")
    deviation_count = fields.Integer(
        "Reports Not as Ordered", compute="_compute_deviation_count",
        help="Reports in force with a step or a value that the order does not have.")
    release_count = fields.Integer("Their Releases", compute="_compute_release_count")

    @api.depends("event_ids.deviates", "event_ids.superseded")
    def _compute_deviation_count(self):
        counts = dict(self.env["med.outsourcing.event"]._read_group(
            [("order_id", "in", self.ids), ("superseded", "=", False), ("deviates", "!=", False)],
            ["order_id"], ["__count"]))
        for order in self:
            order.deviation_count = counts.get(order._origin, 0)

    @api.model
    def _med_expand_states(self, values, domain):
        """Return the states that there are in the order of an order's life."""
        return [state for state, _word in STATES if state in values]

    @api.depends("state", *[name for name, _states in DUE])
    @api.depends_context("lang")
    def _compute_next_due(self):
        for order in self:
            waits = [(order[name], name) for name, states in DUE
                     if order.state in states and order[name]]
            order.next_due, name = min(waits, default=(False, ""))
            order.next_due_text = (
                self._fields[name]._description_string(self.env) if name else "")

    def _compute_release_count(self):
        Release = self.env["med.processor.release"]
        counts = dict(Release._read_group(
            [("order_id", "in", self.ids), ("state", "!=", "cancelled")], ["order_id"],
            ["__count"])) if Release.has_access("read") else {}
        for order in self:
            order.release_count = counts.get(order._origin, 0)

    def action_releases(self):
        """Open the processor's releases of this order, a new one where there is none."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.processor.release",
                "name": self.env._("Releases by Processors"), "target": "current",
                "views": [(False, "list"), (False, "form")] if self.release_count else [
                    (False, "form")],
                "domain": [("order_id", "=", self.id)],
                "context": {"default_order_id": self.id}}

    def action_deviations(self):
        """Open the reports of this order that are not as ordered."""
        self.ensure_one()
        return {**self.env["ir.actions.act_window"]._for_xml_id(
            "med_outsourcing.med_outsourcing_event_action"),
            "domain": [("order_id", "=", self.id)],
            "context": {"search_default_in_force": 1, "search_default_deviates": 1}}
