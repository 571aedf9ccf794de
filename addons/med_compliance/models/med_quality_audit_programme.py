from datetime import date

from odoo import api, fields, models
from odoo.addons.med_signature.models.med_signature_rule import RISKS
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

from .med_compliance_mixin import KEEPERS

_lt = LazyTranslate(__name__)
LINES = tuple(f"line_ids.{name}" for name in ("process_id", "risk", "times", "month"))


class MedQualityAuditProgramme(models.Model):
    """Which processes are audited in a year, and how often by their risk (ISO 13485, 8.2.4)."""

    _name = "med.quality.audit.programme"
    _description = "Audit Programme"
    _inherit = ["med.compliance.mixin", "med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "year desc, id desc"
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=("name", "year", "scope", "basis", *LINES),
        transitions=(
            Transition("approve", ("draft",), "approved", _lt("Approve"),
                       (Signer("approved", groups=KEEPERS, differs=("@owner_id",)),),
                       required=("scope", "basis", "owner_id", "line_ids.process_id"), least=1),
            Transition("revise", ("approved",), "draft", _lt("Change It"), groups=KEEPERS,
                       reason=True, restart=True),
        ),
        locked=("approved",),
    )

    name = fields.Char(required=True, tracking=True)
    year = fields.Integer(required=True, default=lambda self: fields.Date.today().year,
                          aggregator=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    owner_id = fields.Many2one("res.users", "Owner", index=True, tracking=True,
                               default=lambda self: self.env.user)
    scope = fields.Text(tracking=True)
    basis = fields.Text("Why So Often", help="Risk, importance and results of earlier audits.")
    line_ids = fields.One2many("med.quality.audit.programme.line", "programme_id", "Processes")
    audit_ids = fields.One2many("med.quality.audit", "programme_id", "Audits", readonly=True)
    audit_count = fields.Integer("Number of Audits", compute="_compute_counts")
    done_count = fields.Integer("Audits Reported", compute="_compute_counts")
    left_out_ids = fields.Many2many(
        "med.quality.process", string="Not in the Programme", compute="_compute_left_out")
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved")], required=True, default="draft",
        readonly=True, copy=False, index=True, tracking=True)

    @api.depends("audit_ids.state")
    def _compute_counts(self):
        for record in self:
            record.audit_count = len(record.audit_ids)
            record.done_count = len(record.audit_ids.filtered(
                lambda one: one.state in ("reported", "closed")))

    @api.depends("line_ids.process_id")
    def _compute_left_out(self):
        processes = self.env["med.quality.process"].search([])
        for record in self:
            record.left_out_ids = processes.filtered(
                lambda one, record=record: not one.company_id
                or one.company_id == record.company_id) - record.line_ids.process_id

    def plan_audits(self):
        """Plan the audits of an approved programme that are not there yet.

        :return: ``{"version", "planned": number of audits}``
        :raise UserError: a programme is not approved
        """
        self.check_access("read")
        self._med_check_keeper()
        planned = 0
        for record in self:
            if record.state != "approved":
                raise UserError(self.env._("%s is not approved.", record.name))
            planned += record._med_plan()
        return {"version": 1, "planned": planned}

    def _med_plan(self):
        rows = []
        for line in self.line_ids:
            there = len(self.audit_ids.filtered(
                lambda one, line=line: one.state != "cancelled"
                and one.process_ids == line.process_id))
            step = 12 // line.times
            rows += [{
                "programme_id": self.id, "company_id": self.company_id.id, "kind": "internal",
                "scope": line.process_id.name, "auditor_id": line.auditor_id.id,
                "process_ids": [Command.set(line.process_id.ids)],
                "checklist_ids": [Command.set(line.checklist_ids.ids)],
                "date_from": date(self.year, min(12, line.month + step * turn), 1)}
                for turn in range(there, line.times)]
        return len(self.env["med.quality.audit"].create(rows))

    def action_plan_audits(self):
        """Plan them, and show them."""
        self.plan_audits()
        return self.action_audits()

    def action_audits(self):
        """Open the audits of this programme."""
        return {"type": "ir.actions.act_window", "res_model": "med.quality.audit",
                "view_mode": "list,form", "name": self.env._("Audits"),
                "domain": [("programme_id", "in", self.ids)]}


class MedQualityAuditProgrammeLine(models.Model):
    """A process in the programme of a year."""

    _name = "med.quality.audit.programme.line"
    _description = "Process in an Audit Programme"
    _inherit = ["med.signed.line.mixin"]
    _order = "programme_id desc, month, id"
    _rec_name = "process_id"
    _check_company_auto = True

    _med_parent = "programme_id"

    programme_id = fields.Many2one(
        "med.quality.audit.programme", "Programme", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="programme_id.company_id", store=True, index=True)
    process_id = fields.Many2one("med.quality.process", "Process", required=True, index=True,
                                 check_company=True, ondelete="restrict")
    risk = fields.Selection(RISKS, required=True, default="medium")
    times = fields.Integer("Times a Year", required=True, default=1)
    month = fields.Integer("First Month", required=True, default=1)
    auditor_id = fields.Many2one("res.users", "Lead Auditor")
    checklist_ids = fields.Many2many("med.quality.checklist", string="Checklists",
                                     check_company=True)

    _range = models.Constraint("CHECK (times BETWEEN 1 AND 12 AND month BETWEEN 1 AND 12)",
                               "From once to twelve times a year, from month 1 to 12 on.")
