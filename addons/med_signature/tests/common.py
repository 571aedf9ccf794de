import json

from odoo.addons.med_base.tests.common import MedFactory
from odoo.tests.common import HttpCase, tagged


def secret_of(user):
    return f"{user.login}-secret"


@tagged("post_install", "-at_install")
class SignCase(MedFactory, HttpCase):
    """People with own passwords and rights to sign, and an access review to be signed.

    ``HttpCase``, because what survives a rollback is written over a cursor of its own.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls.person("system_admin", "keeper")
        cls.approver = cls.person("regulatory", "approver")
        cls.anna = cls.person("qa", "anna")
        cls.bert = cls.person("qa", "bert")

    @classmethod
    def person(cls, role, login, **kw):
        """Return a new user of some roles who has set his own password."""
        user = cls.user(role, login=login, password=f"{login}-secret", tz="Asia/Shanghai", **kw)
        cls.own_password(user)
        return user

    @classmethod
    def own_password(cls, user):
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE res_users SET med_password_temporary = false WHERE id = %s", [user.id])
        user.invalidate_recordset()

    @classmethod
    def sign(cls, record, user, meaning, **kw):
        """Sign as a program does that passes on a person's own login and secret."""
        return record.with_user(kw.pop("caller", user)).med_sign(**{
            "meaning": meaning, "login": user.login, "secret": secret_of(user), **kw})

    @classmethod
    def draft_grant(cls, user, meaning):
        return cls.env["med.signature.grant"].with_user(cls.keeper).create({
            "user_id": user.id,
            "meaning_id": cls.env.ref(f"med_signature.med_signature_meaning_{meaning}").id,
            "identity_method": "document", "identity_reference": "passport 4711",
        })

    @classmethod
    def grant(cls, user, *meanings):
        """Give a person rights to sign, by all their signatures."""
        for meaning in meanings:
            grant = cls.draft_grant(user, meaning)
            cls.sign(grant, cls.keeper, "verified")
            cls.sign(grant, user, "acknowledged")
            cls.sign(grant, cls.approver, "approved")
        return grant

    @classmethod
    def review(cls, **values):
        """Return an access review that is started and decided."""
        review = cls.env["med.access.review"].with_user(cls.anna).create({
            "name": "Review", "line_ids": [(0, 0, {"login": "carl", "decision": "keep"})],
            **values})
        review.med_transition("start")
        return review.with_user(cls.env.user)

    def call(self, model, method, record_ids, /, **kw):
        """Call a method as the web client of the person signed in does; return its JSON."""
        answer = self.url_open(f"/web/dataset/call_kw/{model}/{method}", json={
            "jsonrpc": "2.0", "method": "call", "params": {
                "model": model, "method": method, "args": [record_ids], "kwargs": kw}})
        return json.loads(answer.text)

    def assert_call_refused(self, answer, words):
        self.assertIn("error", answer)
        self.assertIn(words, answer["error"]["data"]["message"])
