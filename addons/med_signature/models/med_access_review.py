from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ..tools.machine import Machine, Signer, Transition
from .med_access_review_line import listing

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"


class MedAccessReview(models.Model):
    """A periodic look at who may do and sign what (21 CFR 11.300(b)), signed by two people."""

    _name = "med.access.review"
    _description = "Access Review"
    _inherit = ["med.signable.mixin", "mail.thread"]
    _order = "date desc, id desc"

    _med_machine = Machine(
        initial="draft",
        content=("name", "date", "company_id", "note", "line_ids.user_id", "line_ids.login",
                 "line_ids.roles", "line_ids.rights", "line_ids.conflict", "line_ids.decision",
                 "line_ids.note"),
        transitions=(
            Transition("start", ("draft",), "in_review", _lt("Start"),
                       groups=(QUALITY, "med_base.med_base_group_system_admin"),
                       required=("line_ids.login",)),
            Transition(
                "close", ("in_review",), "closed", _lt("Close"),
                (Signer("reviewed", groups=(QUALITY,)),
                 Signer("approved", groups=(QUALITY, "med_base.med_base_group_regulatory"),
                        differs=("reviewed",))),
                required=("line_ids.decision",), least=1, beside=True,
            ),
            Transition("reopen", ("closed",), "in_review", _lt("Open again"), groups=(QUALITY,),
                       reason=True, restart=True),
        ),
    )

    name = fields.Char(required=True, default=lambda self: self.env._("Access review"))
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company,
    )
    note = fields.Text(string="Conclusion")
    state = fields.Selection(
        [("draft", "Draft"), ("in_review", "In review"), ("closed", "Closed")],
        required=True, default="draft", readonly=True, copy=False, tracking=True,
    )
    line_ids = fields.One2many("med.access.review.line", "review_id", string="People")
    open_count = fields.Integer(string="To Decide", compute="_compute_counts")
    conflict_count = fields.Integer(string="Conflicts", compute="_compute_counts")

    @api.depends("line_ids.decision", "line_ids.conflict")
    def _compute_counts(self):
        for review in self:
            review.open_count = len(review.line_ids.filtered(lambda line: not line.decision))
            review.conflict_count = len(review.line_ids.filtered("conflict"))

    def action_list_people(self):
        """List everybody with an account, as it is now; decisions made stay."""
        self.env["res.users"]._med_check_keeper()
        for review in self:
            if review.state == "closed":
                raise UserError(self.env._("The review is closed."))
            lines = {line.user_id.id: line for line in review.line_ids}
            new = []
            with listing():
                for user in self.env["res.users"].sudo().search(
                        [("company_ids", "in", review.company_id.ids)]):
                    values = self.env["med.access.review.line"]._picture(user)
                    if user.id in lines:
                        lines[user.id].sudo().write(values)
                    else:
                        new.append({**values, "review_id": review.id, "user_id": user.id})
                self.env["med.access.review.line"].sudo().create(new)
