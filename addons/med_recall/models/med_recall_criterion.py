from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.addons.med_inspection.models.med_process_batch import PROCESSES
from odoo.exceptions import UserError

ENDED = ("completed", "terminated", "not_recall")


class MedRecallCriterion(models.Model):
    """One way to say which lots are meant: what stands in one row is joined by "and".

    The rows of a recall are joined by "or"; a row that excludes takes away what it fits, and what
    was made of that alone.
    """

    _name = "med.recall.criterion"
    _description = "Criterion of a Recall"
    _order = "recall_id, sequence, id"

    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    exclude = fields.Boolean(
        help="Lots that fit are left out, and what was made of them alone.")
    product_id = fields.Many2one("product.product", "Product", ondelete="restrict")
    lot_ids = fields.Many2many(
        "stock.lot", "med_recall_criterion_lot_rel", string="Lots and Serials")
    serial_from = fields.Char("First Serial", help="Of the product, as a person counts.")
    serial_to = fields.Char("Last Serial")
    udi = fields.Char("UDI", help="A whole UDI, or any number on a label.")
    supplier_lot = fields.Char("Supplier's Lot")
    supplier_id = fields.Many2one("res.partner", "Supplier", ondelete="restrict")
    picking_id = fields.Many2one(
        "stock.picking", "Receipt", ondelete="restrict",
        domain="[('picking_type_code', '=', 'incoming')]")
    production_id = fields.Many2one("mrp.production", "Manufacturing Order", ondelete="restrict")
    made_from = fields.Date("Made From")
    made_to = fields.Date("Made To")
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Center", ondelete="restrict")
    operator_id = fields.Many2one("res.users", "Operator", ondelete="restrict")
    component_id = fields.Many2one("product.product", "Component", ondelete="restrict")
    bom_id = fields.Many2one("mrp.bom", "Made to Bill of Materials", ondelete="restrict")
    process = fields.Selection(PROCESSES, "Process Step")
    operation = fields.Char("Operation", help="Name of a work order.")
    equipment = fields.Char(help="Of a process batch or an inspection.")
    step_from = fields.Datetime("Step From", help="Within this time the step was going on.")
    step_to = fields.Datetime("Step To")
    characteristic = fields.Char(help="Key of a characteristic that was measured.")
    reading_below = fields.Char("Below", help="Decimal point, no thousands separator.")
    reading_above = fields.Char("Above")
    said = fields.Char("Means", compute="_compute_said")

    @api.depends(lambda self: self._med_asked())
    @api.depends_context("lang")
    def _compute_said(self):
        for row in self:
            said = "; ".join(
                f"{row._fields[name]._description_string(self.env)}: {row._med_shown(name)}"
                for name in self._med_asked() if row[name])
            row.said = self.env._("Not: %s", said) if row.exclude else said

    @api.model
    def _med_asked(self):
        """Return the fields that ask for something."""
        return ["product_id", "lot_ids", "serial_from", "serial_to", "udi", "supplier_lot",
                "supplier_id", "picking_id", "production_id", "made_from", "made_to",
                "workcenter_id", "operator_id", "component_id", "bom_id", "process", "operation",
                "equipment", "step_from", "step_to", "characteristic", "reading_below",
                "reading_above"]

    def _med_shown(self, name):
        value, field = self[name], self._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if field.relational:
            names = value[:5].mapped("display_name")
            return ", ".join([*names, *(["…"] if len(value) > 5 else [])])
        return str(value)

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._med_check_open()
        return rows

    def write(self, vals):
        self._med_check_open()
        result = super().write(vals)
        self._med_check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ended(self):
        self._med_check_open()

    def _med_check_open(self):
        for recall in self.recall_id.sudo():
            if recall.state in ENDED:
                raise UserError(self.env._(
                    "%s has ended: what it meant is not changed.", recall.name))

    # ------------------------------------------------------------------ what it asks for

    def _med_query(self):
        """Return the rows as plain data, see :meth:`med.recall.preview`."""
        return [row._med_criteria() | ({"exclude": True} if row.exclude else {}) for row in self]

    def _med_criteria(self):
        """Return what this row asks for, as `stock.lot.med_trace_by` takes it."""
        step = bool(self.process or self.operation or self.equipment or self.step_from
                    or self.step_to)
        told = {
            "product_id": self.product_id.id, "lot_ids": sorted(self.lot_ids.ids),
            "udi": self.udi, "supplier_lot": self.supplier_lot, "supplier_id": self.supplier_id.id,
            "picking_id": self.picking_id.id, "production_id": self.production_id.id,
            "date_from": self._med_moment(self.made_from, time.min),
            "date_to": self._med_moment(self.made_to, time(23, 59, 59)),
            "workcenter_id": not step and self.workcenter_id.id,
            "operator_id": self.operator_id.id, "component_id": self.component_id.id,
            "bom_id": self.bom_id.id,
            "serial_range": (self.serial_from or self.serial_to) and _some({
                "product_id": self.product_id.id, "from": self.serial_from,
                "to": self.serial_to}),
            "step": step and _some({
                "process": self.process, "operation": self.operation,
                "workcenter_id": self.workcenter_id.id, "equipment": self.equipment,
                "from": _text(self.step_from), "to": _text(self.step_to)}),
            "reading": (self.characteristic or self.reading_below or self.reading_above) and _some({
                "characteristic": self.characteristic, "below": self.reading_below,
                "above": self.reading_above}),
        }
        return _some(told)

    def _med_moment(self, day, at):
        """Return the beginning or end of a day at the company's place, as UTC text."""
        if not day:
            return ""
        zone = ZoneInfo(self.company_id.resource_calendar_id.tz or "UTC")
        moment = datetime.combine(day, at, zone).astimezone(timezone.utc)
        return _text(moment.replace(tzinfo=None))


def _some(values):
    return {name: value for name, value in values.items() if value}


def _text(moment):
    return moment.isoformat(sep=" ", timespec="seconds") if moment else ""
