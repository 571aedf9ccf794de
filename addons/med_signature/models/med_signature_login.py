import unicodedata

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class MedSignatureLogin(models.Model):
    """Every login id there ever was, so that none is given to another person (11.100(a))."""

    _name = "med.signature.login"
    _description = "Login Id Given Out"
    _rec_name = "login"

    key = fields.Char(required=True, readonly=True, help="Without regard to case and width.")
    login = fields.Char(required=True, readonly=True)
    account = fields.Integer(required=True, readonly=True, help="Id of the user, also when gone.")

    _key_uniq = models.Constraint("UNIQUE (key)", "This login id was given out before.")

    @api.model
    def _key_of(self, login):
        return unicodedata.normalize("NFKC", login).casefold().strip()

    @api.model
    def _enter(self, users):
        """Enter the logins of users; refuse one that is or was another person's."""
        for user in users:
            key = self._key_of(user.login)
            found = self.search([("key", "=", key)])
            if not found:
                self.create({"key": key, "login": user.login, "account": user.id})
            elif found.account != user.id:
                raise ValidationError(self.env._(
                    "The login id “%(login)s” is or was another person's and is never given "
                    "again.", login=user.login))

    def write(self, vals):
        raise AccessError(self.env._("Login ids given out stay as they are."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Login ids given out stay as they are."))
