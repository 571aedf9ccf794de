from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.report import parameters_text

KINDS = [("acknowledged", "Acknowledged"), ("declined", "Declined"),
         ("received", "Material Received"), ("started", "Started"), ("step", "Step Done"),
         ("result", "Result"), ("finished", "Finished"), ("shipped", "Shipped"), ("note", "Note")]
ORIGINS = [("own", "Here"), ("portal", "Portal"), ("api", "Message"), ("file", "File")]

FOLLOWS = {"superseded", "nonconformity_ids"}
"""What follows from a report later; all else of it stays as it was reported."""


class MedOutsourcingEvent(models.Model):
    """What a processor says of an order: when it happened, and when it was entered.

    Never changed: a correction is an event of its own that takes the place of the one before.
    """

    _name = "med.outsourcing.event"
    _description = "Event of an Order to a Processor"
    _order = "event_time desc, id desc"
    _rec_name = "kind"

    order_id = fields.Many2one(
        "med.outsourcing.order", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    processor_id = fields.Many2one(related="order_id.processor_id", store=True, index=True)
    kind = fields.Selection(KINDS, required=True)
    reference = fields.Char(required=True, help="The processor's own number of what it says.")
    event_time = fields.Datetime("Happened", required=True)
    person = fields.Char()
    operation = fields.Char("Step")
    equipment = fields.Char()
    parameters = fields.Json()
    revision = fields.Char()
    note = fields.Text()
    digest = fields.Char("SHA-256 of the Report", required=True)
    origin = fields.Selection(ORIGINS, required=True, default="own")
    message_res_id = fields.Integer("Message", help="Number of the message it came by.")
    user_id = fields.Many2one("res.users", "Entered By", required=True, ondelete="restrict")
    lot_ids = fields.One2many("med.outsourcing.event.lot", "event_id", "Lots")
    supersedes_id = fields.Many2one(
        "med.outsourcing.event", "Corrects", index="btree_not_null", ondelete="restrict")
    deviation_id = fields.Many2one(
        "med.deviation", "Under Deviation", index="btree_not_null", ondelete="restrict")
    deviates = fields.Text("Not as Ordered", help=(
        "Steps that are not in the order, and parameters outside its limits, as of the report."))
    superseded = fields.Boolean("Corrected", index=True)

    lots_text = fields.Char("What of Which Lot", compute="_compute_texts")
    parameters_text = fields.Text("Values", compute="_compute_texts")

    _reference_uniq = models.Constraint(
        "UNIQUE (order_id, kind, reference)", "This is reported already.")

    @api.depends("lot_ids", "parameters")
    @api.depends_context("lang")
    def _compute_texts(self):
        words = dict(self.env["med.outsourcing.event.lot"]._fields[
            "outcome"]._description_selection(self.env))
        for event in self:
            event.parameters_text = parameters_text(event.parameters)
            event.lots_text = ", ".join(
                f"{row.lot_name} ({row.quantity:g} {words[row.outcome]})"
                if row.quantity else row.lot_name for row in event.lot_ids[:20])

    @api.depends("order_id", "kind", "reference")
    def _compute_display_name(self):
        words = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = (
                f"{event.order_id.name or ''} {words.get(event.kind, '')} {event.reference or ''}")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Events are reported by the order's own method."))
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - FOLLOWS or not self.env.su:
            raise AccessError(self.env._("An event is not changed: report a correction."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Events are not deleted: report a correction."))
