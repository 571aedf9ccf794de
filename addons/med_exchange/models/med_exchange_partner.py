import re

from markupsafe import escape
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")


class MedExchangePartner(models.Model):
    """A system of somebody else that records are exchanged with: who may send and hear what."""

    _name = "med.exchange.partner"
    _description = "Exchange Partner"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True, copy=False, tracking=True,
        help="What its messages name as their sender: capital letters, digits and hyphens.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", "Company", required=True, index=True,
                                 default=lambda self: self.env.company)
    partner_id = fields.Many2one("res.partner", "Organisation", required=True, index=True,
                                 check_company=True, ondelete="restrict",
                                 help="Whose system it is; what he may hear of depends on it.")
    user_id = fields.Many2one(
        "res.users", "User", copy=False, index=True, ondelete="restrict",
        help="The account whose API key calls us. What its messages change is done in its name.")
    responsible_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True,
        domain="[('share', '=', False)]", help="Who is told when something is refused or late.")
    state = fields.Selection(
        [("draft", "Being Set Up"), ("active", "Active"), ("suspended", "Suspended")],
        "Status", required=True, default="draft", copy=False, tracking=True, readonly=True)
    signed = fields.Boolean(
        "Must Be Signed", default=True, tracking=True,
        help="A message without a valid signature by one of the partner's keys is refused.")
    order_rule = fields.Selection(
        [("wait", "Wait for what is missing"), ("apply", "Apply as they come")], "Out of Order",
        required=True, default="wait", tracking=True,
        help="What happens to a message that comes before an earlier one of its stream.")
    transport = fields.Selection(
        [("pull", "The partner asks for what is new"), ("http", "We send to its address")],
        required=True, default="pull", tracking=True)
    url = fields.Char("Address", tracking=True,
                      help="Where our messages are sent: https, or http on this machine.")
    token = fields.Char("Bearer Token", groups=fields.NO_ACCESS, copy=False)
    new_token = fields.Char("Enter the Token", compute="_compute_new_token",
                            inverse="_inverse_new_token",
                            help="What the partner gave us to call its address with. It is never "
                                 "shown again.")
    has_token = fields.Boolean("Has a Token", compute="_compute_has_token")
    lag_limit = fields.Integer("Alarm After (minutes)", default=60,
                               help="A message of ours that waits longer raises an alarm.")
    last_contact = fields.Datetime(readonly=True, copy=False)
    right_ids = fields.One2many("med.exchange.right", "exchange_partner_id", "Rights", copy=True)
    key_ids = fields.One2many("med.exchange.key", "exchange_partner_id", "Keys")

    _code_unique = models.Constraint("UNIQUE (code)", "Another partner has this code.")
    _user_unique = models.UniqueIndex("(user_id) WHERE user_id IS NOT NULL",
                                      "Another partner calls as this user.")

    @api.depends("token")
    def _compute_has_token(self):
        for partner in self:
            partner.has_token = bool(partner.sudo().token)

    def _compute_new_token(self):
        self.new_token = False

    def _inverse_new_token(self):
        for partner in self.filtered("new_token"):
            partner.set_token(partner.new_token)
        self.invalidate_recordset(["new_token"], flush=False)

    @api.constrains("code")
    def _check_code(self):
        for partner in self:
            if not CODE.fullmatch(partner.code):
                raise ValidationError(self.env._(
                    "“%s” is no code: 2 to 32 capital letters, digits and hyphens.", partner.code))

    @api.constrains("user_id")
    def _check_user(self):
        group = self.env.ref("med_exchange.med_exchange_group_partner")
        for partner in self:
            user = partner.user_id.sudo()
            if user and user.all_group_ids != group:
                raise ValidationError(self.env._(
                    "%s must be a user of the group “Exchange Partner” and nothing more: the "
                    "button “Make a User” makes one.", user.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A partner is archived, not deleted: its messages name it."))

    def activate(self):
        """Let messages of these partners come and go."""
        for partner in self:
            if partner.transport == "http" and not partner.url:
                raise UserError(self.env._("%s has no address to send to.", partner.name))
            if partner.signed and not partner.key_ids.filtered("usable"):
                raise UserError(self.env._(
                    "%s must sign, and no key of its is in force: add one first.", partner.name))
        self.write({"state": "active"})
        return True

    def suspend(self):
        """Refuse what these partners send, and keep what is for them until they are active."""
        self.write({"state": "suspended"})
        return True

    def set_token(self, token: str):
        """Keep the token that our calls to the partner's address bear; empty: none."""
        self.ensure_one()
        self.check_access("write")
        self.sudo().token = token.strip() or False
        return True

    def _med_env(self):
        """Return the environment in which what this partner sent is applied: its user's."""
        self.ensure_one()
        user = self.user_id or self.env["res.users"].browse(SUPERUSER_ID)
        # Nothing of the caller's context: as defaults it would reach what is made here. Nor a
        # language: what is written would be a translation. See med_exchange_message_words.py.
        return self.with_user(user).with_context(
            {"allowed_company_ids": self.company_id.ids}).sudo().env

    def _med_langs(self):
        """Return the languages in which this partner's refusals are said; his is the first.

        His organisation's, else our company's; then our company's, for our people; then English.
        """
        known = {code for code, _name in self.env["res.lang"].get_installed()}
        return list(dict.fromkeys([
            *(one for one in (self.partner_id.lang, self.company_id.partner_id.lang)
              if one in known), "en_US"]))

    def _med_reader_lang(self):
        """Return the language of whoever of ours is told of this partner's messages."""
        known = {code for code, _name in self.env["res.lang"].get_installed()}
        lang = self.responsible_id.lang or self.company_id.partner_id.lang
        return lang if lang in known else "en_US"

    def _med_right(self, schema, direction):
        """Return the right to send ("in") or hear ("out") a schema, or no record."""
        return self.right_ids.filtered(
            lambda right: right.active and right.schema == schema
            and right.direction == direction)

    def _med_alarm(self, summary, note):
        """Have somebody look: an activity for the responsible, for the admin when there is none."""
        for partner in self.sudo().with_context({"lang": self.env.lang}):
            user = partner.responsible_id or self.env.ref("base.user_admin")
            partner.activity_schedule("mail.mail_activity_data_warning", summary=summary,
                                      note=escape(note), user_id=user.id)
