from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ..tools.machine import Machine, Signer, Transition
from .med_signable_step import leave
from .res_users import KEEPERS

_lt = LazyTranslate(__name__)

APPROVERS = (*KEEPERS, "med_base.med_base_group_regulatory", "med_base.med_base_group_qa_release")


class MedSignatureGrant(models.Model):
    """The right of a person to sign with one meaning (21 CFR 11.10(g), 11.10(j), 11.100).

    One person checks the identity and gives it, the holder signs that his signature binds him,
    and another person approves. These three signatures need a login and a secret, but no grant:
    by them the first grants come about.
    """

    _name = "med.signature.grant"
    _description = "Right to Sign"
    _inherit = ["med.signable.mixin", "mail.thread"]
    _order = "user_id, meaning_id, id desc"

    _med_machine = Machine(
        initial="draft",
        content=("user_id", "meaning_id", "company_id", "valid_from", "valid_to",
                 "identity_method", "identity_reference", "statement"),
        locked=("active", "withdrawn"),
        transitions=(
            Transition(
                "give", ("draft",), "given", _lt("Give"),
                (Signer("verified", groups=KEEPERS, differs=("@user_id",), fixed=("@user_id",),
                        grant=False),),
                required=("identity_method", "identity_reference", "statement"), least=1,
            ),
            Transition(
                "acknowledge", ("given",), "acknowledged", _lt("Acknowledge"),
                (Signer("acknowledged", only="user_id", grant=False),), least=1,
            ),
            Transition(
                "approve", ("acknowledged",), "active", _lt("Approve"),
                (Signer("approved", groups=APPROVERS, differs=("verified", "@user_id"),
                        fixed=("verified", "@user_id"), grant=False),), least=1,
            ),
            Transition(
                "withdraw", ("draft", "given", "acknowledged", "active"), "withdrawn",
                _lt("Withdraw"), groups=KEEPERS, reason=True,
            ),
        ),
    )

    user_id = fields.Many2one(
        "res.users", string="Person", required=True, index=True, ondelete="restrict",
        tracking=True,
    )
    meaning_id = fields.Many2one(
        "med.signature.meaning", required=True, ondelete="restrict", tracking=True,
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date(help="Last day on which the person may sign. Empty: until withdrawn.")
    identity_method = fields.Selection(
        [("document", "Identity document seen"), ("known", "Known in person, file checked"),
         ("remote", "Checked by an identification service")],
        string="Identity Checked By",
    )
    identity_reference = fields.Char(
        string="Evidence of Identity", help="Which document or file, and its number.",
    )
    statement = fields.Text(
        required=True, default=lambda self: self._get_statement(),
        help="What the holder signs.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("given", "Given"),
            ("acknowledged", "Acknowledged"),
            ("active", "Active"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True, default="draft", readonly=True, copy=False, tracking=True,
    )

    _active_uniq = models.UniqueIndex(
        "(user_id, meaning_id, COALESCE(company_id, 0)) WHERE state = 'active'",
        "The person has this right already.",
    )

    @api.model
    def _get_statement(self):
        return self.env._(
            "I am accountable for every action under my electronic signature. I know that it is "
            "the legally binding equivalent of my handwritten signature. I keep my secrets to "
            "myself and report at once when one of them is lost.")

    @api.depends("user_id", "meaning_id")
    def _compute_display_name(self):
        for grant in self:
            grant.display_name = f"{grant.user_id.name}: {grant.meaning_id.name}"

    @api.constrains("user_id")
    def _check_person(self):
        for grant in self:
            if grant.user_id.sudo().med_terminal:
                raise ValidationError(self.env._("The account of a terminal does not sign."))

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name != "withdraw" and not self.user_id.active:
            raise UserError(self.env._("The account of this person is archived."))

    @api.model
    def _get_obstacle(self, user, meaning):
        """Return why a person may not sign with a meaning now, or an empty text.

        Other addons add theirs: a training that has lapsed.
        """
        today = fields.Date.context_today(self)
        found = self.sudo().search_count([
            ("user_id", "=", user.id), ("meaning_id.code", "=", meaning),
            ("state", "=", "active"), ("company_id", "in", [False, self.env.company.id]),
            ("valid_from", "<=", today), "|", ("valid_to", "=", False), ("valid_to", ">=", today),
        ])
        if found:
            return ""
        return self.env._(
            "%(name)s has no right to sign “%(meaning)s”: it has to be granted first.",
            name=user.name, meaning=self.env["med.signature.meaning"]._labels().get(meaning))

    def _withdraw(self, reason):
        """Withdraw at once, whoever asks: for people who left."""
        for grant in self.filtered(lambda one: one.state != "withdrawn"):
            leave(grant, "withdraw", reason)
