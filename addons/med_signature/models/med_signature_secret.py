import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessDenied, AccessError, UserError

from ..tools import attempts
from ..tools.permit import permit, take

CODE_HOURS = 24
GUARDED = {"pin_hash", "set_at", "code_hash", "code_until"}


class MedSignatureSecret(models.Model):
    """Badge and personal signing PIN of a person, for shared terminals and single sign-on.

    Only hashes are kept. Who knows the badge and the PIN can sign, and nothing else: the PIN
    opens no session.
    """

    _name = "med.signature.secret"
    _description = "Signing PIN"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", string="Person", required=True, readonly=True, ondelete="cascade", index=True,
    )
    badge = fields.Char(help="What the badge of the person says when it is scanned.")
    pin_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS, copy=False)
    set_at = fields.Datetime(string="PIN Set At", readonly=True, copy=False)
    code_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS, copy=False)
    code_until = fields.Datetime(readonly=True, groups=fields.NO_ACCESS, copy=False)

    _user_uniq = models.Constraint("UNIQUE (user_id)", "The person has a badge already.")
    _badge_uniq = models.Constraint("UNIQUE (badge)", "The badge belongs to somebody already.")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_guarded(vals, ())
        # Written out, so that no default of the caller's context gets in; hashes core refuses.
        return super().create([{**vals, "set_at": False} for vals in vals_list])

    def write(self, vals):
        self._check_guarded(vals, self.ids)
        if "user_id" in vals and any(own.user_id.id != vals["user_id"] for own in self):
            raise AccessError(self.env._("Badge and PIN stay with the person."))
        return super().write(vals)

    def _check_guarded(self, vals, record_ids):
        guarded = GUARDED & vals.keys()
        if guarded and not take(self._name, record_ids, frozenset(guarded)):
            raise AccessError(self.env._("A PIN is set by the person only."))

    @api.model
    def med_set_pin(self, pin: str, secret: str, badge: str = "", code: str = ""):
        """Set one's own signing PIN.

        :param pin: digits; how many at least is a setting
        :param secret: one's password, or the code that quality assurance gave out
        :param badge: what one's badge says when it is scanned; empty leaves it as it is
        :param code: one-time code of the authenticator, where the person uses one
        :return: ``{"badge": ..., "version": 1}``
        :raise UserError: the PIN can be guessed, or the secret is wrong
        """
        if not all(isinstance(value, str) for value in (pin, secret, badge)):
            raise UserError(self.env._("PIN, secret and badge must be text."))
        authentication = self.env["med.signature.authentication"]
        length = authentication._get_policy()["pin_digits"]
        weak = attempts.weak_pin(pin, length)
        if weak:
            raise UserError(self._get_weak_sentences(length)[weak])
        user = self.env.user
        own = self.sudo().search([("user_id", "=", user.id)])
        if not own._take_code(secret):
            authentication._authenticate(user.login, secret, code)
        own = own or self.sudo().create({"user_id": user.id})
        with permit(self._name, own.ids, frozenset({"pin_hash", "set_at"})):
            own.write({"pin_hash": user._crypt_context().hash(pin),
                       "set_at": fields.Datetime.now(), **({"badge": badge} if badge else {})})
        self.env["med.audit.entry"].sudo()._record_event("pin_set", record=user, payload={})
        return {"badge": own.badge or "", "version": 1}

    def _get_weak_sentences(self, length):
        return {
            "digits": self.env._("A PIN is made of digits."),
            "short": self.env._("A PIN has %(length)s digits at least.", length=length),
            "pattern": self.env._("This PIN is too easy to guess."),
        }

    def _check_pin(self, user, pin):
        """Raise AccessDenied unless this is the PIN of the person."""
        own = self.sudo().search([("user_id", "=", user.id)])
        if not user.active or not own.pin_hash or not user._crypt_context().verify(
                pin, own.pin_hash):
            raise AccessDenied

    def _is_aged(self, user):
        days = self.env["med.signature.authentication"]._get_policy()["pin_days"]
        own = self.sudo().search([("user_id", "=", user.id)])
        return bool(days and (fields.Datetime.now() - own.set_at).days >= days)

    def med_issue_code(self):
        """Give out a code with which the person, once, within a day, sets his PIN.

        For people who have no password because they sign in elsewhere. Identity is checked
        before; it is shown once.

        :return: ``{"code": ..., "version": 1}``
        """
        self.ensure_one()
        self.env["res.users"]._med_check_keeper()
        if self.user_id == self.env.user:
            raise UserError(self.env._("Another person gives out the code."))
        code = secrets.token_hex(5)
        own = self.sudo()
        with permit(self._name, self.ids, frozenset({"code_hash", "code_until"})):
            own.write({"code_hash": self.env.user._crypt_context().hash(code),
                       "code_until": fields.Datetime.now() + timedelta(hours=CODE_HOURS)})
        self.env["med.audit.entry"].sudo()._record_event(
            "pin_code_issued", record=self.user_id, payload={})
        return {"code": code, "version": 1}

    def action_issue_code(self):
        """Give out a code and show it."""
        code = self.med_issue_code()["code"]
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {"type": "info", "sticky": True,
                       "title": self.env._("Code for %(name)s", name=self.user_id.name),
                       "message": self.env._("%(code)s, for one day, once.", code=code)},
        }

    def _take_code(self, code):
        """Use up the code that was given out; return whether it was this one."""
        if not self or not self.code_hash or self.code_until < fields.Datetime.now():
            return False
        if not self.env.user._crypt_context().verify(code, self.code_hash):
            return False
        with permit(self._name, self.ids, frozenset({"code_hash", "code_until"})):
            self.write({"code_hash": False, "code_until": False})
        return True

    def _revoke(self):
        """Make PINs and codes worthless."""
        with permit(self._name, self.ids, frozenset({"pin_hash", "set_at", "code_hash"})):
            self.sudo().write({"pin_hash": False, "set_at": False, "code_hash": False})
