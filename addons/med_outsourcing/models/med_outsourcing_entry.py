import re

from odoo import api, fields, models
from odoo.fields import Command

from .med_outsourcing_event import KINDS
from .med_processor_scan import FORMATS

MEDIA = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
NUMBERED = ("received", "shipped")
"""Kinds whose quantities are as sent or made, where the paper says nothing else."""


class MedOutsourcingEntry(models.TransientModel):
    """What a processor without systems has reported on paper, entered by a person of ours.

    It goes the one way of every report, and stays marked as entered here, by whom and when. The
    paper is kept with it.
    """

    _name = "med.outsourcing.entry"
    _description = "Enter a Report of a Processor"

    order_id = fields.Many2one("med.outsourcing.order", required=True, readonly=True)
    order_kind = fields.Selection(related="order_id.kind", string="Kind of Order")
    company_id = fields.Many2one(related="order_id.company_id")
    asks_product = fields.Boolean("Asks for the Product", compute="_compute_asks_product")
    kind = fields.Selection(KINDS, required=True, default="finished")
    reference = fields.Char("Number of the Report", required=True,
                            help="The processor's own number of its paper.")
    event_time = fields.Datetime("Happened", required=True, default=fields.Datetime.now)
    person = fields.Char(required=True, help="Who of the processor says so.")
    revision = fields.Char(help="As on the paper.")
    operation = fields.Char("Step")
    operations = fields.Char("Steps as Ordered", compute="_compute_operations")
    equipment = fields.Char()
    supersedes_id = fields.Many2one(
        "med.outsourcing.event", "Corrects", help="The report that this one corrects.",
        domain="[('order_id', '=', order_id), ('kind', '=', kind), ('superseded', '=', False)]")
    deviation_id = fields.Many2one(
        "med.deviation", "Under Deviation",
        domain="[('state', '=', 'approved'), ('company_id', '=', company_id)]",
        help="What covers that it was made to another revision, or of other material.")
    note = fields.Text()
    paper = fields.Binary(attachment=False, help="Scan or photo of the report: PDF, PNG or JPEG.")
    paper_name = fields.Char()
    line_ids = fields.One2many("med.outsourcing.entry.line", "entry_id", "Lots")
    parameter_ids = fields.One2many("med.outsourcing.entry.parameter", "entry_id", "Values")

    @api.depends("order_id")
    def _compute_operations(self):
        for entry in self:
            entry.operations = " · ".join(entry.order_id._med_begin_operations())

    @api.depends("order_id")
    def _compute_asks_product(self):
        for entry in self:
            order = entry.order_id.sudo()
            entry.asks_product = order.kind == "make" or len(order.line_ids.product_id) > 1

    # ------------------------------------------------------------------ what it begins with

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.supersedes_id.kind != self.kind:
            self.supersedes_id = False
        self._med_begin()

    @api.onchange("supersedes_id")
    def _onchange_supersedes(self):
        old = self.supersedes_id
        if old:
            self.update({name: old[name] for name in (
                "event_time", "person", "operation", "equipment", "deviation_id")})
        self._med_begin()

    def _med_begin(self):
        """Fill in the rows: as they were reported, or as they are to be reported now."""
        rows = [{"product_id": row.product_id.id, "lot_name": row.lot_name,
                 "quantity": row.quantity, "outcome": row.outcome}
                for row in self.supersedes_id.lot_ids if row.outcome != "held"]
        values = [{"name": one.get("name"), "value": one.get("value"), "unit": one.get("unit")}
                  for one in self.supersedes_id.parameters or ()]
        if not self.supersedes_id:
            rows, values = self._med_begin_rows(), self._med_begin_values()
        limits = {one["name"]: one["span"] for one in self.order_id._med_begin_parameters()}
        self.line_ids = [Command.clear(), *map(Command.create, rows)]
        self.parameter_ids = [Command.clear(), *(Command.create(
            {**one, "limits": limits.get(one["name"])}) for one in values)]

    def _med_begin_rows(self):
        order, kind = self.order_id.sudo(), self.kind
        if kind not in ("received", "result", "finished", "shipped"):
            return []
        # Of what is made the product is known; of lots of ours two may bear one number.
        known = order.kind == "make" and kind != "received"
        rows = [{"lot_name": one["lot"], "outcome": "good",
                 "quantity": one["quantity"] if kind in NUMBERED else 0,
                 "product_id": False if known else one["product_id"]}
                for one in order._med_begin_lots(kind)]
        if kind == "finished" and order.kind == "make":
            rows += [{"product_id": one["product"], "lot_name": one["lot"], "outcome": "used"}
                     for one in order._med_begin_components()]
        return rows

    def _med_begin_values(self):
        if self.kind not in ("step", "result"):
            return []
        return [{"name": one["name"], "unit": one["unit"]}
                for one in self.order_id._med_begin_parameters()]

    # ------------------------------------------------------------------ entering

    def action_enter(self):
        """Report it; what is refused says why."""
        self.ensure_one()
        order = self.order_id
        order._med_check_enterer()
        rows = [(line, {"lot": line.lot_name or "", "quantity": line.quantity,
                        "product": line.product_id.id}) for line in self.line_ids if line.quantity]
        order._med_report_with({
            "kind": self.kind, "reference": self.reference, "revision": self.revision or "",
            "time": self.event_time, "person": self.person, "operation": self.operation or "",
            "equipment": self.equipment or "", "note": self.note or "",
            "supersedes": self.supersedes_id.reference or "",
            "deviation": self.deviation_id.name or "",
            "parameters": [{"name": one.name, "value": one.value, "unit": one.unit or ""}
                           for one in self.parameter_ids if one.value],
            "lots": [{**row, "outcome": line.outcome} for line, row in rows
                     if line.outcome != "used"],
            "used": [row for line, row in rows if line.outcome == "used"]}, self._med_files(),
            "own")
        return {"type": "ir.actions.act_window_close"}

    def action_enter_more(self):
        """Report it, and begin the next report of the same order."""
        self.action_enter()
        return self.order_id.action_enter()

    def _med_files(self):
        """Return the paper as ``[(name, content, media type)]``."""
        if not self.paper:
            return []
        raw = self.env["med.processor.scan"]._med_check_file(self.paper)
        ending = next(end for magic, end in FORMATS.items() if raw.startswith(magic))
        stem = re.split(r"[\\/]", self.paper_name or "")[-1].rpartition(".")[0][:100]
        return [(f"{stem or self.reference}.{ending}", raw, MEDIA[ending])]
