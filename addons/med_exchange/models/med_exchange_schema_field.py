from odoo import api, fields, models

from .med_exchange_schema import OWNERS, TRUTHS


class MedExchangeSchemaField(models.Model):
    """One row of the data map: a field that crosses the boundary, and all that is laid down."""

    _name = "med.exchange.schema.field"
    _description = "Field of Exchanged Objects"
    _order = "schema_id, sequence, id"
    _rec_names_search = ["name", "pointer"]

    schema_id = fields.Many2one("med.exchange.schema", "Schema", required=True, readonly=True,
                                index=True, ondelete="cascade")
    state = fields.Selection(related="schema_id.state")
    sequence = fields.Integer(readonly=True)
    name = fields.Char("Title", required=True, readonly=True, translate=True)
    pointer = fields.Char("Field", required=True, readonly=True, help=(
        "JSON pointer of the field in a message's payload; “-” stands for any row of a list."))
    description = fields.Char("Meaning", readonly=True, translate=True)
    kind = fields.Selection(
        [("string", "Text"), ("date", "Date"), ("date-time", "Time in UTC"),
         ("decimal", "Decimal Text"), ("quantity", "Value with Unit"),
         ("integer", "Whole Number"), ("boolean", "Yes or No"), ("array", "List"),
         ("object", "Group")], "Type", required=True, readonly=True)
    required = fields.Boolean(readonly=True)
    unit = fields.Char(readonly=True, help="UCUM code. Other units are converted on the way in.")
    precision = fields.Char("Decimal Places", readonly=True, help=(
        "To which a value is rounded on the way in, half to even. The message keeps the "
        "original."))
    limits = fields.Char("Range", readonly=True)
    allowed = fields.Char("Values", readonly=True)
    states = fields.Text("May Turn Into", readonly=True, help=(
        "For a status: which status may follow which."))
    owner = fields.Selection(OWNERS, readonly=True,
                             help="The function that answers for the field.")
    truth = fields.Selection(TRUTHS, "Source of Truth", readonly=True,
                             help="The kind of system whose word counts where two differ.")

    @api.depends("name", "pointer")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.name} ({one.pointer})"

    @api.model
    def _med_values(self, place, told):
        """Return the values of a row from a :class:`..tools.schema.Field`."""
        return {
            "sequence": place, "name": told.title, "pointer": told.pointer,
            "description": told.description, "kind": told.kind, "required": told.required,
            "unit": told.unit, "precision": str(told.precision) if told.precision >= 0 else False,
            "limits": told.limits, "allowed": ", ".join(map(str, told.values)),
            "states": told.transitions, "owner": told.owner, "truth": told.truth}
