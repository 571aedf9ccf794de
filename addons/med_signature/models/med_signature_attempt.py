from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import attempts


class MedSignatureAttempt(models.Model):
    """A try to sign that failed, and what ended a row of them. Rows are only ever added."""

    _name = "med.signature.attempt"
    _description = "Try to Sign"
    _order = "id desc"
    _rec_name = "user_id"
    _log_access = False

    user_id = fields.Many2one(
        "res.users", string="Account", required=True, readonly=True, index=True,
        ondelete="restrict",
    )
    at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    outcome = fields.Selection(
        [
            ("failed", "Wrong secret"),
            ("succeeded", "Right secret after wrong ones"),
            ("lifted", "Lock lifted"),
        ],
        required=True, readonly=True,
    )
    method = fields.Char(readonly=True)
    device = fields.Char(readonly=True)
    session_login = fields.Char(string="In the Session Of", readonly=True)
    lifted_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Tries to sign are recorded by the system only."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("Tries to sign are not changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Tries to sign are not removed."))

    @api.model
    def _locked_until(self, user):
        """Return until when a person's signing is locked (naive UTC), or None."""
        found = self.env.execute_query(SQL(
            """SELECT at, outcome FROM med_signature_attempt WHERE user_id = %s
               ORDER BY id DESC LIMIT 200""", user.id))
        policy = self.env["med.signature.authentication"]._get_policy()
        return attempts.locked_until(
            found, fields.Datetime.now(), policy["tries"], policy["lock_minutes"])
