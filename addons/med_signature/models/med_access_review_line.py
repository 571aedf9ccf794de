from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, fields, models
from odoo.exceptions import UserError

OF_THE_ACCOUNT = {"user_id", "login", "roles", "rights", "last_login", "password_date",
                  "second_factor", "api_keys", "conflict"}
_listing = ContextVar("med_access_review_listing", default=False)


@contextmanager
def listing():
    """Let what the accounts say into the lines; everybody else decides and remarks."""
    token = _listing.set(True)
    try:
        yield
    finally:
        _listing.reset(token)


class MedAccessReviewLine(models.Model):
    """What one person may do, as of the review, and what was decided about it.

    Lines of accounts are written by the listing alone. One without an account is somebody's own:
    the account of a device, of the database, of another program.
    """

    _name = "med.access.review.line"
    _description = "Person in an Access Review"
    _inherit = ["med.signed.line.mixin"]
    _order = "review_id, login"
    _rec_name = "login"
    _med_parent = "review_id"

    review_id = fields.Many2one(
        "med.access.review", required=True, ondelete="cascade", index=True,
    )
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", string="Person", readonly=True, ondelete="restrict",
                              index=True)
    login = fields.Char(readonly=True)
    roles = fields.Char(readonly=True)
    rights = fields.Char(string="May Sign", readonly=True)
    last_login = fields.Datetime(string="Last Sign-In", readonly=True)
    password_date = fields.Datetime(string="Password Set", readonly=True)
    second_factor = fields.Boolean(string="Two Factors", readonly=True)
    api_keys = fields.Integer(string="API Keys", readonly=True)
    conflict = fields.Char(
        readonly=True, help="Duties that one person should not hold together.",
    )
    decision = fields.Selection(
        [("keep", "Keep"), ("change", "Change"), ("remove", "Remove")],
    )
    note = fields.Char(string="Remark")

    @api.model_create_multi
    def create(self, vals_list):
        if not _listing.get():
            # Written out, so that no default of the caller's context or of a user gets in.
            vals_list = [{"user_id": False, **vals} for vals in vals_list]
            if any(vals["user_id"] for vals in vals_list):
                self._refuse_account()
        return super().create(vals_list)

    def write(self, vals):
        if not _listing.get() and (vals.get("user_id") or (
                OF_THE_ACCOUNT & vals.keys() and self.user_id)):
            self._refuse_account()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_account(self):
        if self.user_id:
            self._refuse_account()

    def _refuse_account(self):
        raise UserError(self.env._(
            "What a line says about an account comes from the account: press List People."))

    @api.model
    def _picture(self, user):
        """Return what a line says about an account."""
        grants = self.env["med.signature.grant"].sudo().search(
            [("user_id", "=", user.id), ("state", "=", "active")])
        keys = self.env["res.users.apikeys"].sudo().search_count([("user_id", "=", user.id)])
        return {
            "login": user.login, "roles": user._med_role_names(),
            "rights": ", ".join(grants.meaning_id.mapped("name")),
            "last_login": user.login_date, "password_date": user._get_password_date(),
            "second_factor": bool(user.med_second_factor), "api_keys": keys,
            "conflict": self._get_conflict(user),
        }

    @api.model
    def _get_conflict(self, user):
        """Return the duties of a person that should not meet (PIC/S PI 041-1, 9.3), as text."""
        groups = {
            "admin": "med_base.med_base_group_system_admin",
            "quality": "med_base.med_base_group_qa",
            "release": "med_base.med_base_group_qa_release",
            "production": "med_base.med_base_group_operator",
            "purchasing": "med_base.med_base_group_purchasing",
        }
        held = {name for name, group in groups.items() if user.has_group(group)}
        told = []
        if "admin" in held and held & {"quality", "release", "production"}:
            told.append(self.env._("System administration with an interest in the data"))
        if {"release", "production"} <= held:
            told.append(self.env._("Produces and releases"))
        if {"release", "purchasing"} <= held:
            told.append(self.env._("Buys and releases"))
        return "; ".join(told)
