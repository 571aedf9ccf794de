from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import canonical
from ..tools.permit import take

# Everything a row says is under its seal, so that no part of it can be exchanged.
SEALED = (
    "res_model", "res_id", "res_name", "company_id", "user_id", "name", "login", "role", "meaning",
    "meaning_name", "signed_at", "tz", "method", "components", "device", "session_login",
    "transition", "slot", "source", "target", "round", "digest", "content", "reason",
)


class MedSignature(models.Model):
    """A signature: who signed what, when, and what that means. Never changed, never removed."""

    _name = "med.signature"
    _description = "Electronic Signature"
    _order = "id"
    _log_access = False

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True, index=True,
    )
    res_name = fields.Char(string="Signed Record", required=True, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="Account", required=True, readonly=True, index=True,
        ondelete="restrict",
    )
    name = fields.Char(string="Printed Name", required=True, readonly=True)
    login = fields.Char(required=True, readonly=True)
    role = fields.Char(readonly=True, help="Roles the person held when signing.")
    meaning = fields.Char(string="Meaning Code", required=True, readonly=True)
    meaning_name = fields.Char(string="Meaning", required=True, readonly=True)
    signed_at = fields.Datetime(string="Signed At", required=True, readonly=True)
    tz = fields.Char(string="Time Zone", required=True, readonly=True)
    method = fields.Selection(
        [
            ("password", "Password"),
            ("totp", "Password and one-time code"),
            ("passkey", "Passkey"),
            ("pin", "Badge and PIN"),
        ],
        required=True, readonly=True,
    )
    components = fields.Selection(
        [("all", "Login id and secret"), ("secret", "Secret, in a continued session")],
        required=True, readonly=True,
    )
    device = fields.Char(readonly=True, help="Address and program from which was signed.")
    session_login = fields.Char(
        string="In the Session Of", readonly=True,
        help="Whose session it was; another person than the signer where two signed at one "
             "screen, or at a shared terminal.",
    )
    transition = fields.Char(required=True, readonly=True)
    slot = fields.Integer(string="Place", readonly=True)
    source = fields.Char(string="From State", readonly=True)
    target = fields.Char(string="To State", readonly=True)
    round = fields.Integer(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    content = fields.Text(
        required=True, readonly=True,
        groups="med_base.med_base_group_qa,med_base.med_base_group_auditor,"
               "med_base.med_base_group_regulatory",
        help="What was signed, as of signing, in canonical form.",
    )
    reason = fields.Char(readonly=True)
    seal = fields.Char(required=True, readonly=True)
    status = fields.Selection(
        [
            ("valid", "Valid"),
            ("changed", "Invalid: content changed"),
            ("former", "Former: step opened again"),
            ("altered", "Invalid: signature altered"),
            ("lost", "Invalid: record gone"),
        ],
        compute="_compute_status",
    )
    local_time = fields.Char(string="Local Time", compute="_compute_local_time")

    _slot_uniq = models.UniqueIndex(
        "(res_model, res_id, round, transition, slot)", "This place is signed already.",
    )
    _person_uniq = models.UniqueIndex(
        "(res_model, res_id, round, transition, user_id)",
        "One person does not sign twice where two are needed.",
    )

    def init(self):
        """Let the database itself refuse changes, whoever asks for them."""
        self.env.cr.execute("""
            CREATE OR REPLACE FUNCTION med_signature_immutable() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'signatures are not changed or removed'
                    USING ERRCODE = 'insufficient_privilege';
            END $$;
            DROP TRIGGER IF EXISTS med_signature_row ON med_signature;
            CREATE TRIGGER med_signature_row BEFORE UPDATE OR DELETE ON med_signature
                FOR EACH ROW EXECUTE FUNCTION med_signature_immutable();
            DROP TRIGGER IF EXISTS med_signature_all ON med_signature;
            CREATE TRIGGER med_signature_all BEFORE TRUNCATE ON med_signature
                FOR EACH STATEMENT EXECUTE FUNCTION med_signature_immutable();
            ALTER TABLE med_signature ENABLE ALWAYS TRIGGER med_signature_row;
            ALTER TABLE med_signature ENABLE ALWAYS TRIGGER med_signature_all;
        """)

    @api.depends("name", "meaning_name", "signed_at")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.meaning_name}: {row.name}, {row.signed_at} UTC"

    @api.depends("signed_at", "tz")
    def _compute_local_time(self):
        for row in self:
            local = fields.Datetime.context_timestamp(row.with_context(tz=row.tz), row.signed_at)
            row.local_time = local.strftime("%Y-%m-%d %H:%M:%S %z")

    def _compute_status(self):
        for row in self.sudo():
            row.status = row._get_status()

    def _get_status(self):
        """Return the verdict on a row, worked out anew from what is there."""
        self.ensure_one()
        if canonical.digest(self.content) != self.digest or self._get_seal() != self.seal:
            return "altered"
        model = self.env.get(self.res_model)
        record = model is not None and model.sudo().browse(self.res_id).exists()
        if not record:
            return "lost"
        if record.med_signature_round != self.round:
            return "former"
        return "valid" if record._med_says(self.content) else "changed"

    def _get_seal(self):
        self.ensure_one()
        told = {name: _plain(self._fields[name], self[name]) for name in SEALED}
        return canonical.digest(canonical.canonical(told))

    # ------------------------------------------------------------------------------------------
    # Nothing changes

    @api.model_create_multi
    def create(self, vals_list):
        sealed = []
        for vals in vals_list:
            if not take(self._name, (), (vals.get("res_model"), vals.get("res_id"),
                                         vals.get("digest"), vals.get("user_id"))):
                raise AccessError(self.env._("Signatures come about by signing only."))
            told = {name: _plain(self._fields[name], vals.get(name)) for name in SEALED}
            sealed.append({**vals, "seal": canonical.digest(canonical.canonical(told))})
        return super().create(sealed)

    def write(self, vals):
        raise AccessError(self.env._("Signatures are not changed."))

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise AccessError(self.env._("Signatures are not removed."))

    # ------------------------------------------------------------------------------------------
    # Reading

    def med_verify(self):
        """Verify signatures anew: the row itself, what it was given for, and how it got there.

        :return: ``{"signatures": [{"id", "status", "origin", "name", "meaning", "signed_at",
            "digest"}], "valid": bool, "version": 1}``; ``status`` is ``valid``, ``changed``,
            ``former``, ``altered`` or ``lost``; ``origin`` is what the audit trail says of the
            row's making: ``database`` for one that no person made by signing, empty for one
            without an entry
        """
        self.check_access("read")
        origins = dict(self.env.execute_query(SQL(
            "SELECT res_id, origin FROM med_audit_entry"
            " WHERE model = 'med.signature' AND op = 'I' AND res_id IN %s",
            tuple(self.ids or [0]))))
        rows = [{
            "id": row.id, "status": row._get_status(), "origin": origins.get(row.id, ""),
            "name": row.name, "meaning": row.meaning,
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


def _plain(field, value):
    """Return the value of a sealed field, given or read, as plain data."""
    if field.type == "many2one":
        value = value and int(value)
    elif field.type == "datetime":
        value = canonical.time_text(value)
    return value if field.type in ("integer", "many2one_reference") else value or None
