import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import keys
from ..tools.chain import KINDS
from ..tools.run import PHASES, Run
from .med_audit_entry_proof import raw

SLICE = 5  # seconds of one transaction, which must not keep old row versions alive for long


class MedAuditVerification(models.Model):
    """One verification of the whole audit trail, worked through in the background."""

    _name = "med.audit.verification"
    _description = "Verification of the Audit Trail"
    _order = "id desc"
    _rec_name = "create_date"

    state = fields.Selection(
        [("running", "Running"), ("intact", "Intact"), ("broken", "Not Intact")],
        default="running", required=True, readonly=True,
    )
    phase = fields.Selection(
        [("chain", "Entries and checkpoints"), ("outside", "Checkpoints kept outside"),
         ("guards", "Triggers"), ("rows", "Records against entries"), ("done", "Done")],
        default="chain", required=True, readonly=True,
    )
    verified = fields.Integer("Entries Verified", readonly=True)
    total = fields.Integer("Entries Sealed", readonly=True)
    progress = fields.Float(compute="_compute_progress", help="Percent of what is sealed.")
    findings = fields.Json(readonly=True)
    verdict = fields.Text(compute="_compute_verdict")
    checkpoint = fields.Text("Verified Up To", readonly=True)
    finished = fields.Datetime(readonly=True)
    position = fields.Json(readonly=True, groups=fields.NO_ACCESS)

    @api.depends("verified", "total", "state", "phase")
    def _compute_progress(self):
        weight = 90 / (len(PHASES) - 1)
        for run in self:
            if run.state != "running":
                run.progress = 100
            else:
                share = run.verified / run.total if run.total else 0
                run.progress = 90 * share if run.phase == "chain" else (
                    90 + 10 * PHASES.index(run.phase) * weight / 90)

    @api.depends("state", "findings", "verified")
    def _compute_verdict(self):
        _ = self.env._
        names = self._kind_names()
        for run in self:
            lines = [f"{one['kind']} ({names[one['kind']]}): {one['text']}"
                     for one in run.findings or []]
            if run.state == "intact":
                lines = [_("Every entry that was sealed is there, as it was sealed.")]
            elif run.state == "broken":
                lines.insert(0, _("The audit trail is not as it was sealed. The first line is "
                                  "the first bad place."))
            run.verdict = "\n".join(lines)

    def _kind_names(self):
        """Return what each kind of finding means, in the user's language."""
        _ = self.env._
        return {
            **KINDS,
            "LOG-1": _("an entry was edited"),
            "LOG-2": _("an entry was edited and its hash recomputed"),
            "LOG-3": _("history was rewritten, or a checkpoint is false"),
            "LOG-4": _("an entry was deleted"),
            "LOG-5": _("the newest entries were deleted"),
            "LOG-6": _("an entry was inserted or back-dated"),
            "LOG-7": _("entries were swapped"),
            "LOG-8": _("a record was changed without an entry"),
            "LOG-9": _("the entries are those of another log"),
            "LOG-10": _("capture or a guard of the store is switched off"),
            "LOG-11": _("an entry is not in the canonical encoding"),
            "LOG-12": _("an entry has a version that is not known"),
        }

    # ------------------------------------------------------------------ working

    def action_begin(self):
        """Begin a verification and show it; the one that runs where there is one."""
        if not (self.env.user.has_group("med_base.med_base_group_qa")
                or self.env.user.has_group("med_base.med_base_group_auditor")
                or self.env.user.has_group("med_base.med_base_group_regulatory")
                or self.env.user.has_group("med_base.med_base_group_system_admin")):
            raise AccessError(self.env._("Your role does not verify the audit trail."))
        run = self.search([("state", "=", "running")], limit=1) or self.sudo().create({})
        self.env.ref("med_audit.ir_cron_verify").sudo()._trigger()
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": run.id,
            "view_mode": "form", "target": "current",
        }

    def _work(self, seconds):
        """Go on with a run for about so many seconds, in this transaction."""
        self.ensure_one()
        if self.state != "running" or not self.try_lock_for_update():
            return
        log = self.env["med.audit.checkpoint"]._log_id()
        run = Run(raw(self.env.cr), keys.public_keys(log),
                  keys.kept(log, self.env.cr.dbname), state=self.sudo().position or None)
        run.work(seconds)
        state = run.state
        self.write({
            "position": state, "phase": state["phase"], "verified": state["verified"],
            "total": state["total"], "findings": state["findings"],
            "checkpoint": state["checkpoint"],
            "state": "running" if not run.done else "intact" if run.intact else "broken",
            "finished": fields.Datetime.now() if run.done else False,
        })
        if run.done:
            self._tell()

    def _tell(self):
        self.env["med.audit.entry"]._record_event("verification", self, {
            "state": self.state, "verified": self.verified,
            "findings": json.dumps(self.findings, ensure_ascii=False)})
        if self.state == "broken":
            self.env["med.audit.entry"]._alarm(
                self.env._("The audit trail is not intact"), self.verdict)

    @api.model
    def _cron_work(self):
        """Go on with runs that have begun, a slice in each transaction."""
        while run := self.search([("state", "=", "running")], order="id", limit=1):
            before = run.sudo().position
            run._work(SLICE)
            if run.sudo().position == before or not self.env["ir.cron"]._commit_progress(
                    1, remaining=int(run.state == "running")):
                break

    @api.model
    def _cron_begin(self):
        """Begin the periodic verification."""
        if not self.search_count([("state", "=", "running")]):
            self.create({})
            self.env.ref("med_audit.ir_cron_verify")._trigger()

    def _answer(self):
        """Return the run as plain JSON values."""
        return {
            "version": 1, "run": self.id, "state": self.state, "phase": self.phase,
            "verified": self.verified, "total": self.total, "findings": self.findings or [],
            "checkpoint": self.checkpoint or "",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Verifications are records and stay."))
