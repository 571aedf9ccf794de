import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ..tools import answer, schema, tree

SCHEMA_FACTS = {"schema_sha256", "schema_user_id", "schema_time"}


class MedUdiFileFormat(models.Model):
    """A form in which a regulator takes device data; its fields are data, not code.

    Known of the forms that are seeded, from public use of them, not from the official texts:
    EUDAMED Data Exchange (DTX) messages with ``Push``, one kind of entity in a message and at most
    300 of them; GUDID records as HL7 Structured Product Labeling, one document a device
    identifier; the columns and element names in which the NMPA publishes and takes UDI data
    (YY/T 1752-2020). Until somebody uploads the official schema, a file says that it was not
    checked.
    """

    _name = "med.udi.file.format"
    _description = "Form of a Regulator's File"
    _inherit = ["med.statutory.mixin"]
    _order = "jurisdiction_id, sequence, id"

    sequence = fields.Integer(default=10)
    jurisdiction_id = fields.Many2one(string="Market", required=True)
    regulator = fields.Char(required=True, tracking=True, help="Who takes the file.")
    version = fields.Char(tracking=True, help="Version of the form, as the regulator counts.")
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In Use"), ("retired", "Retired")], "Status",
        required=True, default="draft", tracking=True)
    kind = fields.Selection([("xml", "XML"), ("xlsx", "XLSX")], required=True, default="xml",
                            tracking=True)
    entry = fields.Selection(
        [("di", "Device identifier"), ("basic", "Basic UDI-DI")], "One Entry For", required=True,
        default="di", tracking=True)
    basic_once = fields.Boolean(
        "Each Basic UDI-DI Once", tracking=True,
        help="A file cannot hold two device identifiers of one Basic UDI-DI.")
    apart = fields.Boolean("A Document for Each Entry", tracking=True,
                           help="Several documents are packed into one ZIP.")
    most = fields.Integer("Most Entries", default=300, required=True, tracking=True)
    condition = fields.Char(
        tracking=True, help="Only device identifiers of this domain. Empty: all of them.")
    root = fields.Char("Root Element", tracking=True)
    namespaces = fields.Text(
        tracking=True, help="Lines of prefix=address; =address is the default namespace.")
    sender_code = fields.Char(
        "Sender's Number", tracking=True, help="EUDAMED: actor code (SRN). GUDID: DUNS number.")
    lang = fields.Char("Language of Names", help="Names of products in this language, where it is "
                       "installed: zh_CN. Empty: the language of who makes the file.")
    word_yes = fields.Char("Word for Yes", required=True, default="true")
    word_no = fields.Char("Word for No", required=True, default="false")
    joint = fields.Char("Between Several Values", default=" ", trim=False)
    day = fields.Char("Form of a Date", required=True, default="%Y-%m-%d",
                      help="As strftime writes it: %Y-%m-%d, %Y%m%d.")
    field_ids = fields.One2many("med.udi.file.field", "format_id", "Fields", copy=True)

    schema_file = fields.Binary(
        "Official Schema", attachment=True, copy=False,
        help="The regulator's XSD, or a ZIP of those that include each other. Nothing outside the "
             "upload is ever read.")
    schema_name = fields.Char("File of the Schema", copy=False)
    schema_main = fields.Char("Schema to Begin With", copy=False,
                              help="Path within the ZIP, for example service/Message.xsd.")
    schema_sha256 = fields.Char("SHA-256 of the Schema", readonly=True, copy=False, tracking=True)
    schema_user_id = fields.Many2one("res.users", "Schema Uploaded By", readonly=True, copy=False)
    schema_time = fields.Datetime("Schema Uploaded On", readonly=True, copy=False)

    answer_kind = fields.Selection([("csv", "CSV"), ("xml", "XML")], "Form of the Answer",
                                   required=True, default="csv")
    answer_row = fields.Char("Element of a Row", help="XML: name of the element of one device.")
    answer_device = fields.Char(
        "Device Identifier", required=True, default="DI",
        help="Name of the column; XML: path of plain names below the row, @name for an attribute.")
    answer_outcome = fields.Char("Outcome", required=True, default="Status")
    answer_message = fields.Char("Message", default="Message")
    answer_key = fields.Char("Key in the Database", default="Key")
    answer_accepted = fields.Char("Words for Accepted", required=True,
                                  default="accepted, success, ok")
    answer_refused = fields.Char("Words for Refused", required=True,
                                 default="refused, rejected, error, failed")

    _some = models.Constraint("CHECK (most > 0)", "A file holds at least one entry.")

    @api.model_create_multi
    def create(self, vals_list):
        formats = super().create([
            {name: value for name, value in vals.items() if name not in SCHEMA_FACTS}
            for vals in vals_list])
        formats.filtered("schema_file")._med_note_schema()
        return formats

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name not in SCHEMA_FACTS}
        done = super().write(vals)
        if "schema_file" in vals:
            self._med_note_schema()
        return done

    def _med_note_schema(self):
        for one in self:
            data = one._med_schema_bytes()
            super(MedUdiFileFormat, one).write({
                "schema_sha256": hashlib.sha256(data).hexdigest() if data else False,
                "schema_user_id": self.env.uid if data else False,
                "schema_time": fields.Datetime.now() if data else False})

    # ------------------------------------------------------------------ what must fit

    @api.constrains("schema_file", "schema_main", "kind")
    def _check_schema(self):
        for one in self.filtered("schema_file"):
            if one.kind != "xml":
                raise ValidationError(self.env._("A schema checks XML: %s is a spreadsheet.",
                                                 one.name))
            one._med_schema()

    @api.constrains("root", "namespaces", "kind", "condition", "answer_kind", "answer_row",
                    "answer_accepted", "answer_refused")
    def _check_readable(self):
        """A form that cannot be read would break every file."""
        for one in self:
            try:
                names = tree.read_namespaces(one.namespaces)
                if one.kind == "xml":
                    tree.read_path(one.root, names)
            except tree.PathError as error:
                raise ValidationError(self.env._(
                    "%(form)s: “%(text)s” is not a name or namespace that can be read.",
                    form=one.name, text=error)) from error
            if one.answer_kind == "xml" and not one.answer_row:
                raise ValidationError(self.env._("Name the element of a row of the answer."))
            if answer.words(one.answer_accepted) & answer.words(one.answer_refused):
                raise ValidationError(self.env._("One word cannot mean accepted and refused."))
            try:
                self.env["med.udi.di"].sudo().search(one._med_condition(), limit=1)
            except Exception as error:
                raise ValidationError(self.env._(
                    "The condition of %(row)s is not a domain of device identifiers: %(error)s",
                    row=one.name, error=error)) from error

    # ------------------------------------------------------------------ what others ask

    def _med_condition(self):
        return Domain(safe_eval(self.condition or "[]"))

    def _med_schema_bytes(self):
        return base64.b64decode(self.with_context(bin_size=False).schema_file or b"")

    def _med_uploaded_schema(self):
        """Return the compiled schema that was uploaded, or None when none was.

        :raise UserError: its bytes are others now, or gone
        """
        digest = hashlib.sha256(self._med_schema_bytes()).hexdigest()
        if self.schema_sha256 and digest != self.schema_sha256:
            raise UserError(self.env._(
                "The official schema of “%s” is not the one any more that was uploaded: its "
                "SHA-256 differs. Upload it again.", self.name))
        return self._med_schema()

    def _med_schema(self):
        """Return the compiled official schema, or None when none was uploaded.

        :raises ValidationError: it cannot be used; the message says why
        """
        self.ensure_one()
        data = self._med_schema_bytes()
        if not data:
            return None
        try:
            return schema.load(data, self.schema_main or "")
        except schema.SchemaError as error:
            raise ValidationError(self._med_schema_error(error)) from error

    def _med_schema_error(self, error):
        _, detail = self.env._, error.detail
        return {
            "archive": _("The ZIP cannot be read: %s", detail),
            "many": _("The ZIP holds more than %s schemas.", detail),
            "size": _("The schema is larger than %s bytes.", detail),
            "main": _("Say which schema to begin with. There are: %s", detail),
            "outside": _("The schema refers to a file that was not uploaded with it: %s. Upload "
                         "all files as one ZIP; nothing is fetched from elsewhere.", detail),
            "doctype": _("The schema has a document type (DTD), which is not read: %s", detail),
        }.get(error.code) or _("This is not an XML schema: %s", detail or error.code)

    def _med_namespaces(self):
        return tree.read_namespaces(self.namespaces)

    def _med_answer_form(self):
        """Return how an answer of this regulator is read."""
        return answer.Form(
            self.answer_kind, self.answer_device or "", self.answer_outcome or "",
            self.answer_message or "", self.answer_key or "",
            answer.words(self.answer_accepted), answer.words(self.answer_refused),
            self.answer_row or "")

    def action_activate(self):
        """Put forms into use; return True."""
        self.write({"state": "active"})
        return True

    def action_retire(self):
        """End the use of forms; files made with them stay. Return True."""
        self.write({"state": "retired"})
        return True
