from odoo import api, fields, models
from odoo.addons.med_signature.tools import canonical
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError

MEANINGS = [("agreed", "Agreed"), ("refused", "Refused"), ("released", "Released for Delivery"),
            ("withdrawn", "Release Withdrawn"), ("acknowledged", "Acknowledged"),
            ("answered", "Answered")]
METHODS = [("portal", "Portal, Identity Checked"), ("message", "Signed Message"),
           ("scan", "Stamped Paper, Verified by Another Person")]
SEALED = ("processor_id", "company_id", "res_model", "res_id", "res_name", "round", "meaning",
          "note", "person", "method", "components", "device", "user_id", "verified_user_id",
          "signed_at", "happened_at", "message_res_id", "key_name", "scan_id", "scan_sha256",
          "digest", "content")
"""Everything a row says is under its seal."""


class MedProcessorSignature(models.Model):
    """A processor's own signature: who of its people signed what, and how that is known.

    Made by ``med.processor._med_sign`` alone. Never changed, never removed.
    """

    _name = "med.processor.signature"
    _description = "Signature of a Processor"
    _inherit = ["med.signature.row.mixin"]
    _order = "id"
    _log_access = False
    _rec_name = "person"
    _med_sealed = SEALED

    processor_id = fields.Many2one(
        "med.processor", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict")
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True, index=True)
    res_name = fields.Char("Signed Record", required=True, readonly=True)
    round = fields.Integer(readonly=True, aggregator=False)
    meaning = fields.Selection(MEANINGS, required=True, readonly=True)
    note = fields.Text(readonly=True)
    person = fields.Char("Signed By", required=True, readonly=True)
    method = fields.Selection(METHODS, required=True, readonly=True)
    components = fields.Char(
        "Checked", readonly=True, help="How the person showed who he is: password, password and "
        "one-time code, passkey.")
    device = fields.Char(
        "Signed From", readonly=True, help="Address and program from which was signed.")
    user_id = fields.Many2one(
        "res.users", "Entered By", required=True, readonly=True, ondelete="restrict",
        help="The portal user who signed, or who of ours entered the stamped paper.")
    verified_user_id = fields.Many2one(
        "res.users", "Verified By", readonly=True, ondelete="restrict",
        help="The second person of ours who compared the stamped paper.")
    signed_at = fields.Datetime("Signed", required=True, readonly=True)
    happened_at = fields.Datetime(
        "Signed on Paper or Sent", readonly=True,
        help="The true time at the processor, where it signed before we had it.")
    message_res_id = fields.Integer(
        "Message", readonly=True, aggregator=False, help="Number of the message it came by.")
    key_name = fields.Char("Signed With Key", readonly=True)
    scan_id = fields.Many2one(
        "med.processor.scan", "Stamped Paper", readonly=True, ondelete="restrict")
    scan_sha256 = fields.Char("SHA-256 of the Paper", readonly=True)
    digest = fields.Char("SHA-256 of What Was Signed", required=True, readonly=True)
    content = fields.Text("What Was Signed", required=True, readonly=True)
    seal = fields.Char(required=True, readonly=True)

    _once_uniq = models.UniqueIndex(
        "(res_model, res_id, round, meaning, digest)", "The processor has signed this already.")

    @api.depends("person", "meaning", "signed_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = dict(self._fields["meaning"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{words.get(row.meaning)}: {row.person}, {row.signed_at} UTC"

    @api.model
    def _med_round(self, record):
        """Return which round of signatures a record is in; 0 where it counts none."""
        return record["med_signature_round"] if "med_signature_round" in record._fields else 0

    def _med_says(self, record):
        """Return whether a record still says what was signed.

        Plain data that no record can be asked for again stays what it was: it is under the seal.
        """
        if hasattr(record, "_med_processor_content"):
            return canonical.canonical(record._med_processor_content(self.meaning)) == self.content
        if '"fields":' in self.content and '"form":"med-signature/' in self.content:
            return type(self.env["med.signed.content.mixin"])._med_says(record, self.content)
        return True

    @api.model_create_multi
    def create(self, vals_list):
        sealed = []
        for vals in vals_list:
            if not take(self._name, (), (vals.get("res_model"), vals.get("res_id"),
                                         vals.get("meaning"), vals.get("digest"))):
                raise AccessError(self.env._(
                    "A processor's signature comes about when the processor signs."))
            sealed.append({**dict.fromkeys(SEALED), **vals, "seal": self._med_seal(vals)})
        return super().create(sealed)

    @api.model
    def _med_of_record(self, record, *meanings):
        """Return what a processor has signed for a record in its present round.

        :param meanings: all where none is named
        """
        found = self.sudo().search([
            ("res_model", "=", record._name), ("res_id", "=", record.id),
            ("round", "=", self._med_round(record))])
        return found.filtered(lambda row: not meanings or row.meaning in meanings)

    def _med_given_by(self):
        return {"person": self.person, "method": self.method}
