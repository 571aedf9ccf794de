from odoo import fields, models

from .med_outsourcing_event import KINDS


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
