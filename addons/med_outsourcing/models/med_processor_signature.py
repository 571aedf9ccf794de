from odoo import api, fields, models
from odoo.addons.med_signature.tools import canonical
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MEANINGS = [("agreed", "Agreed"), ("refused", "Refused"), ("released", "Released for Delivery"),
            ("withdrawn", "Release Withdrawn"), ("acknowledged", "Acknowledged")]
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
    _order = "id"
    _log_access = False
    _rec_name = "person"

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
    status = fields.Selection(
        [("valid", "Valid"), ("changed", "Invalid: content changed"),
         ("former", "Former: step opened again"), ("altered", "Invalid: signature altered"),
         ("lost", "Invalid: record gone")], compute="_compute_status")

    _once_uniq = models.UniqueIndex(
        "(res_model, res_id, round, meaning, digest)", "The processor has signed this already.")

    def init(self):
        """Let the database itself refuse changes, whoever asks for them."""
        self.env.cr.execute("""
            DROP TRIGGER IF EXISTS med_processor_signature_row ON med_processor_signature;
            CREATE TRIGGER med_processor_signature_row
                BEFORE UPDATE OR DELETE ON med_processor_signature
                FOR EACH ROW EXECUTE FUNCTION med_signature_immutable();
            DROP TRIGGER IF EXISTS med_processor_signature_all ON med_processor_signature;
            CREATE TRIGGER med_processor_signature_all
                BEFORE TRUNCATE ON med_processor_signature
                FOR EACH STATEMENT EXECUTE FUNCTION med_signature_immutable();
            ALTER TABLE med_processor_signature ENABLE ALWAYS TRIGGER med_processor_signature_row;
            ALTER TABLE med_processor_signature ENABLE ALWAYS TRIGGER med_processor_signature_all;
        """)

    @api.depends("person", "meaning", "signed_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = dict(self._fields["meaning"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{words.get(row.meaning)}: {row.person}, {row.signed_at} UTC"

    def _compute_status(self):
        for row in self:
            row.status = row.sudo()._get_status()

    def _get_status(self):
        """Return the verdict on a row, worked out anew from what is there."""
        self.ensure_one()
        if canonical.digest(self.content) != self.digest or self._get_seal() != self.seal:
            return "altered"
        model = self.env.get(self.res_model)
        record = model is not None and model.sudo().browse(self.res_id).exists()
        if not record:
            return "lost"
        if self._med_round(record) != self.round:
            return "former"
        return "valid" if self._med_says(record) else "changed"

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

    def _get_seal(self):
        return _seal(self, {name: self[name] for name in SEALED})

    # ------------------------------------------------------------------ nothing changes

    @api.model_create_multi
    def create(self, vals_list):
        sealed = []
        for vals in vals_list:
            if not take(self._name, (), (vals.get("res_model"), vals.get("res_id"),
                                         vals.get("meaning"), vals.get("digest"))):
                raise AccessError(self.env._(
                    "A processor's signature comes about when the processor signs."))
            told = {**dict.fromkeys(SEALED), **vals}
            sealed.append({**told, "seal": _seal(self, told)})
        return super().create(sealed)

    def write(self, vals):
        raise AccessError(self.env._("Signatures are not changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Signatures are not removed."))

    # ------------------------------------------------------------------ reading

    @api.model
    def _med_of_record(self, record, *meanings):
        """Return what a processor has signed for a record in its present round.

        :param meanings: all where none is named
        """
        found = self.sudo().search([
            ("res_model", "=", record._name), ("res_id", "=", record.id),
            ("round", "=", self._med_round(record))])
        return found.filtered(lambda row: not meanings or row.meaning in meanings)

    def med_verify(self):
        """Verify signatures of processors anew: the row itself, and what it was given for.

        :return: ``{"signatures": [{"id", "status", "origin", "person", "meaning", "method",
            "signed_at", "digest"}], "valid": bool, "version": 1}``; ``status`` is ``valid``,
            ``changed``, ``former``, ``altered`` or ``lost``; ``origin`` is what the audit trail
            says of the row's making
        """
        self.check_access("read")
        origins = dict(self.env.execute_query(SQL(
            "SELECT res_id, origin FROM med_audit_entry"
            " WHERE model = 'med.processor.signature' AND op = 'I' AND res_id IN %s",
            tuple(self.ids or [0]))))
        rows = [{
            "id": row.id, "status": row._get_status(), "origin": origins.get(row.id, ""),
            "person": row.person, "meaning": row.meaning, "method": row.method,
            "signed_at": canonical.time_text(row.signed_at), "digest": row.digest,
        } for row in self.sudo()]
        return {"signatures": rows, "version": 1, "valid": all(
            row["status"] == "valid" and row["origin"] not in ("", "database") for row in rows)}

    def action_open_record(self):
        """Open what was signed."""
        self.ensure_one()
        if self.res_model not in self.env:
            raise UserError(self.env._("The addon of this record is not installed."))
        return {"type": "ir.actions.act_window", "res_model": self.res_model,
                "res_id": self.res_id, "views": [(False, "form")]}


def _seal(rows, told):
    plain = {}
    for name in SEALED:
        field, value = rows._fields[name], told[name]
        if field.type == "many2one":
            value = value and int(value)
        elif field.type == "datetime" and value:
            value = canonical.time_text(fields.Datetime.to_datetime(value))
        plain[name] = (value or 0) if field.type in ("integer", "many2one_reference") else (
            value or None)
    return canonical.digest(canonical.canonical(plain))
