from odoo.addons.base.tests.common import BaseCommon
from odoo.tests.common import new_test_user


class MedCase(BaseCommon):
    """Base of every database test of the medical-device addons.

    Fixtures are made by factories, so that no test needs demonstration data.
    """

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
