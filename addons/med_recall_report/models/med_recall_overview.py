from datetime import timedelta

from odoo import api, fields, models

from .med_recall_clock import OPEN

DAY = timedelta(hours=24)


class MedRecall(models.Model):
    """What management sees of a running recall, and how fast a drill was (TRC-7)."""

    _inherit = "med.recall"

    report_ids = fields.One2many("med.recall.report", "recall_id", "Reports")
    report_count = fields.Integer("Number of Reports", compute="_compute_report_count")
    next_clock_id = fields.Many2one("med.recall.clock", "Next Due", compute="_compute_next")
    next_due_at = fields.Datetime("Due Next", compute="_compute_next")
    next_remaining = fields.Char("Time Left", compute="_compute_next")
    late_count = fields.Integer("Clocks Late", compute="_compute_next")
    fsca_missing = fields.Boolean("Not Reported Before the Start", compute="_compute_next")
    notified_percent = fields.Float("Notified %", compute="_compute_progress", digits=(5, 1))
    answered_percent = fields.Float("Answered %", compute="_compute_progress", digits=(5, 1))
    units_in_scope = fields.Float("Units in Scope", compute="_compute_progress", digits=False)
    units_accounted = fields.Float("Accounted For", compute="_compute_progress", digits=False)
    units_unaccounted = fields.Float("Unaccounted", compute="_compute_progress", digits=False)
    accounted_percent = fields.Float("Accounted %", compute="_compute_progress", digits=(5, 1))
    located_hours = fields.Float(
        "Hours to Locate", compute="_compute_speed", store=True, aggregator="avg",
        help="From the trigger until the first list was complete.")
    notified_hours = fields.Float(
        "Hours to Notify", compute="_compute_speed", store=True, aggregator="avg",
        help="From the trigger until the first notice.")
    located_share = fields.Float(
        "Located in 24 h (%)", compute="_compute_speed", store=True, aggregator="avg", help=(
            "Units whose place was known exactly 24 hours after the trigger, of all in scope."))

    @api.depends("report_ids")
    def _compute_report_count(self):
        for record in self:
            record.report_count = len(record.report_ids)

    @api.depends("clock_ids.state", "clock_ids.due_at")
    @api.depends_context("lang")
    def _compute_next(self):
        now = fields.Datetime.now()
        for record in self:
            running = record.clock_ids.filtered(lambda one: one.state == "running")
            dated = running.filtered("due_at").sorted("due_at")
            record.next_clock_id = dated[:1]
            record.next_due_at = dated[:1].due_at
            record.next_remaining = dated[:1].remaining
            record.late_count = len(dated.filtered(lambda one: one.due_at < now))
            record.fsca_missing = any(one.due == "fsca" for one in running)

    @api.depends("scope_ids.state", "consignee_ids")
    def _compute_progress(self):
        for record in self:
            told = record._med_figures()
            units = record._med_units()
            frozen = "frozen" in record.sudo().scope_ids.mapped("state")
            lost = told.get("unaccounted") if frozen else None  # before, nothing is counted
            parties = told.get("consignees")
            record.units_in_scope = units
            record.units_unaccounted = lost or 0.0
            # What is still somewhere, without a final state, is located, not accounted for.
            record.units_accounted = 0.0 if lost is None else max(0.0, units - lost - sum(
                told.get(name, 0.0) for name in ("still_here", "with_consignees")))
            record.notified_percent = _percent(told.get("told"), parties)
            record.answered_percent = _percent(told.get("responded"), parties)
            record.accounted_percent = _percent(record.units_accounted, units)

    def _med_units(self):
        """Return how many units the present scope reaches: here, and with consignees."""
        [(here, shipped, returned)] = self.env["med.recall.scope.line"].sudo()._read_group(
            [("scope_id", "=", self.sudo().scope_id.id)], [],
            ["on_hand:sum", "shipped:sum", "returned:sum"])
        return (here or 0.0) + (shipped or 0.0) - (returned or 0.0)

    @api.depends("opened_at", "located_at", "initiated_at", "scope_ids.state")
    def _compute_speed(self):
        for record in self:
            begin = record.opened_at
            record.located_hours = _hours(begin, record.located_at)
            record.notified_hours = _hours(begin, record.initiated_at)
            record.located_share = record._med_located_share() if begin and record.located_at and (
                record.located_at - begin <= DAY) else 0.0

    def _med_located_share(self):
        """Return how many of a hundred units have a place that is known exactly."""
        first = self.sudo().scope_ids.sorted("number")[:1]
        known = sum(one.on_hand for one in first.line_ids) + sum(
            one.net for one in first.delivery_ids if one.exact)
        whole = sum(one.on_hand + one.shipped - one.returned for one in first.line_ids)
        return _percent(known, whole)

    # ------------------------------------------------------------------ what begins, and before

    def _med_store(self, vals):
        super()._med_store(vals)
        if vals.get("initiated_at"):
            self._med_warn_unreported()

    def _med_notice_warnings(self):
        return super()._med_notice_warnings() + [
            self.env._("%s: due before the action starts.", one.name)
            for one in self.sudo().clock_ids if one.due == "fsca" and one.state in OPEN]

    def _med_warn_unreported(self):
        for record in self:
            for text in record._med_notice_warnings():
                record._med_note(self.env._(
                    "Notices leave, and this is not reported yet: %s", text))

    def action_reports(self):
        return {"type": "ir.actions.act_window", "name": self.env._("Reports to Authorities"),
                "res_model": "med.recall.report", "view_mode": "list,form",
                "domain": [("recall_id", "=", self.id)],
                "context": {"default_recall_id": self.id}}

    def action_clocks(self):
        return {"type": "ir.actions.act_window", "name": self.env._("Clocks"),
                "res_model": "med.recall.clock", "view_mode": "list,kanban",
                "domain": [("recall_id", "=", self.id)]}


def _percent(part, whole):
    return 100.0 * part / whole if part and whole else 0.0


def _hours(begin, end):
    return (end - begin).total_seconds() / 3600 if begin and end else 0.0
