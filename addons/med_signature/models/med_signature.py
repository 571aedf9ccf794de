from odoo import api, fields, models
from odoo.exceptions import AccessError

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
    _inherit = ["med.signature.row.mixin"]
    _order = "id"
    _log_access = False
    _med_sealed = SEALED

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
    local_time = fields.Char(string="Local Time", compute="_compute_local_time")

    _slot_uniq = models.UniqueIndex(
        "(res_model, res_id, round, transition, slot)", "This place is signed already.",
    )
    _person_uniq = models.UniqueIndex(
        "(res_model, res_id, round, transition, user_id)",
        "One person does not sign twice where two are needed.",
    )

    @api.depends("name", "meaning_name", "signed_at")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.meaning_name}: {row.name}, {row.signed_at} UTC"

    @api.depends("signed_at", "tz")
    def _compute_local_time(self):
        for row in self:
            local = fields.Datetime.context_timestamp(row.with_context(tz=row.tz), row.signed_at)
            row.local_time = local.strftime("%Y-%m-%d %H:%M:%S %z")

    @api.model_create_multi
    def create(self, vals_list):
        sealed = []
        for vals in vals_list:
            if not take(self._name, (), (vals.get("res_model"), vals.get("res_id"),
                                         vals.get("digest"), vals.get("user_id"))):
                raise AccessError(self.env._("Signatures come about by signing only."))
            sealed.append({**vals, "seal": self._med_seal(vals)})
        return super().create(sealed)
