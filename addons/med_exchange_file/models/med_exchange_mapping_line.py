from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.mapping import Line
from ..tools.transform import BadCell, Rule, value_of

KINDS = [
    ("text", "As it is"), ("constant", "Always the same"), ("upper", "In capitals"),
    ("lower", "In small letters"), ("date", "Date"), ("time", "Time"),
    ("decimal", "Decimal number"), ("quantity", "Number with unit"),
    ("integer", "Whole number"), ("boolean", "Yes or no"),
    ("split", "List, split at"), ("part", "Part of it"), ("join", "Columns joined"),
]
# Type of a field → how a constant or a default of it is read.
TYPED = {"integer": "integer", "boolean": "boolean", "quantity": "quantity", "array": "split",
         "date": "date", "date-time": "time"}


class MedExchangeMappingLine(models.Model):
    """Where one field of a message comes from, and how its cell is read."""

    _name = "med.exchange.mapping.line"
    _description = "Field of a Mapping"
    _order = "mapping_id, sequence, id"
    _rec_name = "pointer"

    mapping_id = fields.Many2one("med.exchange.mapping", required=True, index=True,
                                 ondelete="cascade")
    company_id = fields.Many2one(related="mapping_id.company_id", store=True, index=True)
    schema_id = fields.Many2one(related="mapping_id.schema_id")
    sequence = fields.Integer(default=10)
    pointer = fields.Char(
        "Path", required=True,
        help="Where the field stands in the message, as /address/city; - for one entry a row.")
    field_id = fields.Many2one(
        "med.exchange.schema.field", "Field", compute="_compute_field_id",
        inverse="_inverse_field_id", domain="[('schema_id', '=', schema_id)]")
    column = fields.Char(
        help="Heading of the column. Several for “Columns joined”, with | between them.")
    kind = fields.Selection(KINDS, "How It Is Read", required=True, default="text")
    argument = fields.Char(
        help="Always the same: the value. Date and time: formats as %d.%m.%Y, with | between them. "
             "Number with unit: the unit where the cell names none. List: what separates. "
             "Part: separator and number, as “/ 2”. Columns joined: what stands between.")
    words = fields.Text("Words", help="One a line, as “中国 = CN”. Other words are refused.")
    default = fields.Char(help="What an empty cell means.")
    required = fields.Boolean(help="An empty cell is refused.")
    hint = fields.Char("Allowed", compute="_compute_hint")

    _once = models.Constraint("UNIQUE (mapping_id, pointer)", "The field is mapped already.")

    @api.depends("pointer", "schema_id")
    def _compute_field_id(self):
        found = {}
        for schema in self.schema_id:
            found.update({(schema.id, one.pointer): one for one in schema.field_ids})
        for line in self:
            line.field_id = found.get((line.schema_id.id, line.pointer), False)

    def _inverse_field_id(self):
        for line in self.filtered("field_id"):
            line.pointer = line.field_id.pointer

    @api.onchange("field_id")
    def _onchange_field_id(self):
        if self.field_id:
            self.pointer = self.field_id.pointer

    @api.depends("pointer", "schema_id")
    def _compute_hint(self):
        for mapping in self.mapping_id:
            hints = {one["pointer"]: one["hint"] for one in mapping._med_fields()}
            for line in self.filtered(lambda one, mapping=mapping: one.mapping_id == mapping):
                line.hint = hints.get(line.pointer, "")
        self.filtered(lambda one: not one.mapping_id).hint = ""

    # ------------------------------------------------------------------ guards

    @api.constrains("pointer", "mapping_id")
    def _check_pointer(self):
        for line in self:
            if not line.pointer.startswith("/") or len(line.pointer) > 200:
                raise ValidationError(self.env._(
                    "“%s” is no path: it begins with /.", line.pointer))

    @api.constrains("kind", "argument", "words", "default", "column")
    def _check_rule(self):
        for line in self:
            line._med_words()
            if line.kind == "constant" and not (line.argument or "").strip():
                raise ValidationError(self.env._(
                    "%s is always the same: say what.", line.pointer))
            for text in filter(None, (line.default, line.kind == "constant" and line.argument)):
                line._med_value(text)

    @api.model_create_multi
    def create(self, vals_list):
        mappings = self.env["med.exchange.mapping"].browse(
            [vals["mapping_id"] for vals in vals_list if vals.get("mapping_id")])
        mappings.line_ids._med_check_draft(mappings)
        return super().create(vals_list)

    def write(self, vals):
        self._med_check_draft(self.mapping_id)
        if "mapping_id" in vals and any(one.mapping_id.id != vals["mapping_id"] for one in self):
            raise UserError(self.env._("A field stays in its mapping."))
        return super().write(vals)

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_draft(self.mapping_id)
        return super().unlink()

    def _med_check_draft(self, mappings):
        if any(one.state == "active" for one in mappings.sudo()):
            raise UserError(self.env._(
                "A mapping in force is not changed: put it back to draft first."))

    # ------------------------------------------------------------------ rules

    def _med_fixed(self):
        """Return whether the field has a value without a column."""
        return self.kind == "constant" or bool(self.default)

    def _med_title(self):
        """Return what people call the field."""
        return next((one["title"] or one["name"] for one in self.mapping_id._med_fields()
                     if one["pointer"] == self.pointer), self.pointer)

    def _med_words(self):
        """Return ``{word in small letters: what it means}``."""
        found = {}
        for text in (self.words or "").splitlines():
            if not text.strip():
                continue
            word, sign, meaning = text.partition("=")
            if not sign or not word.strip() or not meaning.strip():
                raise ValidationError(self.env._(
                    "%(pointer)s: “%(text)s” is no word with a meaning; write it as “中国 = CN”.",
                    pointer=self.pointer, text=text.strip()))
            found[word.strip().casefold()] = meaning.strip()
        # A cell that says the meaning itself is understood, too.
        return {**{meaning.casefold(): meaning for meaning in found.values()}, **found}

    def _med_rule(self):
        return Rule(self.kind, self.argument or (
            self.mapping_id.time_format or "" if self.kind == "time" else ""),
            self._med_words(), self.mapping_id.decimal_mark, self.mapping_id.zone)

    def _med_value(self, text):
        """Return what a constant or a default means: of the type of the field."""
        types = {one["pointer"]: one["type"] for one in self.mapping_id._med_fields()}
        kind = TYPED.get(types.get(self.pointer), "text")
        rule = self._med_rule()
        if self.kind not in ("constant", "join", "part"):
            kind = self.kind if kind == "text" else kind
        words = {} if self.kind == "constant" else rule.words
        try:
            return value_of(Rule(kind, rule.argument if self.kind == kind else "", words,
                                 rule.mark, rule.zone), text)
        except BadCell as error:
            raise ValidationError(self.env._(
                "%(pointer)s: “%(text)s” cannot be its value.", pointer=self.pointer,
                text=text)) from error

    def _med_columns(self):
        """Return the headings it is read from."""
        if self.kind == "constant" or not self.column:
            return ()
        if self.kind != "join":
            return (self.column,)
        return tuple(one.strip() for one in self.column.split("|") if one.strip())

    def _med_line(self):
        """Return the line as data for :mod:`..tools.mapping`."""
        if self.kind == "constant":
            return Line(self.pointer, (), Rule(), self._med_value(self.argument), self.required)
        return Line(self.pointer, self._med_columns(), self._med_rule(),
                    self._med_value(self.default) if self.default else None, self.required)
