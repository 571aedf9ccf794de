import base64
import hashlib

from odoo import api, fields, models
from odoo.addons.med_base.models.med_kept_file_mixin import SPOKEN
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ..tools.plain import plain
from ..tools.table import MAX_BYTES

_lt = LazyTranslate(__name__)

STATES = [("new", "Uploaded"), ("broken", "Cannot Be Read"), ("tried", "Tried"),
          ("part", "Taken In in Part"), ("applied", "Taken In"), ("undone", "Undone"),
          ("undone_part", "Undone in Part"), ("void", "Void")]
ORIGINS = [("person", "Uploaded Here"), ("partner", "Sent by the Partner"),
           ("form", "Downtime Form")]
TYPED = {"name", "content", "mapping_id", "mode", "event_time", "note"}
# What may still be changed, by state; nothing of a file that was taken in.
CHANGEABLE = {"new": {"mapping_id", "mode", "event_time", "note"},
              "broken": {"mapping_id", "mode", "event_time", "note"},
              "tried": {"mapping_id", "mode", "event_time", "note"}, "part": {"mode", "note"}}


class MedExchangeFile(models.Model):
    """A file of a partner, as it came: tried first, taken in row by row, undone as a whole."""

    _name = "med.exchange.file"
    _description = "File of an Exchange Partner"
    _inherit = ["med.kept.file.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _med_refusals = {
        "unlink": _lt("Files of partners are kept."),
        "copy": _lt("A file is not copied: upload another."),
    }

    name = fields.Char("File Name", required=True)
    content = fields.Binary("File", required=True, attachment=True, copy=False)
    digest = fields.Char("SHA-256", readonly=True, index=True, copy=False)
    size = fields.Integer("Size (bytes)", readonly=True, copy=False, aggregator=False)
    mapping_id = fields.Many2one("med.exchange.mapping", required=True, index=True,
                                 ondelete="restrict", tracking=True,
                                 domain="[('state', '!=', 'archived')]")
    exchange_partner_id = fields.Many2one(related="mapping_id.exchange_partner_id", store=True,
                                          index=True)
    company_id = fields.Many2one(related="exchange_partner_id.company_id", store=True, index=True)
    schema = fields.Char(related="mapping_id.schema", store=True)
    origin = fields.Selection(ORIGINS, required=True, readonly=True, default="person", copy=False)
    form_id = fields.Many2one("med.exchange.form", readonly=True, copy=False,
                              index="btree_not_null", ondelete="restrict")
    attempt = fields.Integer(readonly=True, copy=False, aggregator=False,
                             help="How often the same file was undone before.")
    state = fields.Selection(STATES, "Status", required=True, default="new", readonly=True,
                             copy=False, tracking=True, index=True)
    mode = fields.Selection(
        [("all", "All rows or none"), ("good", "The good rows, leave the others")],
        "Take In", required=True, default="all", tracking=True)
    event_time = fields.Datetime(
        "When It Happened", help="Late entry: for rows that name no time of their own.")
    create_date = fields.Datetime("Entered", readonly=True)
    applied_at = fields.Datetime("Taken In On", readonly=True, copy=False)
    applied_id = fields.Many2one("res.users", "Taken In By", readonly=True, copy=False)
    read_as = fields.Char(readonly=True, copy=False, help="Encoding and separator.")
    rules = fields.Char(readonly=True, copy=False, help="Digest of the mapping it was tried by.")
    problem = fields.Text("Problem of the File", readonly=True, copy=False)
    note = fields.Text()
    reason = fields.Char("Reason of Undoing", readonly=True, copy=False, tracking=True)
    row_ids = fields.One2many("med.exchange.file.row", "file_id", "Rows", readonly=True,
                              copy=False)
    make_count = fields.Integer("To Make", readonly=True, copy=False)
    change_count = fields.Integer("To Change", readonly=True, copy=False)
    same_count = fields.Integer("The Same", readonly=True, copy=False)
    refused_count = fields.Integer("Refused", readonly=True, copy=False)
    left_count = fields.Integer("Not Undone", readonly=True, copy=False)
    waiting_count = fields.Integer("Wait for Earlier Numbers", compute="_compute_waiting_count")

    _once = models.UniqueIndex("(exchange_partner_id, schema, digest, attempt)",
                               "The partner's same file is here already.")

    @api.depends("row_ids.message_state")
    def _compute_waiting_count(self):
        found = dict(self.env["med.exchange.file.row"]._read_group(
            [("file_id", "in", self.ids), ("message_state", "=", "waiting")],
            ["file_id"], ["__count"]))
        for one in self:
            one.waiting_count = found.get(one, 0)

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("import_file"):
            raise UserError(self.env._("Files are uploaded one by one."))
        # Defaults of the context would fill in what only the machine writes.
        files = self.with_context(plain(self.env.context))
        return super(MedExchangeFile, files).create([
            files._med_born({name: value for name, value in vals.items() if name in TYPED})
            for vals in vals_list]).with_env(self.env)

    @api.model
    def _med_born(self, vals, origin="person"):
        """Return the values of a new file: its digest, and how often it was undone before.

        :raise UserError: the mapping is out of use, or the same file is here
        """
        data = self._med_bytes(vals.get("content"))
        mapping = self.env["med.exchange.mapping"].browse(vals.get("mapping_id") or [])
        if not mapping:
            raise UserError(self.env._("Say by which mapping the file is read."))
        mapping.check_access("read")
        if mapping.state == "archived":
            raise UserError(self.env._(
                "The mapping %s is out of use: choose another.", mapping.display_name))
        digest = hashlib.sha256(data).hexdigest()
        before = self._med_twins(mapping, digest)
        if open_one := self._med_same(mapping, data):
            raise UserError(self.env._(
                "This is the same file as “%(name)s” of %(time)s: nothing is taken in twice. "
                "Open that one.", name=open_one.name,
                time=fields.Datetime.to_string(open_one.create_date)))
        return {**vals, "name": (vals.get("name") or "").strip() or self.env._("File"),
                "digest": digest, "size": len(data), "origin": origin, "state": "new",
                "attempt": len(before)}

    @api.model
    def _med_make(self, vals, origin, **more):
        """Make a file that did not come through a form of the client."""
        files = self.with_context(plain(self.env.context))
        return super(MedExchangeFile, files).create([
            {**files._med_born(vals, origin), **more}]).with_env(self.env)

    @api.model
    def _med_same(self, mapping, data):
        """Return the file of the same content that is here, and neither undone nor void."""
        twins = self._med_twins(mapping, hashlib.sha256(data).hexdigest())
        return twins.filtered(lambda one: one.state not in ("undone", "void"))[:1]

    @api.model
    def _med_claim(self, mapping, data):
        """Let nobody else take the same file in until the transaction ends: of two calls at once
        the later begins again, and finds the file of the earlier."""
        self.env["med.turn"].sudo()._take(
            f"exchange file/{mapping.exchange_partner_id.id}/{mapping.schema}",
            [hashlib.sha256(data).hexdigest()])

    @api.model
    def _med_twins(self, mapping, digest):
        """Return the files of the same content that the partner sent for the same schema."""
        return self.sudo().search([
            ("exchange_partner_id", "=", mapping.exchange_partner_id.id),
            ("schema", "=", mapping.schema), ("digest", "=", digest)])

    @api.model
    def _med_bytes(self, content):
        try:
            if not content or len(content) > 2 * MAX_BYTES:
                raise ValueError
            data = base64.b64decode(content, validate=True)
        except (ValueError, TypeError) as error:
            raise UserError(self.env._(
                "The file is empty, larger than %s bytes, or not base64.", MAX_BYTES)) from error
        if len(data) > MAX_BYTES:
            raise UserError(self.env._(
                "The file is larger than %s bytes: send it in parts.", MAX_BYTES))
        return data

    def _med_content(self):
        """Return the bytes of the file, as it came.

        :raise UserError: they are others now
        """
        self.ensure_one()
        data = base64.b64decode(self.with_context(bin_size=False).content or "")
        if hashlib.sha256(data).hexdigest() != self.digest:
            raise UserError(self.env._(
                "“%s” is not the file any more that came: its SHA-256 differs. Nothing is done "
                "with it; tell the administrator, and have the partner send it again.",
                self.name))
        return data

    def write(self, vals):
        for one in self:
            if vals.keys() - SPOKEN - CHANGEABLE.get(one.state, {"note"}):
                raise AccessError(self.env._(
                    "“%s” stays what was sent. Try it, take it in, or undo it.", one.name))
        if "mapping_id" in vals:
            mapping = self.env["med.exchange.mapping"].browse(vals["mapping_id"])
            if mapping.state == "archived" or any(
                    (mapping.exchange_partner_id, mapping.schema)
                    != (one.exchange_partner_id, one.schema) for one in self):
                raise UserError(self.env._(
                    "Another mapping must be in use, of the same partner and schema."))
        done = super().write(vals)
        if vals.keys() & {"mapping_id", "event_time"}:
            self.filtered(lambda one: one.state in ("tried", "broken"))._store(
                {"state": "new", "problem": False})
        return done
