from contextlib import contextmanager

from odoo import models
from odoo.exceptions import AccessDenied

from . import person


class ResUsers(models.Model):
    """Sign-ins, refused ones too, are entries of the audit trail."""

    _inherit = "res.users"

    def _check_uid_passwd(self, uid, passwd):
        """Core caches its answer; the person is bound at each call all the same."""
        super()._check_uid_passwd(uid, passwd)
        person.enter_call(self.with_user(uid).env, passwd)

    def _login(self, credential, user_agent_env):
        auth_info = super()._login(credential, user_agent_env)
        self.env["med.audit.entry"]._record_event("sign_in", self.browse(auth_info["uid"]), {
            "login": credential["login"], "method": auth_info.get("auth_method", ""),
            "interactive": (user_agent_env or {}).get("interactive", True),
            "second_factor": self.browse(auth_info["uid"])._mfa_type() or "",
        })
        return auth_info

    def _check_credentials(self, credential, env):
        """What is no password is an entry of its own: the second factor, a passkey."""
        auth_info = super()._check_credentials(credential, env)
        if credential["type"] != "password":
            self.env["med.audit.entry"]._record_event(
                "credential_accepted", self.env.user, {"method": credential["type"]},
            )
        return auth_info

    @contextmanager
    def _assert_can_auth(self, user=None):
        """Every check of a credential at the door goes through here: password, key, second factor.

        :param user: id or login, as it was given
        """
        try:
            with super()._assert_can_auth(user=user):
                yield
        except AccessDenied:
            self.env["med.audit.entry"]._record_event(
                "sign_in_refused", payload={"login": str(user)[:200]}, own_cursor=True,
            )
            raise
