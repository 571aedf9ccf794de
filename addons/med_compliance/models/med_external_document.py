from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.addons.med_signature.tools.machine import Machine, Transition
from odoo.exceptions import UserError
from odoo.tools import clean_context
from odoo.tools.translate import LazyTranslate

from .med_compliance_mixin import KEEPERS

_lt = LazyTranslate(__name__)
LEAD = 30


class MedExternalDocument(models.Model):
    """A law, standard or guidance from outside, and when it is looked at again.

    Somebody finds out in time what changes outside, and what it means here is written down
    (ISO 13485, 4.2.4 f; 医疗器械生产质量管理规范 Art. 44).
    """

    _name = "med.external.document"
    _description = "External Document"
    _inherit = ["med.compliance.mixin", "med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "jurisdiction_id, kind, number, id"
    _rec_names_search = ("number", "title")
    _check_company_auto = True

    _med_machine = Machine(
        initial="watched",
        content=("number",),
        transitions=(
            Transition("enforce", ("watched",), "in_force", _lt("In Force"), groups=KEEPERS,
                       required=("in_force_from",)),
            Transition("supersede", ("in_force",), "superseded", _lt("Superseded"),
                       groups=KEEPERS, required=("superseded_by_id",)),
            Transition("withdraw", ("watched", "in_force"), "withdrawn", _lt("Withdrawn"),
                       groups=KEEPERS, reason=True),
        ),
    )

    kind = fields.Selection(
        [("law", "Law"), ("regulation", "Regulation"), ("standard", "Standard"),
         ("guidance", "Guidance")], required=True, default="standard", index=True, tracking=True)
    number = fields.Char(required=True, tracking=True, index=True)
    title = fields.Char(required=True, translate=True, tracking=True)
    issuer = fields.Char(translate=True)
    jurisdiction_id = fields.Many2one(
        "med.jurisdiction", "Jurisdiction", index=True, help="Empty: everywhere.")
    edition = fields.Char(tracking=True)
    date_issued = fields.Date("Issued")
    in_force_from = fields.Date("In Force From", tracking=True, help=(
        "A watched document comes into force by itself on this day."))
    superseded_by_id = fields.Many2one(
        "med.external.document", "Superseded By", index="btree_not_null", tracking=True,
        check_company=True, ondelete="restrict")
    supersedes_ids = fields.One2many(
        "med.external.document", "superseded_by_id", "Supersedes", readonly=True)
    url = fields.Char("Source Link")
    place = fields.Char("Where It Is Kept", help="File, shelf or system; or attach it below.")
    owner_id = fields.Many2one("res.users", "Owner", index=True, tracking=True,
                               help="Who finds out in time what changes.")
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    review_months = fields.Integer("Review Every (Months)", default=12, required=True)
    watched_from = fields.Date("Watched From", default=fields.Date.context_today, required=True)
    next_review = fields.Date(
        "Next Review", compute="_compute_next_review", store=True, index=True)
    clause_ids = fields.One2many("med.external.clause", "document_id", "Clauses")
    review_ids = fields.One2many("med.external.review", "document_id", "Reviews")
    open_review_count = fields.Integer("Open Reviews", compute="_compute_open_review_count")
    state = fields.Selection(
        [("watched", "Watched"), ("in_force", "In Force"), ("superseded", "Superseded"),
         ("withdrawn", "Withdrawn")], required=True, default="watched", readonly=True,
        copy=False, index=True, tracking=True)

    _months = models.Constraint("CHECK (review_months > 0)", "Review it every month at most.")
    _uniq = models.UniqueIndex(
        "(number, COALESCE(edition, ''), COALESCE(company_id, 0))",
        "This edition is in the register already.")

    @api.depends("number", "edition", "title")
    def _compute_display_name(self):
        for record in self:
            edition = f" ({record.edition})" if record.edition else ""
            record.display_name = f"{record.number or ''}{edition} {record.title or ''}"

    @api.depends("review_ids.state", "review_ids.done_on", "review_months", "watched_from",
                 "in_force_from", "state")
    def _compute_next_review(self):
        for record in self:
            if record.state in ("superseded", "withdrawn"):
                record.next_review = False
                continue
            done = record.review_ids.filtered(lambda one: one.state == "done").mapped("done_on")
            last = max([*filter(None, done), record.watched_from or fields.Date.today()])
            due = last + relativedelta(months=record.review_months or 12)
            start = record.in_force_from
            record.next_review = min(due, start) if start and last < start else due

    @api.depends("review_ids.state")
    def _compute_open_review_count(self):
        for record in self:
            record.open_review_count = len(record.review_ids.filtered(
                lambda one: one.state == "open"))

    def write(self, vals):
        if "next_review" in vals:
            raise UserError(self.env._("The next review follows from the last one."))
        return super().write(vals)

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "enforce" and self.in_force_from > fields.Date.today():
            raise UserError(self.env._("%(name)s is in force from %(date)s, not before.",
                                       name=self.number, date=self.in_force_from))
        if transition.name == "supersede" and self.superseded_by_id == self:
            raise UserError(self.env._("%s does not supersede itself.", self.number))

    # ------------------------------------------------------------------ by the day

    @api.model
    def _med_daily(self):
        """Let documents come into force, and ask for the reviews that are due soon."""
        Document = self.with_context(clean_context(self.env.context)).sudo()
        Document._med_come_into_force()
        due = Document.search([
            ("state", "in", ("watched", "in_force")),
            ("next_review", "<=", fields.Date.today() + timedelta(days=LEAD)),
            ("review_ids", "not any", [("state", "=", "open")])])
        for record in due:
            record._med_begin_review("periodic", record.next_review)

    @api.model
    def _med_come_into_force(self):
        """Take the step of watched documents whose day has come."""
        for record in self.sudo().search([
                ("state", "=", "watched"), ("in_force_from", "<=", fields.Date.today())]):
            leave(record, "enforce", "")

    def _med_begin_review(self, kind, due, changes=""):
        """Return a new review of this document, of which its owner is told."""
        review = self.env["med.external.review"].sudo().create({
            "document_id": self.id, "kind": kind, "date_due": due, "changes": changes,
            "owner_id": self.owner_id.id, "found_on": fields.Date.today()})
        if self.owner_id:
            review.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.owner_id.id, date_deadline=due,
                summary=self.env._("Review %s", self.display_name))
        return review

    def report_change(self, changes: str, days: int = 30):
        """Write down that this document has changed or will change; a review begins.

        :param changes: what changes, in one sentence or more
        :param days: until when the impact is to be judged
        :return: ``{"version", "review" (id)}``
        """
        self.ensure_one()
        self.check_access("read")
        self._med_check_keeper()
        if not isinstance(changes, str) or not changes.strip():
            raise UserError(self.env._("“%(field)s” must say so in one sentence.",
                                       field="changes"))
        if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= 3660:
            raise UserError(self.env._("“%(field)s” must be a number of days.", field="days"))
        review = self.with_context(clean_context(self.env.context))._med_begin_review(
            "change", fields.Date.today() + timedelta(days=days), changes.strip())
        return {"version": 1, "review": review.id}

    def answer(self, reason: str):
        """Report a change, as the dialog does that asks for one text.

        :param reason: what changes
        :return: as :meth:`report_change`
        """
        return self.report_change(reason)

    def action_report_change(self):
        """Ask what changes, and begin a review."""
        title = self.env._("What Changes")
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "title": title,
                           "method": "answer", "arguments": {}}}

    def action_reviews(self):
        """Open the reviews of this document."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.external.review",
                "view_mode": "list,form", "name": self.env._("Reviews"),
                "domain": [("document_id", "=", self.id)]}
