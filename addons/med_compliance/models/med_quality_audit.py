from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

from .med_compliance_mixin import KEEPERS

_lt = LazyTranslate(__name__)
SAID = ("name", "kind", "scope", "criteria", "process_ids", "auditor_id", "team_ids",
        "external_auditor", "date_from", "date_to", "conclusion")
ANSWERS = tuple(f"answer_ids.{name}" for name in ("clause", "question", "answer", "evidence"))
FINDINGS = tuple(f"finding_ids.{name}" for name in ("name", "grade", "clause", "what", "evidence"))
# Written by whoever audits while the audit is under way.
AUDITED = {"answer_ids", "finding_ids", "conclusion", "date_to"}


class MedQualityAudit(models.Model):
    """An audit (ISO 13485, 8.2.4): internal, of a supplier, or one that others make of us.

    1. planned: what, by whom, when; the auditors answer for none of the audited processes
    2. under way: the questions of the checklists are copied, so that later changes of them do
       not reach it, and answered with evidence; what is not conform is a finding
    3. reported: signed by the lead auditor; answers and findings stay
    4. closed: every finding has a CAPA or a signed reason why none
    """

    _name = "med.quality.audit"
    _description = "Quality Audit"
    _inherit = ["med.findings.mixin", "med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _rec_names_search = ("name", "scope")
    _check_company_auto = True

    _med_sequenced = True
    _med_of_finding = "audit_id"
    _med_machine = Machine(
        initial="planned",
        content=(*SAID, *ANSWERS, *FINDINGS),
        transitions=(
            Transition("start", ("planned",), "under_way", _lt("Start"),
                       groups=("med_base.med_base_group_viewer",),
                       required=("scope", "auditor_id", "date_from")),
            Transition("report", ("under_way",), "reported", _lt("Sign the Report"),
                       (Signer("performed", only="auditor_id"),), required=("conclusion",),
                       least=1),
            Transition("close", ("reported",), "closed", _lt("Close"),
                       (Signer("reviewed", groups=KEEPERS, differs=("@auditor_id",),
                               fixed=("@auditor_id",)),), least=1),
            Transition("cancel", ("planned", "under_way"), "cancelled", _lt("Cancel"),
                       groups=KEEPERS, reason=True),
        ),
        locked=("reported", "closed", "cancelled"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        [("internal", "Internal"), ("supplier", "Of a Supplier"), ("notified_body",
         "By a Notified Body"), ("authority", "By an Authority"), ("customer", "By a Customer")],
        required=True, default="internal", index=True, tracking=True)
    programme_id = fields.Many2one(
        "med.quality.audit.programme", "Programme", index="btree_not_null", check_company=True,
        ondelete="restrict")
    process_ids = fields.Many2many("med.quality.process", string="Processes", check_company=True,
                                   ondelete="restrict")
    scope = fields.Char(tracking=True)
    criteria = fields.Char(help="Against what: clauses, procedures, contracts.")
    checklist_ids = fields.Many2many(
        "med.quality.checklist", string="Checklists", check_company=True)
    auditor_id = fields.Many2one(
        "res.users", "Lead Auditor", index=True, tracking=True,
        help="Of an audit by others: who accompanies it and signs for the record.")
    team_ids = fields.Many2many("res.users", string="Further Auditors")
    external_auditor = fields.Char("Auditors From Outside")
    partner_id = fields.Many2one("res.partner", "Supplier or Body", index="btree_not_null")
    date_from = fields.Date("From", index=True, tracking=True)
    date_to = fields.Date("Until")
    answer_ids = fields.One2many("med.quality.audit.answer", "audit_id", "Answers")
    finding_ids = fields.One2many("med.quality.finding", "audit_id", "Findings")
    conclusion = fields.Text(help="How well what was audited fulfils what is asked.")
    open_count = fields.Integer("Unanswered", compute="_compute_open_count")
    state = fields.Selection(
        [("planned", "Planned"), ("under_way", "Under Way"), ("reported", "Reported"),
         ("closed", "Closed"), ("cancelled", "Cancelled")], required=True, default="planned",
        readonly=True, copy=False, index=True, tracking=True, group_expand=True)

    @api.depends("name", "scope")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.name}: {record.scope}" if record.scope else record.name

    @api.depends("answer_ids.answer")
    def _compute_open_count(self):
        for record in self:
            record.open_count = len(record.answer_ids.filtered(lambda one: not one.answer))

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create([{
            "company_id": self.env.company.id, "process_ids": [], "team_ids": [],
            "answer_ids": [], "finding_ids": [], **vals} for vals in vals_list])
        records._check_independent()
        return records

    def write(self, vals):
        if vals.keys() & AUDITED:
            self._med_check_auditor()
        if vals.keys() - AUDITED:
            self._med_check_keeper()
        result = super().write(vals)
        if vals.keys() & {"auditor_id", "team_ids", "process_ids", "kind"}:
            self._check_independent()
        return result

    def _med_check_auditor(self):
        """Refuse everybody but the auditors and quality assurance."""
        if self._med_is_keeper():
            return
        if strange := self.filtered(
                lambda one: self.env.user not in one.sudo()._med_auditors()):
            raise AccessError(self.env._(
                "%s is for its auditors and quality assurance.", strange[0].name))

    def _med_auditors(self):
        return self.auditor_id | self.team_ids

    def _check_independent(self):
        """Refuse auditors who answer for what they audit (ISO 13485, 8.2.4)."""
        for record in self.sudo().filtered(lambda one: one.kind == "internal"):
            for process in record.process_ids:
                if process.owner_id in record._med_auditors():
                    raise UserError(self.env._(
                        "%(person)s answers for “%(process)s” and does not audit it.",
                        person=process.owner_id.name, process=process.name))

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name in ("start", "report"):
            self._check_independent()
        if transition.name == "start":
            self.sudo(False)._med_check_auditor()
        elif transition.name == "report":
            self._check_reportable()

    def _check_reportable(self):
        if lacking := self.answer_ids.filtered(lambda one: not one.answer or (
                one.answer != "not_applicable" and not (one.evidence or "").strip())):
            raise UserError(self.env._(
                "%(name)s: without answer or evidence: %(question)s.", name=self.name,
                question=lacking[0].question))
        if lacking := self.answer_ids.filtered(
                lambda one: one.answer == "nonconform" and not one.finding_ids):
            raise UserError(self.env._(
                "%(name)s: not conform and no finding: %(question)s.", name=self.name,
                question=lacking[0].question))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "start":
            self._med_take_questions()
        elif transition.name == "report":
            self.finding_ids._med_ask()
        elif transition.name in ("close", "cancel"):
            self.activity_ids.unlink()

    def _med_take_questions(self):
        """Copy the questions as they are now."""
        questions = self.checklist_ids.question_ids
        self.answer_ids = [Command.create({
            "sequence": number, "question": one.name, "hint": one.hint or False,
            "clause": one.clause_id.display_name or False, "answer": False, "evidence": False})
            for number, one in enumerate(questions, 1)]

    def _med_risk_class(self):
        return "high" if "major" in self.sudo().finding_ids.mapped("grade") else ""
