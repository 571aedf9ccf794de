import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError

from .med_inspection_plan_document import DOCUMENT_KINDS

VERSION = 1
LARGEST = 25 * 1024 * 1024
CHECKED = ("sha256", "checked_by_id", "checked_at", "ok")


class MedInspectionDocument(models.Model):
    """A paper that came with the lot: kept with its digest, and checked by a person."""

    _name = "med.inspection.document"
    _description = "Document of an Inspection"
    _inherit = ["med.signed.line.mixin"]
    _order = "inspection_id desc, id"
    _med_parent = "inspection_id"

    inspection_id = fields.Many2one(
        "med.inspection", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    name = fields.Char("Document", required=True)
    kind = fields.Selection(DOCUMENT_KINDS, required=True, default="other")
    required = fields.Boolean(readonly=True)
    file = fields.Binary(attachment=True)
    filename = fields.Char()
    sha256 = fields.Char("SHA-256", readonly=True)
    note = fields.Char("Remark")
    ok = fields.Boolean("Checked and Right", readonly=True)
    checked_by_id = fields.Many2one("res.users", "Checked By", readonly=True)
    checked_at = fields.Datetime("Checked", readonly=True)
    state = fields.Selection(related="inspection_id.state")

    @api.model_create_multi
    def create(self, vals_list):
        planned = take(self._name, (), "plan")
        Inspection = self.env["med.inspection"]
        wanted = {vals.get("inspection_id") for vals in vals_list}
        inspections = Inspection.browse(wanted - {None, False}).exists()
        if wanted != set(inspections.ids):
            raise UserError(self.env._("A document belongs to an inspection."))
        inspections._check_may_work()
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{
            **vals, **dict.fromkeys(CHECKED, False),
            "company_id": Inspection.browse(vals["inspection_id"]).company_id.id,
            "required": bool(planned and vals.get("required")), "file": vals.get("file"),
            "sha256": self._sha256(vals.get("file"))} for vals in vals_list])

    def write(self, vals):
        vals = dict(vals)
        self.inspection_id._check_may_work()
        if {"inspection_id", "company_id", "required"} & vals.keys():
            raise AccessError(self.env._("A document stays with its inspection."))
        if {"ok", "sha256", "checked_by_id", "checked_at"} & vals.keys() and not take(
                self._name, self.ids, "check"):
            raise AccessError(self.env._("A document is checked by the button, by who read it."))
        if "file" in vals:
            if any(one.sha256 for one in self):
                raise UserError(self.env._(
                    "A file that was attached stays: attach the new one as another document."))
            vals.update(sha256=self._sha256(vals["file"]))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Documents of an inspection are not removed."))

    @api.model
    def _sha256(self, file):
        """Return the digest of a file that comes as base64, False for none."""
        if not file:
            return False
        try:
            data = base64.b64decode(file, validate=False)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("“data” must be the file in base64.")) from error
        if len(data) > LARGEST:
            raise UserError(self.env._("The file is larger than 25 MB."))
        return hashlib.sha256(data).hexdigest()

    @api.model
    def _make(self, inspections):
        """Copy the documents that the plans of new inspections require."""
        rows = [{"inspection_id": inspection.id, "name": one.name, "kind": one.kind,
                 "required": one.required}
                for inspection in inspections for one in inspection.plan_id.document_ids]
        if rows:
            with permit(self._name, (), "plan"):
                self.sudo().create(rows)

    # ------------------------------------------------------------------ public

    def attach(self, filename: str, data: str):
        """Attach the file of this document.

        :param data: the file in base64, at most 25 MB
        :return: ``{"version", "document" (id), "sha256"}``
        """
        self.ensure_one()
        if not isinstance(filename, str) or not filename.strip():
            raise UserError(self.env._("“filename” must be a text."))
        if not isinstance(data, str) or not data:
            raise UserError(self.env._("“data” must be the file in base64."))
        self.write({"file": data, "filename": filename.strip()})
        return {"version": VERSION, "document": self.id, "sha256": self.sha256}

    def check(self, ok: bool = True, note: str = ""):
        """Say that these documents were read, and whether they are right.

        :return: ``{"version", "documents": [ids]}``
        """
        self.check_access("write")
        for one in self:
            if ok and not one.sha256:
                raise UserError(self.env._("%(document)s: attach the file first.",
                                           document=one.name))
            if not ok and not (isinstance(note, str) and note.strip()):
                raise UserError(self.env._("%(document)s: say what is wrong with it.",
                                           document=one.name))
            with permit(self._name, one.ids, "check"):
                one.write({"ok": bool(ok), "checked_by_id": self.env.uid,
                           "checked_at": fields.Datetime.now(),
                           **({"note": note.strip()} if note else {})})
        return {"version": VERSION, "documents": self.ids}

    def action_check(self):
        """Say that this document is right."""
        self.check()
