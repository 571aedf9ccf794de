from odoo import models
from odoo.http import request

from . import person


class ResUsers(models.Model):
    _inherit = "res.users"

    def _check_uid_passwd(self, uid, passwd):
        """Core caches its answer; the person is bound at each call all the same."""
        super()._check_uid_passwd(uid, passwd)
        if request:
            person.enter_call(self.with_user(uid).env, passwd)
