import base64
import hashlib

from odoo import api, fields, models
from odoo.addons.med_base.models.med_kept_file_mixin import SPOKEN
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

STATES = [("draft", "Draft"), ("made", "Made"), ("submitted", "Submitted"),
          ("accepted", "Accepted"), ("partial", "Accepted in Part"), ("refused", "Refused"),
          ("superseded", "Superseded")]
TYPED = {"format_id", "company_id", "line_ids", "note"}
WORKED_OUT = ("data", "file_name", "size", "sha256", "check_state", "schema_sha256",
              "made_user_id", "made_time", "submitted_user_id", "submitted_time",
              "receipt_number", "receipt_file", "receipt_name", "receipt_sha256", "previous_id")


class MedUdiFile(models.Model):
    """Data of chosen device identifiers as the file that a regulator takes.

    A file is made whole or not at all; what was made stays, with its SHA-256. It goes from draft
    to made, submitted, and accepted or refused, device by device. A new file supersedes it.
    """

    _name = "med.udi.file"
    _description = "Regulator's File"
    _inherit = ["med.kept.file.mixin", "mail.thread", "mail.activity.mixin", "med.auditor.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _med_refusals = {
        "unlink": _lt("Files for regulators are kept: make a new one, which supersedes this."),
        "copy": _lt("A file is not copied: make a new one."),
    }

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    format_id = fields.Many2one(
        "med.udi.file.format", "Form", required=True, index=True, ondelete="restrict",
        check_company=True, tracking=True, domain="[('state', '=', 'active')]")
    jurisdiction_id = fields.Many2one(related="format_id.jurisdiction_id", store=True, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True,
                                 default=lambda self: self.env.company)
    state = fields.Selection(STATES, "Status", required=True, default="draft", readonly=True,
                             copy=False, tracking=True, index=True)
    line_ids = fields.One2many("med.udi.file.line", "file_id", "Device Identifiers", copy=False)
    line_count = fields.Integer("Devices", compute="_compute_line_count")
    problem_ids = fields.One2many("med.udi.file.problem", "file_id", "Problems", readonly=True,
                                  copy=False)
    problem_count = fields.Integer("Number of Problems", compute="_compute_problem_count",
                                   store=True)
    note = fields.Text()

    data = fields.Binary("File", attachment=True, readonly=True, copy=False)
    file_name = fields.Char(readonly=True, copy=False)
    size = fields.Integer("Size (bytes)", readonly=True, copy=False, aggregator=False)
    sha256 = fields.Char("SHA-256", readonly=True, copy=False, index="btree_not_null")
    check_state = fields.Selection(
        [("unchecked", "Not checked against an official schema"),
         ("passed", "Fits the official schema"), ("failed", "Does not fit the official schema")],
        "Check", readonly=True, copy=False, tracking=True)
    schema_sha256 = fields.Char("SHA-256 of the Schema", readonly=True, copy=False)
    made_user_id = fields.Many2one("res.users", "Made By", readonly=True, copy=False)
    made_time = fields.Datetime("Made On", readonly=True, copy=False)

    submitted_user_id = fields.Many2one("res.users", "Submitted By", readonly=True, copy=False,
                                        tracking=True)
    submitted_time = fields.Datetime("Submitted On", readonly=True, copy=False, tracking=True)
    receipt_number = fields.Char("Receipt", readonly=True, copy=False, tracking=True,
                                 help="Acknowledgement number of the regulator.")
    receipt_file = fields.Binary("Receipt as a File", attachment=True, readonly=True, copy=False)
    receipt_name = fields.Char("File of the Receipt", readonly=True, copy=False)
    receipt_sha256 = fields.Char("SHA-256 of the Receipt", readonly=True, copy=False)
    answer_ids = fields.One2many("med.udi.file.answer", "file_id", "Answers", readonly=True,
                                 copy=False)
    previous_id = fields.Many2one("med.udi.file", "Supersedes", readonly=True, copy=False,
                                  index="btree_not_null", ondelete="restrict")
    next_ids = fields.One2many("med.udi.file", "previous_id", "Superseded By", readonly=True)

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(self.env["med.udi.file.line"]._read_group(
            [("file_id", "in", self.ids)], ["file_id"], ["__count"]))
        for one in self:
            one.line_count = counts.get(one._origin, 0)

    @api.depends("problem_ids")
    def _compute_problem_count(self):
        counts = dict(self.env["med.udi.file.problem"]._read_group(
            [("file_id", "in", self.ids)], ["file_id"], ["__count"]))
        for one in self:
            one.problem_count = counts.get(one._origin, 0)

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        # Whatever the values, or defaults in the context, say of the rest, the machine says it.
        number = self.env["ir.sequence"].sudo()
        return super().create([{
            **{name: value for name, value in vals.items() if name in TYPED},
            **dict.fromkeys(WORKED_OUT, False), "state": "draft",
            "name": number.next_by_code("med.udi.file") or "/"} for vals in vals_list])

    def write(self, vals):
        allowed = {"note"} | SPOKEN
        for one in self:
            more = {"format_id", "line_ids", "company_id"} if one.state == "draft" else set()
            if vals.keys() - allowed - more:
                raise AccessError(self.env._(
                    "%s stays as it was made. Use its buttons, or make a new file.", one.name))
        return super().write(vals)

    # ------------------------------------------------------------------ what was made

    def _med_content(self):
        """Return the bytes that were made.

        :raise UserError: there are none, or they are others now
        """
        self.ensure_one()
        data = base64.b64decode(self.with_context(bin_size=False).data or b"")
        if not data or hashlib.sha256(data).hexdigest() != self.sha256:
            raise UserError(self.env._(
                "The file of %s is not the one any more that was made: its SHA-256 differs. Do "
                "not submit it; tell the administrator and make a new one.", self.name))
        return data

    def verify(self):
        """Compare the kept files with the digests of when they came.

        :return: ``{"version": 1, "files": {number: true or false}}``; false where the bytes of the
            file or of its receipt are others than those that were kept
        """
        self.check_access("read")
        found = {}
        for one in self.filtered("sha256"):
            full = one.with_context(bin_size=False)
            found[one.name] = all(
                hashlib.sha256(base64.b64decode(full[name] or b"")).hexdigest() == digest
                for name, digest in (("data", one.sha256),
                                     ("receipt_file", one.receipt_sha256)) if digest)
        return {"version": 1, "files": found}

    def action_view_problems(self):
        """Open what keeps the file from being made."""
        return {
            "type": "ir.actions.act_window", "name": self.env._("Problems"),
            "res_model": "med.udi.file.problem", "views": [(False, "list")],
            "domain": [("file_id", "in", self.ids)],
        }
