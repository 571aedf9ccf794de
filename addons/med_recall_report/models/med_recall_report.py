import hashlib

from odoo import api, fields, models
from odoo.addons.med_recall.models.med_recall import DECIDERS
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.addons.med_signature.tools.canonical import canonical
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from .med_recall_clock import OPEN

_lt = LazyTranslate(__name__)

VERSION = 1
STEPPED = {"name": "/", "number": 0, "generated_at": False, "figures": False, "annex": False,
           "digest": False, "submitted_at": False}
SIGNED = ("name", "recall_id", "kind_id", "number", "designation", "generated_at", "digest",
          "line_ids.key", "line_ids.text")


class MedRecallReport(models.Model):
    """A report of a recall to an authority (CFDA Order 29; 21 CFR 7, 806 and 821; MDR Art. 87).

    1. draft: what the recall knows is filled in and may be read anew; people write the rest
    2. approved: complete, signed
    3. submitted: the log says when, how and under which number; the clocks it meets are done
    4. superseded: a later report of the same kind was submitted
    """

    _name = "med.recall.report"
    _description = "Report of a Recall"
    _inherit = ["med.stepped.mixin", "med.signable.mixin", "mail.thread"]
    _order = "recall_id desc, kind_id, number desc, id desc"

    _med_machine = Machine(
        initial="draft",
        content=SIGNED,
        transitions=(
            Transition("approve", ("draft",), "approved", _lt("Approve the Report"),
                       (Signer("approved", groups=DECIDERS),), required=("digest",), least=1),
            Transition("revise", ("approved",), "draft", _lt("Change the Report"),
                       groups=DECIDERS, reason=True, restart=True),
            Transition("submit", ("approved",), "submitted", _lt("Submitted"), groups=DECIDERS,
                       required=("submission_ids",)),
            Transition("supersede", ("submitted",), "superseded", _lt("Supersede"),
                       groups=DECIDERS),
        ),
        locked=("approved", "submitted", "superseded"),
    )

    name = fields.Char("Reference", required=True, readonly=True, copy=False, default="/")
    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    drill = fields.Boolean(related="recall_id.drill")
    kind_id = fields.Many2one("med.recall.report.kind", "Report", required=True, index=True,
                              ondelete="restrict")
    jurisdiction_id = fields.Many2one(related="kind_id.jurisdiction_id", store=True)
    number = fields.Integer("Sequence Number", readonly=True, copy=False, aggregator=False, help=(
        "Of this kind; over all recalls of the company and year where the law counts so."))
    designation = fields.Selection(
        [("c", "C: Correction"), ("r", "R: Removal")], "C or R", help="21 CFR 806.10(c).")
    generated_at = fields.Datetime("Filled In", readonly=True, copy=False)
    figures = fields.Json(readonly=True, copy=False)
    annex = fields.Json("Consignees", readonly=True, copy=False)
    digest = fields.Char("SHA-256", readonly=True, copy=False,
                         help="Of the figures and the list of consignees, as they were.")
    line_ids = fields.One2many("med.recall.report.line", "report_id", "Items")
    submission_ids = fields.One2many("med.recall.submission", "report_id", "Submissions")
    submitted_at = fields.Datetime("Submitted On", readonly=True, copy=False)
    missing = fields.Char("Still Missing", compute="_compute_missing")
    consignee_count = fields.Integer("Consignees Listed", compute="_compute_consignee_count")
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("submitted", "Submitted"),
         ("superseded", "Superseded")], required=True, default="draft", readonly=True, copy=False,
        tracking=True, index=True)

    _name_uniq = models.Constraint("UNIQUE (name)", "There is a report of this reference.")

    @api.depends("name", "kind_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for report in self:
            name = f"{report.name}: {report.kind_id.name or ''}"
            report.display_name = self.env._("DRILL %s", name) if report.drill else name

    @api.depends("line_ids.text", "line_ids.required")
    @api.depends_context("lang")
    def _compute_missing(self):
        for report in self:
            report.missing = "; ".join(report.line_ids.filtered(
                lambda one: one.required and not (one.text or "").strip()).mapped("name"))

    @api.depends("annex")
    def _compute_consignee_count(self):
        for report in self:
            report.consignee_count = len({row["partner"] for row in report.annex or ()})

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        reports = super().create([{
            "designation": False, **vals, **STEPPED, "line_ids": [], "submission_ids": [],
            "name": self.env["ir.sequence"].next_by_code(self._name) or "/",
        } for vals in vals_list])
        for report in reports:
            report._med_check_open()
            report._med_store({"number": report._med_next_number()})
            report.action_fill()
        return reports

    def write(self, vals):
        names = tuple(sorted(STEPPED.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("What a report is filled with follows from its recall."))
        if vals.keys() & {"recall_id", "kind_id"}:
            raise AccessError(self.env._("A report stays with its recall: begin another."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Reports of recalls are not deleted."))

    def copy(self, default=None):
        raise UserError(self.env._("A report is not copied: begin another."))

    def _med_check_open(self):
        if self.recall_id.state == "terminated":
            raise UserError(self.env._("%s has ended.", self.recall_id.name))

    def _med_next_number(self):
        """Return the next number of this kind; that of 806.10 counts over all recalls of us."""
        domain = [("kind_id", "=", self.kind_id.id), ("id", "!=", self.id)]
        domain += [("company_id", "=", self.company_id.id)] if self.kind_id.code == "us_806_10" \
            else [("recall_id", "=", self.recall_id.id)]
        return max(self.sudo().search(domain).mapped("number"), default=0) + 1

    # ------------------------------------------------------------------ filling

    def action_fill(self):
        """Fill a draft anew with what the recall knows; what people wrote stays."""
        self.check_access("write")
        for report in self:
            if report.state != "draft":
                raise UserError(self.env._("“%s” is signed and is not changed any more.",
                                           report.display_name))
            report._med_fill()
        return True

    def _med_fill(self):
        recall = self.recall_id
        figures, annex = recall._med_figures(), []
        if self.kind_id.consignees:
            annex = recall._med_annex(self.jurisdiction_id)
        self._med_store({
            "generated_at": fields.Datetime.now(), "figures": figures, "annex": annex,
            "digest": hashlib.sha256(canonical(_plain(
                {"figures": figures, "annex": annex})).encode()).hexdigest()})
        values = recall._med_report_values(self)
        here = {one.key: one for one in self.line_ids}
        Line = self.env["med.recall.report.line"].sudo()
        fresh = []
        for item in self.kind_id.item_ids:
            line, text = here.get(item.key), values.get(item.value, "") if item.value else False
            if not line:
                fresh.append({"report_id": self.id, "item_id": item.id, "key": item.key,
                              "sequence": item.sequence, "source": item.source,
                              "computed": bool(item.value), "required": item.required,
                              "text": text})
            elif item.value and not line.changed:
                line._med_store({"text": text})
        if fresh:
            with permit(Line._name, (), "born"):
                Line.create(fresh)

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "approve" and self.missing:
            raise UserError(self.env._("Still to be filled in: %(fields)s.", fields=self.missing))
        if transition.name == "approve" and not self.line_ids:
            raise UserError(self.env._("%s: it has no items.", self.name))
        if transition.name == "supersede" and not self._med_later():
            raise UserError(self.env._("%s: no later report was submitted.", self.name))

    def _med_later(self):
        return self.sudo().search_count([
            ("recall_id", "=", self.recall_id.id), ("kind_id", "=", self.kind_id.id),
            ("state", "=", "submitted"), ("id", ">", self.id)], limit=1)

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name != "submit":
            return
        first = self.submission_ids.sorted("id")[:1]
        self._med_store({"submitted_at": first.at})
        for older in self.search([
                ("recall_id", "=", self.recall_id.id), ("kind_id", "=", self.kind_id.id),
                ("state", "=", "submitted"), ("id", "<", self.id)]):
            leave(older, "supersede", "")
        met = self.recall_id.clock_ids.filtered(
            lambda one: one.state in OPEN and one.start and one.start <= self.generated_at
            and one.rule_id.report_kind_id == self.kind_id)
        if met:
            met._med_end(first.at, f"{self.name} {first.reference or ''}".strip(),
                         first.create_uid)

    def submit(self, channel: str, reference: str = "", at: str = "", note: str = ""):
        """Write down that an approved report was submitted.

        :param channel: ``portal``, ``email``, ``mail``, ``telephone``, ``other``; in a drill
            ``simulated``
        :param reference: number that the authority gave
        :param at: ISO 8601; empty: now
        :return: ``{"version", "submission" (id), "state"}``
        """
        self.ensure_one()
        self.recall_id._med_check_decider()
        self.check_access("write")
        row = self.env["med.recall.submission"].create({
            "report_id": self.id, "channel": channel, "reference": reference, "note": note,
            "at": self.recall_id.clock_ids.browse()._med_time_in(self.jurisdiction_id, at)})
        if self.state == "approved":
            self.med_transition("submit")
        return {"version": VERSION, "submission": row.id, "state": self.state}


def _plain(value):
    """Return data in which each float is text, as canonical text wants it."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return f"{value:.6f}" if isinstance(value, float) else value
