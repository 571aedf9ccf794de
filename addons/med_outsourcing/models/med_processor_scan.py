import base64
import hashlib

from odoo import api, fields, models
from odoo.addons.med_signature.tools import canonical
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from .med_processor_signature import MEANINGS

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
WAREHOUSE = "med_base.med_base_group_warehouse"
PURCHASING = "med_base.med_base_group_purchasing"
SAID = ("processor_id", "res_model", "res_id", "meaning", "person", "signed_on", "note", "digest",
        "sha256", "user_id", "file")
BORN = {"processor_id", "res_model", "res_id", "file", "filename", "digest", "sha256", "user_id",
        "company_id"}
READ = {"meaning", "person", "signed_on", "note"}
FORMATS = {b"%PDF-": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg"}
LARGEST = 25 * 2**20


class MedProcessorScan(models.Model):
    """A paper that a processor has signed and stamped, entered by one person of ours.

    It counts as the processor's signature once a second person has compared it and signed.
    """

    _name = "med.processor.scan"
    _description = "Stamped Paper of a Processor"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "res_name"

    _med_machine = Machine(
        initial="draft",
        content=SAID,
        transitions=(
            Transition("verify", ("draft",), "verified", _lt("Verify"),
                       (Signer("verified", groups=(QUALITY, WAREHOUSE), differs=("@user_id",),
                               fixed=("@user_id",)),),
                       required=("person", "signed_on", "meaning"), least=1),
            Transition("drop", ("draft",), "dropped", _lt("Drop"),
                       groups=(QUALITY, WAREHOUSE, PURCHASING), reason=True),
        ),
        locked=("verified", "dropped"),
    )

    processor_id = fields.Many2one(
        "med.processor", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="processor_id.company_id", store=True, index=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True, index=True)
    res_name = fields.Char("What Is Signed", compute="_compute_res_name", store=True)
    meaning = fields.Selection(MEANINGS, required=True, default="agreed")
    person = fields.Char("Signed By", help="Who signed and stamped it at the processor.")
    signed_on = fields.Date("Signed On", help="The day on the paper.")
    note = fields.Text(help="What they wrote on it; of a refusal, why.")
    file = fields.Binary("Paper", attachment=False, required=True)
    filename = fields.Char("File Name")
    shown_as = fields.Selection(
        [("pdf", "PDF"), ("picture", "Picture")], compute="_compute_shown_as")
    sha256 = fields.Char("SHA-256 of the Paper", readonly=True, copy=False)
    digest = fields.Char(
        "SHA-256 of What Is Signed", readonly=True, copy=False,
        help="Compare it with the one at the foot of the paper.")
    user_id = fields.Many2one(
        "res.users", "Entered By", required=True, readonly=True, copy=False, index=True,
        ondelete="restrict")
    signature_id = fields.Many2one(
        "med.processor.signature", "Signature", compute="_compute_signature_id")
    state = fields.Selection(
        [("draft", "To Be Verified"), ("verified", "Verified"), ("dropped", "Dropped")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True)

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        for scan in self:
            record = scan.sudo()._med_record()
            scan.res_name = record.display_name if record else False

    @api.depends("filename")
    def _compute_shown_as(self):
        endings = {"pdf": "pdf", "png": "picture", "jpg": "picture", "jpeg": "picture"}
        for scan in self:
            ending = (scan.filename or "").rpartition(".")[2].lower()
            scan.shown_as = endings.get(ending, False)

    def _compute_signature_id(self):
        rows = self.env["med.processor.signature"].sudo().search([("scan_id", "in", self.ids)])
        by_scan = {row.scan_id.id: row for row in rows}
        for scan in self:
            scan.signature_id = by_scan.get(scan.id, rows.browse()).sudo(False)

    def _med_record(self):
        """Return what the paper is about; empty where it is gone."""
        model = self.env.get(self.res_model)
        return model.browse(self.res_id).exists() if model is not None else (
            self.env["med.processor"])

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        rows = []
        for vals in vals_list:
            record = self._med_check_record(vals.get("res_model"), vals.get("res_id"))
            raw = self._med_check_file(vals.get("file"))
            rows.append({
                "note": False, "person": False, "signed_on": False, "filename": False, **vals,
                # Written out, so that no default of the caller's context gets in.
                "processor_id": record["processor_id"].id, "user_id": self.env.uid,
                "sha256": hashlib.sha256(raw).hexdigest(),
                "digest": canonical.digest(canonical.canonical(
                    record._med_processor_content(vals.get("meaning") or "agreed")))})
        return super().create(rows)

    def _med_check_record(self, model, res_id):
        """Return the record, which the caller may read and a processor signs."""
        known = isinstance(model, str) and self.env.get(model)
        if known is None or known is False or not hasattr(known, "_med_processor_content"):
            raise UserError(self.env._("“%(model)s” is not signed by a processor.", model=model))
        record = known.browse(res_id if isinstance(res_id, int) else 0).exists()
        if not record:
            raise UserError(self.env._("What the paper is about does not exist."))
        record.check_access("read")
        return record.sudo()

    def _med_check_file(self, value):
        try:
            raw = base64.b64decode(value or b"", validate=True)
        except (TypeError, ValueError):
            raw = b""
        if not raw or not any(raw.startswith(one) for one in FORMATS):
            raise UserError(self.env._("The paper is a PDF, PNG or JPEG file."))
        if len(raw) > LARGEST:
            raise UserError(self.env._("The file is larger than 25 MB."))
        return raw

    def write(self, vals):
        if BORN & vals.keys():
            raise AccessError(self.env._(
                "A paper stays as it was entered: drop it, and enter the right one."))
        if READ & vals.keys() and any(one.user_id != self.env.user for one in self.sudo()):
            # Else who verifies could first make the paper say something else.
            raise AccessError(self.env._(
                "Who entered the paper says what it says: have that person put it right, or drop "
                "it and enter it anew."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Papers of processors are not deleted: drop them."))

    def copy(self, default=None):
        raise UserError(self.env._("A paper is not copied: enter it."))

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "verify" and (self._med_now() != self.digest):
            raise UserError(self.env._(
                "%(record)s has changed since the paper was entered: drop it, print anew.",
                record=self.res_name))
        if transition.name == "verify" and self.signed_on > fields.Date.context_today(self):
            raise UserError(self.env._("“Signed On” is in the future."))

    def _med_now(self):
        record = self._med_record()
        return record and canonical.digest(canonical.canonical(
            record._med_processor_content(self.meaning)))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "verify":
            self.processor_id._med_sign(
                self._med_record(), self.meaning, method="scan", scan=self, note=self.note or "")

    def _med_proves(self, processor, record, meaning, note):
        """Return whether this paper, verified by a second person, says that this was signed."""
        verifier = self._med_given().filtered(
            lambda row: row.transition == "verify" and row._get_status() == "valid") if (
                len(self) == 1 and self.state == "verified") else ()
        return bool(
            verifier and verifier.user_id != self.user_id and self.processor_id == processor
            and (self.res_model, self.res_id) == (record._name, record.id)
            and (self.meaning, self.note or "") == (meaning, note)
            and self.digest == self._med_now())

    def action_open_record(self):
        """Open what the paper is about."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self.res_model,
                "res_id": self.res_id, "views": [(False, "form")]}
