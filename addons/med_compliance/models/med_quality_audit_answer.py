from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class MedQualityAuditAnswer(models.Model):
    """A question as it was when the audit began, with what was found."""

    _name = "med.quality.audit.answer"
    _description = "Answer of an Audit"
    _order = "audit_id desc, sequence, id"
    _rec_name = "question"

    audit_id = fields.Many2one(
        "med.quality.audit", "Audit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="audit_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    clause = fields.Char()
    question = fields.Char(required=True)
    hint = fields.Char("What to Look At")
    answer = fields.Selection(
        [("conform", "Conform"), ("nonconform", "Not Conform"), ("observation", "Observation"),
         ("not_applicable", "Not Applicable")])
    evidence = fields.Text(help="What was seen: record, place, person.")
    finding_ids = fields.One2many("med.quality.finding", "answer_id", "Findings", readonly=True)
    audit_state = fields.Selection(related="audit_id.state", string="State of the Audit")

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers._check_open()
        return answers

    def write(self, vals):
        self._check_open()
        if not self.env.su and vals.keys() & {"audit_id", "question", "clause"}:
            raise AccessError(self.env._("The question stays as it was when the audit began."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A question is not deleted: say that it is not applicable."))

    def _check_open(self):
        self.audit_id._med_check_auditor()
        if closed := self.audit_id.filtered(lambda one: one.state != "under_way"):
            raise UserError(self.env._("%s is not under way.", closed[0].name))

    def action_finding(self):
        """Open a new finding about this question."""
        self.ensure_one()
        self._check_open()
        return {"type": "ir.actions.act_window", "res_model": "med.quality.finding",
                "views": [(False, "form")], "target": "new", "name": self.env._("Finding"),
                "context": {
                    "default_audit_id": self.audit_id.id, "default_answer_id": self.id,
                    "default_clause": self.clause or False,
                    "default_process_id": self.audit_id.process_ids[:1].id,
                    "default_grade": "observation" if self.answer == "observation" else "minor",
                    "default_evidence": self.evidence or False}}
