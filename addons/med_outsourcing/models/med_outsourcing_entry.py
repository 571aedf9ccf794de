from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .med_outsourcing_event import KINDS
from .med_outsourcing_event_lot import OUTCOMES

ENTERERS = ("qa", "warehouse", "purchasing")


class MedOutsourcingEntry(models.TransientModel):
    """What a processor without systems has reported on paper, entered by a person of ours.

    It goes the one way of every report, and stays marked as entered here, by whom and when.
    """

    _name = "med.outsourcing.entry"
    _description = "Enter a Report of a Processor"

    order_id = fields.Many2one("med.outsourcing.order", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, default="finished")
    reference = fields.Char("Number of the Report", required=True,
                            help="The processor's own number of its paper.")
    event_time = fields.Datetime("Happened", required=True, default=fields.Datetime.now)
    person = fields.Char(required=True, help="Who of the processor says so.")
    revision = fields.Char(help="As on the paper.")
    operation = fields.Char("Step")
    equipment = fields.Char()
    supersedes = fields.Char("Corrects", help="Number of the report that this one corrects.")
    note = fields.Text()
    line_ids = fields.One2many("med.outsourcing.entry.line", "entry_id", "Lots")
    parameter_ids = fields.One2many("med.outsourcing.entry.parameter", "entry_id", "Values")

    def action_enter(self):
        """Report it; what is refused says why."""
        self.ensure_one()
        order = self.order_id
        order._med_check_enterer()
        rows = [(line, {"lot": line.lot_name or "", "quantity": line.quantity,
                        "product": line.product_id.id}) for line in self.line_ids]
        order._med_report({
            "kind": self.kind, "reference": self.reference, "revision": self.revision or "",
            "time": self.event_time, "person": self.person, "operation": self.operation or "",
            "equipment": self.equipment or "", "note": self.note or "",
            "supersedes": self.supersedes or "",
            "parameters": [{"name": one.name, "value": one.value, "unit": one.unit or ""}
                           for one in self.parameter_ids],
            "lots": [{**row, "outcome": line.outcome} for line, row in rows
                     if line.outcome != "used"],
            "used": [row for line, row in rows if line.outcome == "used"]}, "own")
        return {"type": "ir.actions.act_window_close"}


class MedOutsourcingEntryLine(models.TransientModel):
    """How much of which lot the paper speaks of."""

    _name = "med.outsourcing.entry.line"
    _description = "Lot of an Entered Report"

    entry_id = fields.Many2one("med.outsourcing.entry", required=True, ondelete="cascade",
                               index=True)
    product_id = fields.Many2one("product.product", help="Empty: the product of the order.")
    lot_name = fields.Char("Lot or Serial")
    quantity = fields.Float(digits="Product Unit", required=True)
    outcome = fields.Selection([one for one in OUTCOMES if one[0] != "held"], required=True,
                               default="good")


class MedOutsourcingEntryParameter(models.TransientModel):
    """A value that the paper tells."""

    _name = "med.outsourcing.entry.parameter"
    _description = "Value of an Entered Report"

    entry_id = fields.Many2one("med.outsourcing.entry", required=True, ondelete="cascade",
                               index=True)
    name = fields.Char("Parameter", required=True)
    value = fields.Char(required=True)
    unit = fields.Char()


class MedOutsourcingOrder(models.Model):
    _inherit = "med.outsourcing.order"

    can_enter = fields.Boolean(compute="_compute_can_enter", compute_sudo=True)

    @api.depends("processor_id.connection", "processor_id.user_ids")
    def _compute_can_enter(self):
        for order in self:
            file = order.processor_id
            order.can_enter = file.connection != "api" and not file.user_ids

    def _med_check_enterer(self):
        """Refuse who may not, and a processor that reports itself."""
        self.check_access("write")
        if not any(self.env.user.has_group(f"med_base.med_base_group_{one}") for one in ENTERERS):
            raise AccessError(self.env._("Your role enters no reports of processors."))
        if not self.can_enter:
            raise UserError(self.env._(
                "%(processor)s reports itself, by its portal or program: nobody reports in its "
                "place.", processor=self.partner_id.display_name))

    def action_enter(self):
        """Open the dialog that enters a paper of a processor without systems."""
        self.ensure_one()
        self._med_check_enterer()
        return {"type": "ir.actions.act_window", "res_model": "med.outsourcing.entry",
                "view_mode": "form", "target": "new", "name": self.env._("Enter a Report"),
                "context": {"default_order_id": self.id, "default_revision": self.revision}}
