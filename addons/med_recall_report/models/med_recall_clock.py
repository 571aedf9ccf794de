from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .med_recall_clock_rule import DUE

VERSION = 1
OPEN = ("waiting", "running")
HALF, DAY, LATE = 1, 2, 3


class MedRecallClock(models.Model):
    """One statutory clock of a recall: from its event to what was due."""

    _name = "med.recall.clock"
    _description = "Clock of a Recall"
    _inherit = ["med.stepped.mixin", "med.recall.row.mixin"]
    _order = "recall_id desc, due_at, id"

    name = fields.Char("What Is Due", related="rule_id.name")
    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    rule_id = fields.Many2one("med.recall.clock.rule", required=True, index=True,
                              ondelete="restrict")
    jurisdiction_id = fields.Many2one("med.jurisdiction", required=True, ondelete="restrict")
    due = fields.Selection(DUE, "Kind", required=True)
    scope_id = fields.Many2one("med.recall.scope", "Version", ondelete="restrict",
                               index="btree_not_null")
    turn = fields.Integer(aggregator=False, help="How often it was met before.")
    start = fields.Datetime("Since")
    due_at = fields.Datetime("Due", index=True)
    local = fields.Char("Due There", help="In the time zone of the authority.")
    limit = fields.Char("Time Limit")
    source = fields.Char()
    problem = fields.Char(help="Why it is not known when it is due.")
    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Running"), ("done", "Done"),
         ("unneeded", "Not Needed")], required=True, default="waiting", index=True)
    alarm = fields.Integer(aggregator=False, help="1: half is over; 2: the last day; 3: late.")
    done_at = fields.Datetime("Done On")
    done_by_id = fields.Many2one("res.users", "Done By")
    evidence = fields.Text(help="What shows it; or why it is not needed.")
    status = fields.Selection(
        [("waiting", "Waiting"), ("running", "Running"), ("late", "Late"), ("done", "Done"),
         ("done_late", "Done Late"), ("unneeded", "Not Needed")], compute="_compute_status")
    remaining = fields.Char(compute="_compute_status")

    _turn_uniq = models.UniqueIndex(
        "(recall_id, rule_id, COALESCE(scope_id, 0), turn)", "The recall has this clock.")

    @api.depends("state", "due_at", "done_at")
    @api.depends_context("lang")
    def _compute_status(self):
        now = fields.Datetime.now()
        for clock in self:
            late = clock.due_at and (clock.done_at or now) > clock.due_at
            clock.status = {"running": "late" if late else "running",
                            "done": "done_late" if late else "done"}.get(clock.state, clock.state)
            left = clock.due_at - now if clock.state == "running" and clock.due_at else False
            clock.remaining = left is not False and self._med_words(left)

    def _med_words(self, left):
        hours = int(abs(left) / timedelta(hours=1))
        text = self.env._("%(days)s d %(hours)s h", days=hours // 24, hours=hours % 24)
        return self.env._("%s late", text) if left < timedelta(0) else text

    # ------------------------------------------------------------------ what becomes of it

    def finish(self, evidence: str, at: str = ""):
        """Say that what was due is done.

        :param evidence: what shows it: number, document, address of the publication
        :param at: ISO 8601, when it was done; empty: now
        :return: ``{"version", "done": number of clocks}``
        :raise UserError: a clock does not run, or is met by the submission of a report
        """
        self._med_check_person(evidence, "evidence")
        done_at = self._med_time_in(self.jurisdiction_id[:1], at)
        for clock in self:
            if clock.rule_id.report_kind_id:
                raise UserError(self.env._(
                    "%(clock)s: it ends when “%(report)s” is submitted.", clock=clock.name,
                    report=clock.rule_id.report_kind_id.name))
            if clock.due == "notify":
                clock._med_check_notified()
        self._med_end(done_at, evidence.strip())
        return {"version": VERSION, "done": len(self)}

    def waive(self, reason: str):
        """Say that what is due is not needed here, and why.

        :param reason: one sentence, for example the urgency of Art. 87(8)
        :return: ``{"version", "waived": number of clocks}``
        """
        self._med_check_person(reason, "reason")
        self._med_store({"state": "unneeded", "evidence": reason.strip(),
                         "done_by_id": self.env.uid, "done_at": fields.Datetime.now()})
        for clock in self:
            clock.recall_id._med_note(self.env._(
                "Not needed: %(clock)s. %(reason)s", clock=clock.name, reason=reason.strip()))
        return {"version": VERSION, "waived": len(self)}

    def _med_check_person(self, text, name):
        self.check_access("read")
        self.recall_id._med_check_decider()
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("“%(field)s” must say so in one sentence.", field=name))
        self.recall_id._med_lock()
        self.invalidate_recordset()
        if ended := self.filtered(lambda one: one.state not in OPEN):
            raise UserError(self.env._("%s: it does not run any more.", ended[0].name))

    @api.model
    def _med_time_in(self, jurisdiction, at):
        """Return a moment that a caller named, not in the future; now without one."""
        now = fields.Datetime.now()
        if not at:
            return now
        told = jurisdiction.calendar_id._med_instant(at)
        when = (told - told.utcoffset()).replace(tzinfo=None)
        if when > now:
            raise UserError(self.env._("What is done is not in the future."))
        return when

    def _med_check_notified(self):
        """Refuse to say that all are told while the notices say that they are not."""
        told = self.recall_id._med_figures()
        if "told" in told and told["told"] < told["consignees"]:
            raise UserError(self.env._(
                "%(sent)s of %(all)s consignees were told.", sent=told["told"],
                all=told["consignees"]))

    def _med_end(self, done_at, evidence, user=None):
        """Write down that these are done; what repeats begins anew."""
        self._med_store({"state": "done", "done_at": done_at, "evidence": evidence,
                         "done_by_id": (user or self.env.user).id})
        for clock in self:
            clock.recall_id._med_note(self.env._(
                "Done: %(clock)s. %(evidence)s", clock=clock.name, evidence=evidence))
        self.recall_id._med_clock_reckon()

    # ------------------------------------------------------------------ dialogs

    def answer(self, reason: str):
        """Finish these clocks, as the dialog does that asks for one text.

        :param reason: the evidence
        :return: as :meth:`finish`
        """
        return self.finish(reason)

    def action_finish(self):
        """Ask for the evidence, and finish."""
        return self._med_ask(self.env._("What Shows That It Was Done"), "answer")

    def action_waive(self):
        """Ask why, and waive."""
        return self._med_ask(self.env._("Why It Is Not Needed"), "waive")

    def _med_ask(self, title, method):
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "title": title,
                           "method": method, "arguments": {}}}
