from datetime import datetime, timedelta

from odoo.addons.base.tests.common import BaseCommon
from odoo.tests.common import HttpCase, new_test_user


class MedFactory:
    """Fixtures for tests, made by factories, so that no test needs demonstration data."""

    @classmethod
    def user(cls, role, **kw):
        """Return a new user who holds one role, or several joined by commas.

        :param role: last part of ``med_base_group_<role>``, for example ``"qa"`` or
            ``"warehouse,inspector"``; the bare Odoo user is ``""``
        :param kw: values of res.users; ``login`` defaults to ``med_<role>``
        """
        roles = [name.strip() for name in role.split(",") if name]
        groups = ",".join(f"med_base.med_base_group_{name}" for name in roles)
        login = kw.pop("login", f"med_{'_'.join(roles) or 'nobody'}")
        return new_test_user(cls.env, login, groups=groups or "base.group_user", **kw)


class MedCase(MedFactory, BaseCommon):
    """Base of every database test of the medical-device addons."""


class MedRpcCase(MedFactory, HttpCase):
    """Base of tests that call public methods over JSON-2, as another program does."""

    def json2(self, user, model, method, /, **kw):
        """Call ``/json/2`` with an API key of ``user``; return the response, JSON in ``json()``."""
        if not hasattr(self, "_med_keys"):
            self._med_keys = {}
        if user not in self._med_keys:
            self._med_keys[user] = user.with_user(user).env["res.users.apikeys"]._generate(
                scope="rpc", name="test", expiration_date=datetime.now() + timedelta(hours=1),
            )
        return self.url_open(
            f"/json/2/{model}/{method}", json=kw,
            headers={"Authorization": f"Bearer {self._med_keys[user]}"},
        )


def tables_of(env, addon):
    """Return the tables that an addon makes, and those that link its models to others."""
    mine = {model._table for model in env.registry.values() if model._original_module == addon
            and model._auto and not model._transient and not model._abstract}
    env.cr.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ '_rel$'")
    return mine | {table for (table,) in env.cr.fetchall()
                   if any(table.startswith(f"{one}_") for one in mine)}
