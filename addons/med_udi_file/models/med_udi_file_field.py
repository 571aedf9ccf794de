from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import mapping, tree

GROUPS = {"packages": "med.udi.di", "storages": "med.udi.storage", "sizes": "med.udi.size",
          "countries": "res.country", "aliases": "med.udi.alias"}
OWNERS = {"registration": "med.udi.registration", "basic": "med.udi.basic"}
FILE = ("number", "day", "time", "uuid", "section_uuid", "set_uuid", "version", "sender")
DERIVED = ("direct_mark", "has_direct_mark", "direct_mark_same", "unit_of_use", "production",
           "market_status", "no_human_blood", "storage_texts", "size_texts")
# Where a path may lead from one record to another.
REACHED = {"med.udi.di", "med.udi.basic", "med.udi.registration", "res.country", "res.partner",
           "res.company", "product.product"}
SCALARS = {"char", "text", "integer", "float", "boolean", "selection", "date", "datetime"}


class MedUdiFileField(models.Model):
    """A place of a form, and which datum of a device stands there."""

    _name = "med.udi.file.field"
    _description = "Field of a Regulator's Form"
    _order = "format_id, sequence, id"
    _rec_name = "path"

    format_id = fields.Many2one("med.udi.file.format", required=True, index=True,
                                ondelete="cascade")
    company_id = fields.Many2one(related="format_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    scope = fields.Selection(
        [("file", "The file"), ("entry", "Each entry")], required=True, default="entry")
    path = fields.Char(
        "Path or Column", required=True,
        help="XML: elements joined by /, @name for an attribute at the end; * after an element "
             "that is repeated for each item; #word keeps elements of one name apart. XLSX: "
             "sheet!column.")
    source = fields.Char(
        "Data Element",
        help="Name of a field of the device identifier; registration.name, basic.name and, in a "
             "group, item.name for others; file.name for the file. In the row of the file itself, "
             "“entries” says where the entries stand.")
    constant = fields.Char(help="This text, whatever the device.")
    each = fields.Selection(
        [("packages", "Higher packages"), ("storages", "Storage conditions"), ("sizes", "Sizes"),
         ("countries", "Countries"), ("aliases", "Further identifiers")], "Repeated For")
    required = fields.Boolean()
    max_length = fields.Integer("Most Characters", help="0: any.")
    code_ids = fields.One2many("med.udi.file.code", "field_id", "Codes", copy=True)
    code_count = fields.Integer("Number of Codes", compute="_compute_code_count")
    note = fields.Char(help="What somebody has to know who compares this with the official text.")

    _one_content = models.Constraint(
        "CHECK ((COALESCE(source, '') = '') != (COALESCE(constant, '') = ''))",
        "Give a data element or a constant, one of them.")
    _length = models.Constraint("CHECK (max_length >= 0)", "A length is not negative.")

    @api.depends("code_ids")
    def _compute_code_count(self):
        for one in self:
            one.code_count = len(one.code_ids)

    @api.constrains("path", "format_id", "scope", "source", "each")
    def _check_path(self):
        for one in self:
            if one.format_id.kind == "xlsx":
                title, mark, head = one.path.rpartition("!")
                if not mark or not title.strip() or not head.strip() or one.scope == "file":
                    raise ValidationError(self.env._(
                        "%s: a column is written as sheet!column, for each entry.", one.path))
                continue
            try:
                steps = tree.read_path(one.path, one.format_id._med_namespaces())
            except tree.PathError as error:
                raise ValidationError(self.env._(
                    "%s is not a path that can be read, or a prefix has no namespace.",
                    one.path)) from error
            if bool(one.each) != any(step.repeated for step in steps):
                raise ValidationError(self.env._(
                    "%s: an element with * goes with a group that it is repeated for.", one.path))

    @api.constrains("source", "each", "scope")
    def _check_source(self):
        for one in self.filtered("source"):
            if one._med_element() is None:
                raise ValidationError(self.env._(
                    "%(path)s: there is no data element “%(element)s” here.", path=one.path,
                    element=one.source))

    def _med_element(self):
        """Return the last ``odoo.fields.Field`` that the source leads to, True for what is worked
        out, or None where it leads nowhere."""
        self.ensure_one()
        owner, dot, rest = self.source.partition(".")
        if self.scope == "file":
            return True if self.source == "entries" or (
                owner == "file" and rest in FILE) else None
        if owner == "file" and dot:
            return True if rest in FILE else None
        if self.source in DERIVED:
            return True
        if owner == "item" and dot:
            model = GROUPS.get(self.each)
        elif owner in OWNERS and dot:
            model = OWNERS[owner]
        else:
            model, rest = "med.udi.di", self.source
        for name in rest.split("."):
            if model not in self.env or name not in self.env[model]._fields:
                return None
            field = self.env[model]._fields[name]
            if field.type == "many2one" and field.comodel_name in REACHED:
                model = field.comodel_name
            else:
                model = ""
        return field if field.type in SCALARS and not field.groups else None

    def _med_label(self):
        """Return the words for the data element, as the screens name it."""
        self.ensure_one()
        field = self._med_element() if self.source else None
        if field is None or field is True:
            return {
                "direct_mark": self.env._("Mark on the Device"),
                "unit_of_use": self.env._("Identifier of the Unit of Use"),
                "production": self.env._("Production Identifiers on the Label"),
                "market_status": self.env._("Status on the Market"),
                "no_human_blood": self.env._("Medicinal Product from Human Blood"),
                "file.sender": self.env._("Sender's Number"),
            }.get(self.source, self.source or "")
        owner = {"registration": self.env._("Registration"), "basic": self.env._("Basic UDI-DI"),
                 "item": dict(self._fields["each"]._description_selection(self.env)).get(
                     self.each, "")}.get(self.source.partition(".")[0])
        label = field._description_string(self.env)
        return f"{owner}: {label}" if owner and "." in self.source else label

    def _med_place(self):
        """Return the place as the tools know it."""
        return mapping.Field(
            self.id, self.path, self.source or "", self.constant or "", self.each or "",
            self.required, self.max_length,
            {code.ours: code.theirs or "" for code in self.code_ids})
