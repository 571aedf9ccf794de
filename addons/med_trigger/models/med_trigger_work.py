import logging
import time
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, clean_context

from .med_trigger_rule import QUALITY

_logger = logging.getLogger(__name__)
VERSION = 1
# So many days a result may be entered after it was read, and still counts.
LATE = 30
LOCK = 0x6D656474  # first key of the advisory locks under which rules run


class MedTriggerRule(models.Model):
    """Running a rule: by the clock, by hand, or on the past without consequence."""

    _inherit = "med.trigger.rule"

    # ------------------------------------------------------------------ for callers

    def run(self):
        """Run these rules now, as the clock does once a day.

        :return: ``{"version", "hits" (new signals), "joined" (further evidence of open ones),
            "runs": [ids]}``
        :raise UserError: a rule is not in force, or is being run by another
        """
        self._med_check_quality()
        if idle := self.filtered(lambda one: one.state != "in_force"):
            raise UserError(self.env._("%s is not in force.", idle[0].name))
        runs = self.env["med.trigger.run"]
        for rule in self:
            if not rule._med_lock_run():
                raise UserError(self.env._("%s is being run just now.", rule.name))
            runs |= rule._med_run()
        return {"version": VERSION, "hits": sum(runs.mapped("hits")), "runs": runs.ids,
                "joined": sum(runs.mapped("joined"))}

    def try_rule(self, date_from: str, date_to: str):
        """Tell what this rule would have found in the past. It opens and proposes nothing.

        :param date_from: first day, as 2026-03-31, UTC
        :param date_to: last day
        :return: ``{"version", "run" (id), "looked" (rows that count), "ms", "found": [{"what",
            "products" (ids), "supplier" (id or 0), "workcenter" (id or 0), "count", "first",
            "last"}]}``; times ISO 8601, UTC
        :raise UserError: an argument is wrong
        """
        self.ensure_one()
        self._med_check_quality()
        self._check_sound()
        start, end = (self._med_day(name, text) for name, text in (
            ("date_from", date_from), ("date_to", date_to)))
        if start > end:
            raise UserError(self.env._("“date_from” must not be after “date_to”."))
        run = self._med_run(start, end + timedelta(days=1), dry=True)
        return {"version": VERSION, "run": run.id, "looked": run.looked, "ms": run.ms,
                "found": [one._med_plain() for one in run.found_ids]}

    def _med_check_quality(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("This is for quality assurance."))

    def _med_day(self, name, text):
        try:
            return datetime.strptime(text, "%Y-%m-%d")
        except (TypeError, ValueError):
            raise UserError(self.env._(
                "“%(field)s” must be a day like 2026-03-31.", field=name)) from None

    # ------------------------------------------------------------------ running

    @api.model
    def _run_all(self):
        """Run all rules in force; one that fails is told, and the others run."""
        for rule in self.sudo().search([("state", "=", "in_force")]):
            if not rule._med_lock_run():
                continue
            try:
                with self.env.cr.savepoint():
                    rule._med_run()
            except Exception as error:
                _logger.exception("Trigger rule %s failed", rule.id)
                rule._med_failed(error)

    def _med_lock_run(self):
        """Return whether this transaction alone runs the rule until its end."""
        [[got]] = self.env.execute_query(SQL(
            "SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, self.id))
        return got

    def _med_since(self):
        """Return from when on a run looks: a window and late entries before the run before."""
        before = self.env["med.trigger.run"].sudo().search(
            [("rule_id", "=", self.id), ("dry", "=", False), ("error", "=", False)], limit=1)
        begin = datetime.combine(self.date_from, datetime.min.time())
        # A rule that was changed looks at all from the beginning once.
        if before and before.rule_version == self.version:
            begin = max(begin, before.period_to - timedelta(days=self.days + LATE))
        return begin

    def _med_run(self, start=None, end=None, dry=False):
        """Return the run in which this rule was searched for, and did what it does."""
        self = self.with_context(clean_context(self.env.context)).sudo()
        begin = time.monotonic()
        # What is of this very second counts.
        start, end = start or self._med_since(), end or (
            fields.Datetime.now() + timedelta(seconds=1))
        looked, found = self._med_search(start, end, live=not dry)
        run = self.env["med.trigger.run"]._med_made(
            self, dry, start, end, looked=looked, ms=round((time.monotonic() - begin) * 1000),
            hits=sum(1 for one in found if not one.hit),
            joined=sum(len(one.evidence) for one in found if one.hit))
        if dry:
            self.env["med.trigger.found"]._med_made(run, found)
            return run
        Hit = self.env["med.trigger.hit"]
        for one in found:
            if one.hit:
                Hit.browse(one.hit)._med_join(run, one)
        born = Hit._med_born(run, [one for one in found if not one.hit])
        if self.does == "open":
            born._med_take(self.opens)
        else:
            born._med_ask()
        return run

    def _med_failed(self, error):
        """Keep that the rule failed, and ask the responsible to look at it."""
        now, text = fields.Datetime.now(), str(error) or type(error).__name__
        with self.env.cr.savepoint():
            self.env["med.trigger.run"]._med_made(self, False, now, now, error=text)
            self._message_log(body=self.env._("The rule failed: %s", text))
