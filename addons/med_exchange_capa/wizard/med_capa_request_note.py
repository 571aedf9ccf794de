import base64

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

FORMATS = {b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
LARGEST = 25 * 2**20
ENTERERS = ("med_base.med_base_group_qa", "med_base.med_base_group_regulatory",
            "med_base.med_base_group_purchasing")


class MedCapaRequestNote(models.TransientModel):
    """Dialog in which a person of ours enters an answer that came on stamped paper.

    It counts once a second person has compared it with the paper and signed.
    """

    _name = "med.capa.request.note"
    _description = "Enter a Stamped Answer"

    request_id = fields.Many2one("med.capa.request", "Request", required=True, readonly=True)
    partner_id = fields.Many2one(related="request_id.partner_id")
    person = fields.Char("Answered By", required=True, help="Who signed and stamped it there.")
    signed_on = fields.Date("Signed On", required=True, help="The day on the paper.")
    containment = fields.Text()
    cause = fields.Text("Root Cause")
    effect = fields.Text("Effectiveness")
    note = fields.Text("Remarks")
    line_ids = fields.One2many("med.capa.request.note.action", "note_id", "Actions")
    file = fields.Binary("Paper", attachment=False, required=True)
    filename = fields.Char("File Name")

    def action_enter(self):
        """Enter it; a second person is asked to verify it."""
        self.ensure_one()
        self.check_access("write")
        request = self.request_id
        request.check_access("read")
        if not any(map(self.env.user.has_group, ENTERERS)):
            raise AccessError(self.env._("Answers are entered by quality assurance, regulatory "
                                         "affairs or purchasing."))
        if self.signed_on > fields.Date.context_today(self):
            raise UserError(self.env._("“Signed On” is in the future."))
        request._med_answer(
            request.partner_id, {
                "containment": self.containment, "cause": self.cause, "effect": self.effect,
                "note": self.note, "actions": [{
                    "kind": one.kind, "what": one.what, "who": one.who,
                    "due": one.date_due, "done": one.date_done} for one in self.line_ids]},
            "paper", [self._med_paper()], person=self.person, signed_on=self.signed_on)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _med_paper(self):
        try:
            raw = base64.b64decode(self.file or b"", validate=True)
        except (TypeError, ValueError):
            raw = b""
        media = next((FORMATS[one] for one in FORMATS if raw.startswith(one)), "")
        if not media:
            raise UserError(self.env._("The paper is a PDF, PNG or JPEG file."))
        if len(raw) > LARGEST:
            raise UserError(self.env._("The file is larger than 25 MB."))
        return self.filename or self.env._("Stamped answer"), raw, media
