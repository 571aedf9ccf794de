import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.fields import Command
from odoo.http import request

from ..tools.permit import permit, take

KEEPERS = ("med_base.med_base_group_qa", "med_base.med_base_group_system_admin")


class ResUsers(models.Model):
    _inherit = "res.users"

    med_terminal = fields.Boolean(
        string="Shared Terminal",
        help="The account of a terminal that several people use: it signs nothing itself; people "
             "sign there by badge and PIN, or by passkey.",
    )
    med_password_date = fields.Datetime(string="Password Set At", readonly=True, copy=False)
    med_password_temporary = fields.Boolean(
        string="Password Set by Somebody Else", readonly=True, copy=False,
        help="Opens no signature, and ends after a while, until the person sets an own one.",
    )
    med_second_factor = fields.Boolean(compute="_compute_med_second_factor")
    med_locked_until = fields.Datetime(
        string="Signing Locked Until", compute="_compute_med_locked_until",
    )
    med_grant_ids = fields.One2many("med.signature.grant", "user_id", string="Rights to Sign")
    med_signature_count = fields.Integer(compute="_compute_med_signature_count")

    _med_login_uniq = models.UniqueIndex(
        "(lower(login))", "Login ids differ in more than upper and lower case.",
    )

    def init(self):
        super().init()
        self.env.cr.execute("""
            UPDATE res_users SET med_password_date = COALESCE(write_date, create_date)
             WHERE med_password_date IS NULL AND password IS NOT NULL""")

    def _compute_med_second_factor(self):
        for user in self.sudo():
            user.med_second_factor = bool(
                "totp_enabled" in user._fields and user.totp_enabled
                or "auth_passkey_key_ids" in user._fields and user.auth_passkey_key_ids)

    def _compute_med_locked_until(self):
        for user in self:
            user.med_locked_until = self.env["med.signature.attempt"]._locked_until(user)

    def _compute_med_signature_count(self):
        counts = dict(self.env["med.signature"].sudo()._read_group(
            [("user_id", "in", self.ids)], ["user_id"], ["__count"]))
        for user in self:
            user.med_signature_count = counts.get(user, 0)

    # ------------------------------------------------------------------------------------------
    # Logins

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env["med.signature.login"].sudo()._enter(users)
        return users

    def write(self, vals):
        guarded = {"med_password_date", "med_password_temporary"} & vals.keys()
        if guarded:
            raise AccessError(self.env._("When a password was set follows from its setting."))
        result = super().write(vals)
        if "login" in vals:
            self.env["med.signature.login"].sudo()._enter(self)
        if vals.get("active") is False:
            self._med_end_rights()
        return result

    def _med_end_rights(self):
        self.env["med.signature.grant"].sudo().search(
            [("user_id", "in", self.ids)])._withdraw(self.env._("Account archived"))
        self.env["med.signature.secret"].sudo().search([("user_id", "in", self.ids)])._revoke()

    # ------------------------------------------------------------------------------------------
    # Passwords

    def _set_password(self):
        super()._set_password()
        own = self.filtered(lambda user: user._med_sets_own_password())
        for users, temporary in ((own, False), (self - own, True)):
            if users:
                self.env.cr.execute(
                    """UPDATE res_users SET med_password_date = now() AT TIME ZONE 'UTC',
                       med_password_temporary = %s WHERE id IN %s""",
                    [temporary, tuple(users.ids)])
                users.invalidate_recordset(["med_password_date", "med_password_temporary"],
                                           flush=False)
        (self - own)._med_tell_password_set()

    @api.model
    def change_password(self, old_passwd, new_passwd):
        with permit("res.users", [self.env.uid], "password"):
            return super().change_password(old_passwd, new_passwd)

    def _med_sets_own_password(self):
        """Whether it is the person himself who sets the password of this account.

        He has given the old one over RPC, is signed in, or comes by the link sent to him.
        """
        if take("res.users", self.ids, "password"):
            return True
        if not request:
            return False
        if request.env.uid == self.id:
            return self.env.uid == self.id
        return bool(request.params.get("token")) and request.env.user._is_public()

    def _med_tell_password_set(self):
        if self.env.registry.ready and request:
            for user in self:
                self.env["med.audit.entry"].sudo()._record_event(
                    "password_set_by_other", record=user, payload={"by": self.env.user.login})
                self.env["med.audit.entry"]._alarm(
                    self.env._("Password set: %(name)s", name=user.name),
                    self.env._("%(by)s set the password of %(login)s. It opens no signature until "
                               "the person has set an own one.",
                               by=self.env.user.login, login=user.login), also=user.partner_id)

    def _get_password_date(self):
        return self.med_password_date or self.create_date or fields.Datetime.now()

    def _med_is_signer(self):
        """Whether the person has, or is about to have, a right to sign; others are not bothered."""
        return bool(self.env["med.signature.grant"].sudo().search_count(
            [("user_id", "=", self.id), ("state", "!=", "withdrawn")], limit=1))

    def _check_credentials(self, credential, env):
        found = super()._check_credentials(credential, env)
        if found.get("auth_method") == "password":
            user = self.env["res.users"].browse(found["uid"]).sudo()
            hours = self.env["med.signature.authentication"]._get_policy()["temporary_hours"]
            if user.med_password_temporary and hours and user._med_is_signer() and (
                    fields.Datetime.now() > user._get_password_date() + timedelta(hours=hours)):
                raise AccessDenied(self.env._(
                    "The temporary password has run out: ask for a new one."))
        return found

    # ------------------------------------------------------------------------------------------
    # Lost credentials, locks

    @api.model
    def _med_check_keeper(self):
        """Refuse people who do not keep other people's credentials."""
        if not any(map(self.env.user.has_group, KEEPERS)):
            raise AccessError(self.env._(
                "Credentials are kept by quality assurance and system administration."))

    def med_credential_lost(self, reason: str = ""):
        """Make every credential of these people worthless at once: password, sessions, API keys,
        one-time codes, passkeys, PIN (11.300(c)).

        :param reason: what was lost, and how it was reported
        :return: ``{"people": <number>, "version": 1}``
        """
        if self != self.env.user:
            self._med_check_keeper()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say what was lost."))
        for user in self.sudo().with_context(med_reason=reason):
            user._set_encrypted_password(
                user.id, user._crypt_context().hash(secrets.token_urlsafe(32)))
            self.env["res.users.apikeys"].sudo().search([("user_id", "=", user.id)]).unlink()
            if "totp_secret" in user._fields:
                user._revoke_all_devices()
                user.totp_secret = False
            if "auth_passkey_key_ids" in user._fields:
                user.write({"auth_passkey_key_ids": [Command.clear()]})
            self.env["med.signature.secret"].sudo().search([("user_id", "=", user.id)])._revoke()
            self.env["med.audit.entry"].sudo()._record_event(
                "credential_lost", record=user, payload={"reason": reason})
            self.env["med.audit.entry"]._alarm(
                self.env._("Credential lost: %(name)s", name=user.name),
                self.env._("%(by)s reported: %(reason)s. Sessions, API keys, one-time codes, "
                           "passkeys and PIN of %(login)s have ended.",
                           by=self.env.user.login, reason=reason, login=user.login))
        self.env.registry.clear_cache()
        return {"people": len(self), "version": 1}

    def med_lift_lock(self, reason: str = ""):
        """Lift the lock on another person's signing.

        :return: ``{"people": <number>, "version": 1}``
        """
        self._med_check_keeper()
        if self & self.env.user:
            raise UserError(self.env._("Another person lifts your lock."))
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Give a reason."))
        self.env["med.signature.attempt"].sudo().create([{
            "user_id": user.id, "outcome": "lifted", "lifted_by": self.env.uid,
            "session_login": self.env.user.login,
        } for user in self])
        for user in self:
            self.env["med.audit.entry"].sudo()._record_event(
                "signing_lock_lifted", record=user, payload={"reason": reason})
        return {"people": len(self), "version": 1}

    def _med_role_names(self):
        """Return the medical-device roles of a person as text."""
        category = self.env.ref("med_base.module_category_med")
        groups = self.sudo().group_ids.filtered(
            lambda group: group.privilege_id.category_id == category)
        return ", ".join(groups.sorted("sequence").mapped("name"))

    def action_med_lift_lock(self):
        """Ask for a reason and lift the lock."""
        return self._med_ask("med_lift_lock", self.env._("Lift the lock on signing"))

    def action_med_credential_lost(self):
        """Ask what was lost and end every credential."""
        return self._med_ask("med_credential_lost", self.env._("Credential lost"))

    def _med_ask(self, method, title):
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "method": method,
                           "title": title}}

    def action_med_set_pin(self):
        """Open the dialog in which a person sets his PIN."""
        return {"type": "ir.actions.client", "tag": "med_signature.set_pin"}

    def action_med_signatures(self):
        """Open the signatures of a person."""
        self.ensure_one()
        return {**self.env["ir.actions.act_window"]._for_xml_id(
            "med_signature.med_signature_action"), "domain": [("user_id", "=", self.id)]}
