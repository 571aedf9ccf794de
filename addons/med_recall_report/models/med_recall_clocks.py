from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.addons.med_recall.models.med_recall import ENDED
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError
from odoo.tools import clean_context

from .med_recall_clock import DAY, HALF, LATE, OPEN, VERSION


class MedRecall(models.Model):
    """Sets the clocks of recalls, and rings them."""

    _inherit = "med.recall"

    # ------------------------------------------------------------------ setting

    def _med_clock_reckon(self):
        """Make the clocks of these recalls what levels, events and scopes ask for now.

        Done as often as one likes: a clock is set anew where its event has moved, and one that
        is done stays.
        """
        if not self:
            return
        rules = self.env["med.recall.clock.rule"].sudo().search([])
        for record in self.sudo().with_context(clean_context(self.env.context)):
            if record.state not in ENDED:
                record.with_company(record.company_id)._med_clock_set(rules)

    def _med_clock_set(self, rules):
        wanted = self._med_clock_wanted(rules)
        here = {(one.rule_id, one.scope_id, one.turn): one for one in self.clock_ids}
        Clock = self.env["med.recall.clock"]
        fresh = []
        for (rule, scope, turn), start in wanted.items():
            vals = self._med_clock_vals(rule, start)
            clock = here.get((rule, scope, turn))
            if not clock:
                fresh.append({
                    "recall_id": self.id, "rule_id": rule.id, "due": rule.due, "turn": turn,
                    "jurisdiction_id": rule.jurisdiction_id.id, "scope_id": scope.id, **vals})
            elif (clock.state in OPEN or (clock.state == "unneeded" and not clock.done_by_id)) and (
                    any(clock[name] != value for name, value in vals.items())):
                clock._med_store({**vals, "alarm": 0, "evidence": False, "done_at": False})
        if fresh:
            with permit(Clock._name, (), "born"):
                Clock.create(fresh)
        lost = self.clock_ids.filtered(lambda one: one.state in OPEN and (
            one.rule_id, one.scope_id, one.turn) not in wanted)
        lost._med_store({"state": "unneeded", "done_at": fields.Datetime.now(),
                         "evidence": self.env._("Level or event has changed.")})

    def _med_clock_wanted(self, rules):
        """Return (rule, scope, turn) → start, False where the event has not come."""
        frozen = self.scope_ids.filtered(lambda one: one.state == "frozen").sorted("number")
        none = self.env["med.recall.scope"]
        wanted = {}
        for rule in rules.filtered(lambda one: any(map(one._of, self.level_ids))):
            if rule.event == "scope":
                wanted |= {(rule, one, 0): one.frozen_at for one in frozen[1:]}
            elif rule.event != "requested" or self.requested_at:
                start = self[f"{rule.event}_at"]
                wanted[rule, none, 0] = start
                if rule.repeating and start:
                    wanted |= self._med_clock_turns(rule, none)
        return wanted

    def _med_clock_turns(self, rule, none):
        """Return the turns after the first: each begins when the one before was met."""
        done = self.clock_ids.filtered(
            lambda one: one.rule_id == rule and one.state == "done").sorted("turn")
        return {(rule, none, one.turn + 1): one.done_at for one in done}

    def _med_clock_vals(self, rule, start):
        """Return what a clock says that starts then."""
        vals = {"start": start, "due_at": False, "local": False, "limit": False, "source": False,
                "problem": False, "state": "running" if start else "waiting"}
        if not start:
            return vals
        calendar = rule.jurisdiction_id.calendar_id._for_company()
        try:
            if rule.clock_code:
                told = self.env["med.clock.rule"].med_due(
                    code=rule.clock_code, start=start.isoformat())
                vals |= {"limit": told["limit"], "source": told["source"]}
            else:
                told = calendar.med_due_date(
                    calendar.code, start.isoformat(), self.report_days, "calendar_day")
                vals["limit"] = self.env._("%s calendar days", self.report_days)
        except UserError as unknown:
            return {**vals, "problem": str(unknown)}
        if rule.due == "fsca":  # before the action starts, so without a limit until then
            due = self.initiated_at
            return {**vals, "due_at": due, "local": False}
        due = datetime.fromisoformat(told["due"]).astimezone(timezone.utc).replace(tzinfo=None)
        return {**vals, "due_at": due,
                "local": f"{told['local'][:19].replace('T', ' ')} {told['timezone']}"}

    # ------------------------------------------------------------------ ringing

    @api.model
    def _med_clock_ring(self):
        """Tell whose recall it is when half the time is over, on the last day, and when late."""
        now = fields.Datetime.now()
        Recall = self.with_context(clean_context(self.env.context)).sudo()
        clocks = Recall.env["med.recall.clock"].search([
            ("state", "=", "running"), ("due_at", "!=", False), ("alarm", "<", LATE)])
        for level, some in clocks.grouped(lambda one: one._med_alarm(now)).items():
            if rung := some.filtered(lambda one, level=level: one.alarm < level):
                rung._med_store({"alarm": level})
                for clock in rung:
                    clock._med_tell()
        Recall.search([("clock_ids.problem", "!=", False)])._med_clock_reckon()

    # ------------------------------------------------------------------ what is known

    def clocks(self):
        """Return the clocks of these recalls.

        :return: ``{"version", "clocks": [{"id", "recall", "name", "kind", "jurisdiction",
            "start", "due", "local", "limit", "source", "status", "remaining_seconds",
            "done", "evidence"}]}``; instants are ISO 8601 in UTC, empty where not known
        """
        self.check_access("read")
        now = fields.Datetime.now()
        return {"version": VERSION, "clocks": [{
            "id": one.id, "recall": one.recall_id.id, "name": one.name, "kind": one.due,
            "jurisdiction": one.jurisdiction_id.code, "start": _iso(one.start),
            "due": _iso(one.due_at), "local": one.local or "", "limit": one.limit or "",
            "source": one.source or "", "status": one.status, "problem": one.problem or "",
            "remaining_seconds": int((one.due_at - now).total_seconds())
            if one.state == "running" and one.due_at else 0,
            "done": _iso(one.done_at), "evidence": one.evidence or ""} for one in self.clock_ids]}


def _iso(when):
    return f"{when.isoformat(timespec='seconds')}+00:00" if when else ""


class MedRecallClock(models.Model):
    _inherit = "med.recall.clock"

    def _med_alarm(self, now):
        """Return how far a running clock is: 0 nothing, half over, the last day, late."""
        if now > self.due_at:
            return LATE
        if now > self.due_at - timedelta(days=1):
            return DAY
        return HALF if now > self.start + (self.due_at - self.start) / 2 else 0

    def _med_tell(self):
        """Tell the coordinator, by activity and e-mail."""
        recall = self.recall_id
        user = recall.owner_id or recall.company_id._med_least_busy(
            recall._name, "owner_id", [("state", "not in", ENDED)])
        text = self.env._("%(recall)s: %(clock)s is due %(due)s UTC", recall=recall.name,
                          clock=self.name, due=self.due_at)
        if self.alarm == LATE:
            text = self.env._("%(recall)s: %(clock)s is late since %(due)s UTC",
                              recall=recall.name, clock=self.name, due=self.due_at)
        recall.activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id or recall.create_uid.id, summary=text,
            date_deadline=self.due_at.date())
        recall.message_post(body=text, subject=text, partner_ids=user.partner_id.ids,
                            subtype_xmlid="mail.mt_note")
