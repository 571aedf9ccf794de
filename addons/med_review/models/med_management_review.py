from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ..tools.figures import before

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
# Written by the steps alone; the value that a new review has.
STEPPED = {"name": "/", "computed_at": False, "figures_digest": False}
PERIOD = ("name", "company_id", "date_from", "date_to")
PRESENTED = (*PERIOD, "computed_at", "figures_digest", "figure_ids.code", "figure_ids.name",
             "figure_ids.formula", "figure_ids.value", "figure_ids.numerator",
             "figure_ids.denominator", "figure_ids.previous", "figure_ids.detail")
CONCLUDED = (*PRESENTED, "date", "chair_id", "participant_ids", "guests", "minute_ids.topic_id",
             "minute_ids.text", "action_ids.kind", "action_ids.what", "action_ids.owner_id",
             "action_ids.date_due", "conclusion")
FROZEN = {path.partition(".")[0] for path in PRESENTED}


class MedManagementReview(models.Model):
    """Top management looks at the quality management system (ISO 13485, 5.6).

    1. draft: the period is chosen and its figures are computed, as often as one likes
    2. presented: the figures are frozen and signed; minutes and decisions are written
    3. signed: by quality assurance and by top management; the actions are done
    4. closed: every action is done, dropped, or taken over by a later review
    """

    _name = "med.management.review"
    _description = "Management Review"
    _inherit = ["med.stepped.mixin", "med.ending.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"

    _med_machine = Machine(
        initial="draft",
        content=CONCLUDED,
        transitions=(
            Transition("present", ("draft",), "presented", _lt("Freeze and Present"),
                       (Signer("authored", groups=(QUALITY,)),), content=PRESENTED,
                       required=("figures_digest", "figure_ids.code"), least=1),
            Transition("revise", ("presented",), "draft", _lt("Compute Anew"),
                       groups=(QUALITY,), reason=True, restart=True),
            Transition("conclude", ("presented",), "signed", _lt("Sign the Review"),
                       (Signer("reviewed", groups=(QUALITY,), differs=("@chair_id",),
                               fixed=("@chair_id",)),
                        Signer("approved", only="chair_id")),
                       required=("date", "chair_id", "participant_ids", "minute_ids.text",
                                 "conclusion"), least=2),
            Transition("close", ("signed",), "closed", _lt("Close"),
                       (Signer("verified", groups=(QUALITY,)),),
                       content=(*CONCLUDED, "action_ids.state", "action_ids.evidence",
                                "action_ids.note"), least=1),
            Transition("cancel", ("draft",), "cancelled", _lt("Cancel"), groups=(QUALITY,),
                       reason=True),
        ),
        locked=("signed", "closed", "cancelled"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    date_from = fields.Date("Period From", required=True, tracking=True)
    date_to = fields.Date("Period To", required=True, tracking=True)
    previous_from = fields.Date("Compared With, From", compute="_compute_previous")
    previous_to = fields.Date("Compared With, To", compute="_compute_previous")
    date = fields.Date("Held On", copy=False, tracking=True)
    chair_id = fields.Many2one(
        "res.users", "Top Management", tracking=True, help=(
            "Who reviews for top management, and signs beside quality assurance."))
    participant_ids = fields.Many2many("res.users", string="Participants")
    guests = fields.Char("Others Present", help="Who has no account.")
    computed_at = fields.Datetime("Figures Computed", readonly=True, copy=False)
    figures_digest = fields.Char("SHA-256 of the Figures", readonly=True, copy=False)
    figure_ids = fields.One2many("med.management.review.figure", "review_id", "Figures",
                                 readonly=True)
    minute_ids = fields.One2many("med.management.review.minute", "review_id", "Minutes")
    action_ids = fields.One2many("med.management.review.action", "review_id", "Actions")
    earlier_action_ids = fields.Many2many(
        "med.management.review.action", string="Open Actions of Earlier Reviews",
        compute="_compute_earlier_action_ids")
    conclusion = fields.Text(copy=False, help=(
        "Whether the quality management system is suitable, adequate and effective."))
    state = fields.Selection(
        [("draft", "Draft"), ("presented", "Presented"), ("signed", "Signed"),
         ("closed", "Closed"), ("cancelled", "Cancelled")], required=True, default="draft",
        readonly=True, copy=False, tracking=True, index=True)
    open_count = fields.Integer("Open Actions", compute="_compute_open_count")

    _name_uniq = models.Constraint("UNIQUE (name)", "There is a review of this number.")

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for review in self:
            if review.date_to < review.date_from:
                raise ValidationError(self.env._("The period ends after it begins."))

    @api.depends("date_from", "date_to")
    def _compute_previous(self):
        for review in self:
            review.previous_from, review.previous_to = before(
                review.date_from, review.date_to) if review.date_from and review.date_to else (
                False, False)

    @api.depends("company_id")
    def _compute_earlier_action_ids(self):
        for review in self:
            review.earlier_action_ids = self.env["med.management.review.action"].search([
                ("company_id", "=", review.company_id.id), ("state", "=", "open"),
                ("review_id.state", "=", "signed"), ("review_id", "!=", review._origin.id)])

    @api.depends("action_ids.state")
    def _compute_open_count(self):
        for review in self:
            review.open_count = len(review.action_ids.filtered(lambda one: one.state == "open"))

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        topics = self.env["med.management.review.topic"].sudo().search([])
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{
            "company_id": self.env.company.id, "chair_id": False, "participant_ids": [],
            "action_ids": [], **vals, **STEPPED, "figure_ids": [], "conclusion": False,
            "minute_ids": [(0, 0, {"topic_id": topic.id, "text": False}) for topic in topics],
            "name": self.env["ir.sequence"].next_by_code(self._name) or "/",
        } for vals in vals_list])

    def write(self, vals):
        names = tuple(sorted(STEPPED.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("Number and figures of a review follow from its steps."))
        if "company_id" in vals and any(one.company_id.id != vals["company_id"] for one in self):
            raise AccessError(self.env._("A review stays in its company."))
        result = super().write(vals)
        if {"date_from", "date_to"} & vals.keys():
            self._med_forget()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Management reviews are not deleted: cancel them."))

    def copy(self, default=None):
        raise UserError(self.env._("A review is not copied: begin a new one."))

    def _med_is_locked(self, name):
        """Freeze the figures when they are presented, and the rest at the first signature."""
        if super()._med_is_locked(name) or (name in FROZEN and self.state != "draft"):
            return True
        return bool(self._med_given().filtered(lambda row: row.transition == "conclude"))
