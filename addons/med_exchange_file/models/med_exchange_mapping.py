import base64
import hashlib
import re
from zoneinfo import available_timezones

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.mapping import Mapping
from ..tools.transform import Rule

STREAM = re.compile(r"[A-Za-z0-9._-]{1,64}")
# What may be changed while files are taken in by it.
OPEN = {"state", "name", "active", "sample", "sample_name", "sample_columns"}


class MedExchangeMapping(models.Model):
    """How the columns of a partner's file become the fields of messages of one schema."""

    _name = "med.exchange.mapping"
    _description = "Mapping of a Partner's Files"
    _inherit = ["mail.thread"]
    _order = "exchange_partner_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    exchange_partner_id = fields.Many2one(
        "med.exchange.partner", "Partner", required=True, index=True, ondelete="restrict",
        tracking=True, check_company=True)
    company_id = fields.Many2one(related="exchange_partner_id.company_id", store=True, index=True)
    schema_id = fields.Many2one("med.exchange.schema", "Schema", required=True, index=True,
                                ondelete="restrict", tracking=True)
    schema = fields.Char(related="schema_id.name", string="Schema Name", store=True, index=True)
    stream = fields.Char(
        required=True, compute="_compute_stream", store=True, readonly=False, precompute=True,
        tracking=True, help="Which stream of the partner's messages the files go on with. Name the "
                            "stream its program uses, and a file takes over where that stopped.")
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In Force"), ("archived", "Archived")], "Status",
        required=True, default="draft", copy=False, readonly=True, tracking=True)
    key_column = fields.Char("Column of the Key", tracking=True,
                             help="Whose text is the partner's code of the thing.")
    event_column = fields.Char(
        "Column of the Event Time", tracking=True,
        help="When it happened, where that is not when it was sent. May be empty.")
    decimal_mark = fields.Selection([(".", "1,234.50"), (",", "1.234,50")], "Numbers",
                                    required=True, default=".", tracking=True)
    encoding = fields.Selection(
        [("auto", "Found Out"), ("utf-8", "UTF-8"), ("gb18030", "GB 18030, GBK (Chinese)"),
         ("windows-1252", "Windows-1252 (Western)")], "Encoding of CSV", required=True,
        default="auto", tracking=True,
        help="Found out: UTF-8, UTF-16 with its mark, or what is plainly Chinese in GB 18030. What "
             "is neither is not read: choose it here.")
    time_format = fields.Char(
        "Format of Times", tracking=True,
        help="As %d.%m.%Y %H:%M; several with | between them; empty: 2026-11-23 04:30.")
    zone = fields.Selection("_get_zones", "Time Zone", required=True, tracking=True,
                            default=lambda self: self.env.user.tz or "UTC",
                            help="Of times that name none.")
    line_ids = fields.One2many("med.exchange.mapping.line", "mapping_id", "Fields", copy=True)
    sample = fields.Binary("Sample File", attachment=True, copy=False,
                           help="A file of the partner: its headings are proposed for the fields.")
    sample_name = fields.Char(copy=False)
    sample_columns = fields.Text("Columns of the Sample", readonly=True)
    file_ids = fields.One2many("med.exchange.file", "mapping_id", "Files", readonly=True)
    form_ids = fields.One2many("med.exchange.form", "mapping_id", "Forms", readonly=True)
    file_count = fields.Integer(compute="_compute_counts")
    form_count = fields.Integer(compute="_compute_counts")

    _name_uniq = models.Constraint("UNIQUE (exchange_partner_id, name)",
                                   "The partner has a mapping of this name.")

    @api.model
    def _get_zones(self):
        return [(zone, zone) for zone in sorted(available_timezones())
                if not zone.startswith(("posix", "right", "local"))]

    @api.depends("schema_id")
    def _compute_stream(self):
        for mapping in self:
            mapping.stream = mapping.stream or mapping.schema_id.name

    @api.depends("file_ids", "form_ids")
    def _compute_counts(self):
        files = dict(self.env["med.exchange.file"].sudo()._read_group(
            [("mapping_id", "in", self.ids)], ["mapping_id"], ["__count"]))
        forms = dict(self.env["med.exchange.form"].sudo()._read_group(
            [("mapping_id", "in", self.ids)], ["mapping_id"], ["__count"]))
        for mapping in self:  # operators open a mapping, and no file
            mapping.file_count, mapping.form_count = files.get(mapping, 0), forms.get(mapping, 0)

    # ------------------------------------------------------------------ guards

    @api.constrains("stream")
    def _check_stream(self):
        for mapping in self:
            if not STREAM.fullmatch(mapping.stream):
                raise ValidationError(self.env._(
                    "“%s” is no name of a stream: letters, digits, dots, hyphens and underscores.",
                    mapping.stream))

    @api.constrains("state", "key_column")
    def _check_in_force(self):
        for mapping in self.filtered(lambda one: one.state == "active"):
            if problems := mapping._med_gaps():
                raise ValidationError("\n".join(problems))

    def _med_gaps(self):
        """Return sentences that say what a mapping lacks before it can be in force."""
        self.ensure_one()
        problems = []
        if not self.key_column:
            problems.append(self.env._("Name the column whose text is the key of the thing."))
        if not self.line_ids:
            problems.append(self.env._("No field is mapped: add at least one."))
        for line in self.line_ids.filtered(lambda one: not one.column and not one._med_fixed()):
            if line.required:
                problems.append(self.env._(
                    "%s is required: give it a column, a constant or a default.", line.pointer))
        mapped = {line.pointer for line in self.line_ids}
        for field in self._med_fields():
            if field["required"] and field["top"] and not any(
                    one == field["pointer"] or one.startswith(field["pointer"] + "/")
                    for one in mapped):
                problems.append(self.env._(
                    "The schema asks for %s: map it.", field["pointer"]))
        return problems

    def write(self, vals):
        if vals.keys() - OPEN - {"message_follower_ids", "activity_ids"} and any(
                one.state == "active" for one in self):
            raise UserError(self.env._(
                "A mapping in force is not changed: put it back to draft first."))
        if vals.keys() & {"schema_id", "exchange_partner_id"} and any(
                one.sudo().file_count for one in self):
            raise UserError(self.env._(
                "Files were taken in by it: its partner and schema stay. Copy it instead."))
        return super().write(vals)

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_unused()
        return super().unlink()

    def _med_check_unused(self):
        if any(one.state != "draft" or one.sudo().file_count or one.sudo().form_count
               for one in self):
            raise UserError(self.env._("A mapping that was used is archived, not deleted."))

    def copy_data(self, default=None):
        return [{**vals, "name": self.env._("%s (copy)", vals["name"]), **(default or {})}
                for vals in super().copy_data(default)]

    # ------------------------------------------------------------------ steps

    def activate(self):
        """Put these mappings in force: files can be taken in by them.

        A partner that is being set up and has no program of its own becomes active, too.
        """
        self.check_access("write")
        self.write({"state": "active"})
        self.exchange_partner_id.sudo().filtered(
            lambda one: one.state == "draft" and one.transport == "pull"
            and not one.key_ids).activate()
        return True

    def back_to_draft(self):
        """Take these mappings out of force, to change them."""
        self.write({"state": "draft"})
        return True

    def archive(self):
        """Take these mappings out of use."""
        self.write({"state": "archived"})
        return True

    def action_files(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "med_exchange_file.med_exchange_file_action")
        return {**action, "domain": [("mapping_id", "in", self.ids)],
                "context": {"default_mapping_id": self.id}}

    def action_forms(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "med_exchange_file.med_exchange_form_action")
        return {**action, "domain": [("mapping_id", "in", self.ids)],
                "context": {"default_mapping_id": self.id}}

    def action_try_sample(self):
        """Show what the sample would do, row by row."""
        self.ensure_one()
        self.check_access("write")
        if not self.sample:
            raise UserError(self.env._("There is no sample file: upload one first."))
        files = self.env["med.exchange.file"]
        file = files._med_same(self, base64.b64decode(self.sample))
        if not file:
            file = files.create({"name": self.sample_name or "sample.csv",
                                 "content": self.sample, "mapping_id": self.id})
        if file.state in ("new", "broken", "tried"):
            file.with_env(self.env).action_try()
        return {"type": "ir.actions.act_window", "res_model": file._name, "res_id": file.id,
                "view_mode": "form"}

    def action_upload(self):
        return {"type": "ir.actions.act_window", "res_model": "med.exchange.file",
                "view_mode": "form", "context": {"default_mapping_id": self.id}}

    # ------------------------------------------------------------------ rules

    def _med_rules(self, event_column=None):
        """Return the mapping as data for :func:`..tools.mapping.payloads`."""
        self.ensure_one()
        times = f"{self.time_format}|%Y-%m-%dT%H:%M:%SZ" if self.time_format else ""
        return Mapping(
            tuple(line._med_line() for line in self.line_ids if line.column or line._med_fixed()),
            self.key_column or "", event_column or self.event_column or "",
            Rule("time", times, mark=self.decimal_mark, zone=self.zone))

    def _med_digest(self):
        """Return a digest of everything that decides what a file means."""
        self.ensure_one()
        told = repr((self.schema, self.schema_id.version, self.stream, self.encoding,
                     self._med_rules()))
        return hashlib.sha256(told.encode()).hexdigest()
