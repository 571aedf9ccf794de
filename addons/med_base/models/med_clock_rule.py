from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import due_date
from .med_calendar import CONTRACT_VERSION


class MedClockRule(models.Model):
    """A statutory clock: what must be done how long after which event."""

    _name = "med.clock.rule"
    _description = "Statutory Clock"
    _inherit = ["med.statutory.mixin"]
    _order = "jurisdiction_id, regime, sequence, code, valid_from"

    code = fields.Char(
        required=True, tracking=True, help="Code other programs use: cn_recall_notify_1.",
    )
    sequence = fields.Integer(default=10)
    jurisdiction_id = fields.Many2one(required=True)
    event = fields.Char(required=True, translate=True, help="What starts the clock.")
    number = fields.Integer(string="Limit", tracking=True)
    unit = fields.Selection(
        [
            ("calendar_day", "Calendar days"),
            ("working_day", "Working days"),
            ("hour", "Hours"),
            ("month", "Months"),
            ("year", "Years"),
            ("annual", "Every year on"),
            ("before", "Before the event"),
        ],
        required=True, default="calendar_day", tracking=True,
    )
    annual_month = fields.Integer(string="Month", tracking=True)
    annual_day = fields.Integer(string="Day", tracking=True)
    limit = fields.Char(string="Time Limit", compute="_compute_limit")

    _version_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0), valid_from)",
        "There is a clock of this code from this day already.",
    )
    _number_positive = models.Constraint("CHECK (number >= 0)", "A time limit is not negative.")

    @api.depends("number", "unit", "annual_month", "annual_day")
    @api.depends_context("lang")
    def _compute_limit(self):
        units = dict(self._fields["unit"]._description_selection(self.env))
        for rule in self:
            if rule.unit == "annual":
                rule.limit = f"{units['annual']} {rule.annual_month:02d}-{rule.annual_day:02d}"
            elif rule.unit == "before":
                rule.limit = units["before"]
            elif rule.number == 1:
                rule.limit = self._get_single_units().get(rule.unit)
            else:
                rule.limit = f"{rule.number} {units.get(rule.unit, '').lower()}"

    def _get_single_units(self):
        return {
            "calendar_day": self.env._("1 calendar day"),
            "working_day": self.env._("1 working day"),
            "hour": self.env._("1 hour"),
            "month": self.env._("1 month"),
            "year": self.env._("1 year"),
        }

    @api.constrains("unit", "annual_month", "annual_day")
    def _check_annual(self):
        for rule in self.filtered(lambda clock: clock.unit == "annual"):
            try:
                fields.Date.to_date(f"2001-{rule.annual_month:02d}-{rule.annual_day:02d}")
            except ValueError as error:
                raise ValidationError(self.env._(
                    "Month and day of “%(clock)s” do not make a date that comes every year.",
                    clock=rule.name,
                )) from error

    @api.model
    @api.readonly
    def med_due(self, code: str, start: str):
        """Return when the clock ``code`` runs out that started at ``start``.

        The rule is the one in force on the local day of ``start``; a company's own rule goes
        before the shared one.

        :param code: code of a clock, for example ``cn_recall_notify_1``
        :param start: ISO 8601; without an offset it is UTC, a bare date begins at local midnight
        :return: as ``med.calendar.med_due_date``, with ``clock``, ``source`` and ``limit``
        :raise UserError: there is no such clock then, or its deadline cannot be known
        """
        self.browse().check_access("read")
        self.env["med.calendar"]._med_text("code", code)
        rules = self.search(
            [("code", "=", code), *self._domain_company()], order="company_id NULLS LAST, id",
        )
        if not rules:
            raise UserError(self.env._("There is no clock %(code)s.", code=code))
        calendar = rules[0].jurisdiction_id.calendar_id._for_company()
        instant = calendar._med_instant(start)
        rule = rules._filter_valid(calendar, instant)[:1]
        if not rule:
            raise UserError(self.env._(
                "The clock %(code)s was not in force on %(start)s.", code=code, start=start,
            ))
        return {
            **calendar._med_answer(rule._med_compute(calendar, instant)),
            "clock": rule.code, "source": rule.source, "limit": rule.limit,
            "version": CONTRACT_VERSION,
        }

    def _due(self, start):
        """Return the naive UTC deadline of this rule for a naive UTC start."""
        self.ensure_one()
        calendar = self.jurisdiction_id.calendar_id._for_company()
        return calendar._med_naive(
            self._med_compute(calendar, start.replace(tzinfo=timezone.utc))
        )

    def _filter_valid(self, calendar, instant):
        day = due_date.due_date(instant, 0, "calendar_day", calendar.tz).last_day
        return self.filtered(
            lambda rule: rule.valid_from <= day and (not rule.valid_to or day < rule.valid_to)
        )

    def _med_compute(self, calendar, instant):
        if self.unit == "annual":
            return due_date.next_annual(
                instant, self.annual_month, self.annual_day, calendar.tz,
            )
        if self.unit == "before":
            return calendar._med_compute(instant, 0, "hour")
        return calendar._med_compute(instant, self.number, self.unit)
