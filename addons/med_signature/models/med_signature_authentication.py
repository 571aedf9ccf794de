import hashlib
import time
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

LOCK = 0x6D656473  # first key of the advisory locks under which secrets are checked
MARK = "med_signature"  # in the session: who has signed in it with all components, and when
POLICY = {
    "tries": 5, "lock_minutes": 30, "idle_minutes": 15, "password_days": 0,
    "temporary_hours": 72, "pin_digits": 6, "pin_days": 365,
}


class Proof:
    """That a person has shown who he is, in this call. Made by ``_authenticate`` only.

    :ivar user: the person, with his own rights
    :ivar beside: he signs as the second person in another's session
    """

    __slots__ = ("beside", "components", "device", "method", "session_login", "user")

    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)


class MedSignatureAuthentication(models.AbstractModel):
    """Checks who signs: with his own login and secret, never by a session or a key alone."""

    _name = "med.signature.authentication"
    _description = "Authentication of a Signer"

    @api.model
    def _get_policy(self):
        """Return the numbers of the policy, from the system parameters."""
        parameters = self.env["ir.config_parameter"].sudo()
        return {name: int(parameters.get_param(f"med_signature.{name}", default))
                for name, default in POLICY.items()}

    @api.model
    def _authenticate(self, login, secret, code="", method="password", second=False):
        """Return the :class:`Proof` of a person.

        :param login: login id, or the badge with a PIN; may be empty where the person has signed
            in this session before and has not been idle since
        :param secret: password, PIN, or the answer of the passkey as JSON
        :param code: one-time code, where the person uses one
        :param method: ``password``, ``pin`` or ``passkey``
        :param second: another person than the one signed in gives his own credentials
        :raise UserError: with one sentence; a wrong secret is counted and recorded at once,
            in a transaction of its own
        """
        for name, value in (("login", login), ("secret", secret), ("code", code)):
            if not isinstance(value, str):
                raise UserError(self.env._("“%(name)s” must be text.", name=name))
        if method not in ("password", "pin", "passkey"):
            raise UserError(self.env._("There is no way to sign “%(method)s”.",
                                              method=method))
        if not secret:
            raise UserError(self.env._("To sign, give your login and your secret."))
        session = self._get_session()
        continued = not login and method != "pin"
        if continued and not self._is_continued(session):
            raise UserError(self.env._(
                "Give your login id too: this is your first signature in this session, or you "
                "have been idle."))
        user = self.env.user if continued else self._find_person(login, method)
        self._check_session(session, user, method, second)
        if not user:
            self._record("signature_failed", {"method": method, "account": "unknown"})
            raise UserError(self._get_wrong())
        needs_code = method == "password" and not continued and self._uses_code(user)
        if needs_code and not code:
            raise UserError(self.env._("Give the code of your authenticator too."))
        with self._one_at_a_time(user) as own:
            self._check_locked(own, user)
            try:
                self._check_secret(user, login, secret, method)
                if needs_code:
                    self._check_code(user, code)
            except AccessDenied:
                self._count_failure(own, user, method)
                raise UserError(self._get_wrong()) from None
            self._count_success(own, user)
        self._check_age(user, method)
        if session and session.uid == user.id:
            session[MARK] = self._get_mark(user)
        return Proof(
            user=user, beside=second, components="secret" if continued else "all",
            method="totp" if needs_code else method, device=self._get_device(),
            session_login=self.env.user.login,
        )

    # ------------------------------------------------------------------------------------------
    # Session

    @api.model
    def _get_session(self):
        """Return the web session of the caller, or None for a program."""
        if not request or not request.session.can_save or request.session.uid != self.env.uid:
            return None
        return request.session

    def _get_mark(self, user):
        return {"uid": user.id, "at": int(time.time()), "device": self._get_device_digest()}

    def _is_continued(self, session):
        """Whether the person signed in has signed before, here, and not been idle since."""
        mark = session and session.get(MARK)
        return bool(
            mark and mark["uid"] == self.env.uid
            and mark["device"] == self._get_device_digest()
            and 0 <= time.time() - mark["at"] <= self._get_policy()["idle_minutes"] * 60
        )

    def _get_device(self):
        if not request:
            return ""
        agent = request.httprequest.user_agent.string or ""
        return f"{request.httprequest.remote_addr} {agent}"[:250]

    def _get_device_digest(self):
        return hashlib.sha256(self._get_device().encode()).hexdigest()[:16]

    def _check_session(self, session, user, method, second):
        """In another's session one signs as the declared second person, or at a terminal."""
        if not session or session.uid == user.id:
            if second:
                raise UserError(self.env._(
                    "The second person is another one than the person signed in."))
            return
        terminal = self.env.user.sudo().med_terminal and method in ("pin", "passkey")
        if not second and not terminal:
            self._record("signature_refused", {"why": "login of another in this session"})
            raise UserError(self.env._(
                "You are signed in as %(login)s and sign for yourself. Another person signs as "
                "the second person, or after signing in.", login=self.env.user.login))

    # ------------------------------------------------------------------------------------------
    # Person and secret

    def _find_person(self, login, method):
        Users = self.env["res.users"].sudo()
        if method == "pin":
            secret = self.env["med.signature.secret"].sudo().search(
                [("badge", "=", login)], limit=1)
            if secret:
                return secret.user_id.filtered("active")
        return Users.search(Users._get_login_domain(login), limit=1)

    def _uses_code(self, user):
        return bool("totp_enabled" in user._fields and user.sudo().totp_enabled)

    def _check_secret(self, user, login, secret, method):
        """Raise AccessDenied unless the secret is the person's own."""
        if method == "pin":
            self.env["med.signature.secret"]._check_pin(user, secret)
            return
        if method == "passkey":
            credential = {"type": "webauthn", "webauthn_response": secret}
        else:
            credential = {"type": "password", "login": user.login, "password": secret}
        # Core checks the secret of env.user, whatever login the credential names; and it takes
        # an API key where the call is not interactive.
        found = user.with_user(user).sudo()._check_credentials(credential, {"interactive": True})
        if found["uid"] != user.id:
            raise AccessDenied

    def _check_code(self, user, code):
        if not request:
            raise AccessDenied  # core counts codes by address
        user.with_user(user)._check_credentials(
            {"type": "totp", "token": int(code) if code.isdecimal() else -1},
            {"interactive": True})

    def _check_age(self, user, method):
        """Refuse a secret that somebody else has set, or that is too old."""
        policy, now = self._get_policy(), fields.Datetime.now()
        if method == "pin":
            if self.env["med.signature.secret"]._is_aged(user):
                raise UserError(self.env._("Your PIN is too old: set a new one first."))
        elif method == "password":
            if user.sudo().med_password_temporary:
                raise UserError(self.env._(
                    "Your password was set by somebody else: set your own before you sign."))
            days = policy["password_days"]
            if days and (now - user.sudo()._get_password_date()).days >= days:
                raise UserError(self.env._(
                    "Your password is older than %(days)s days: set a new one before you sign.",
                    days=days))

    def _get_wrong(self):
        return self.env._("The login id or the secret is wrong. Nothing was signed.")

    # ------------------------------------------------------------------------------------------
    # Wrong secrets, counted in a transaction of their own

    @contextmanager
    def _one_at_a_time(self, user):
        """Give a cursor of its own, and let nobody else try this person's secret meanwhile."""
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, user.id])
            try:
                cr.commit()  # what others counted while we waited is seen from here on
                yield api.Environment(cr, api.SUPERUSER_ID, {})
            finally:
                cr.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, user.id])

    def _check_locked(self, own, user):
        until = own["med.signature.attempt"]._locked_until(user)
        if until:
            self._record("signature_refused", {"why": "locked"}, user)
            raise UserError(self.env._(
                "Signing is locked for %(name)s until %(until)s UTC after wrong secrets. "
                "Quality assurance can lift the lock.", name=user.name, until=str(until)))

    def _count_failure(self, own, user, method):
        Attempt = own["med.signature.attempt"]
        Attempt.create({
            "user_id": user.id, "outcome": "failed", "method": method,
            "device": self._get_device(), "session_login": self.env.user.login,
        })
        own.cr.commit()
        self._record("signature_failed", {"method": method}, user)
        until = Attempt._locked_until(user)
        if until:
            self._record("signing_locked", {"until": str(until)}, user)
            own["med.audit.entry"]._alarm(
                self.env._("Signing locked: %(name)s", name=user.name),
                self.env._(
                    "Wrong secrets were given for %(login)s from %(device)s, in the session of "
                    "%(session)s. Signing is locked until %(until)s UTC; another person of "
                    "quality assurance can lift the lock on the user's form.",
                    login=user.login, device=self._get_device() or "-",
                    session=self.env.user.login, until=str(until)))
            own.cr.commit()

    def _count_success(self, own, user):
        own.cr.execute(
            "SELECT outcome FROM med_signature_attempt WHERE user_id = %s ORDER BY id DESC LIMIT 1",
            [user.id])
        if own.cr.fetchone() == ("failed",):
            own["med.signature.attempt"].create({
                "user_id": user.id, "outcome": "succeeded", "device": self._get_device(),
                "session_login": self.env.user.login,
            })
            own.cr.commit()

    @api.model
    def _record(self, kind, payload, record=None):
        """Enter an event into the audit trail that stays when this call is rolled back."""
        self.env["med.audit.entry"].sudo()._record_event(
            kind, record=record, payload=payload, own_cursor=True)
