from datetime import date, timezone

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import due_date, holiday_source

YEARS_BEFORE, YEARS_AFTER = 2, 2
CONTRACT_VERSION = 1


class MedCalendar(models.Model):
    """Working days of one place, as far as they are known.

    The days come from the ``holidays`` package or from a person. A year that nobody has published
    is kept as not known, and counting working days in it is refused.
    """

    _name = "med.calendar"
    _description = "Working-Day Calendar"
    _inherit = ["mail.thread"]
    _order = "code, company_id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, tracking=True, help="Short code other programs use: CN.")
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", string="Company", index=True, tracking=True,
        help="A company's own calendar goes before the shared one of the same code.",
    )
    tz = fields.Selection(
        _tz_get, string="Time Zone", required=True, tracking=True,
        help="Days begin and end at midnight of this zone.",
    )
    weekend = fields.Selection(
        [("5,6", "Saturday, Sunday"), ("4,5", "Friday, Saturday"), ("6", "Sunday")],
        string="Weekly Days Off", required=True, default="5,6", tracking=True,
    )
    place = fields.Char(
        string="Days Off From", tracking=True,
        help="ISO country code, or ECB for the closing days of TARGET, as the holidays package "
             "knows it. Empty when all days are entered by hand.",
    )
    subdivision = fields.Char(
        tracking=True, help="State or region, the part of ISO 3166-2 after the hyphen.",
    )
    year_end_days = fields.Integer(
        string="December Days Settled Later", tracking=True,
        help="How many of the last days of December are settled by the arrangement of the "
             "following year. China has moved 29 to 31 December.",
    )
    note = fields.Text(translate=True)
    year_ids = fields.One2many("med.calendar.year", "calendar_id", string="Years")
    day_ids = fields.One2many("med.calendar.day", "calendar_id", string="Days")
    day_count = fields.Integer(compute="_compute_day_count")
    unknown_years = fields.Char(
        compute="_compute_unknown_years", help="This year and the next, where not known.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "The company has a calendar of this code already.",
    )
    _year_end_range = models.Constraint(
        "CHECK (year_end_days BETWEEN 0 AND 31)", "December has 31 days.",
    )

    @api.depends("day_ids")
    def _compute_day_count(self):
        counts = dict(self.env["med.calendar.day"]._read_group(
            [("calendar_id", "in", self.ids)], ["calendar_id"], ["__count"],
        ))
        for calendar in self:
            calendar.day_count = counts.get(calendar, 0)

    @api.depends("year_ids.known", "year_ids.year")
    def _compute_unknown_years(self):
        this_year = fields.Date.context_today(self).year
        for calendar in self:
            known = set(calendar.year_ids.filtered("known").mapped("year"))
            calendar.unknown_years = ", ".join(
                str(year) for year in (this_year, this_year + 1) if year not in known
            )

    @api.constrains("place", "subdivision")
    def _check_place(self):
        for calendar in self.filtered("place"):
            try:
                holiday_source.languages(calendar.place)
                calendar._get_arrangement(2000)
            except holiday_source.UnknownPlaceError as error:
                raise ValidationError(self.env._(
                    "“Days off from”: %(error)s.", error=str(error),
                )) from error

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Calendars are not deleted: archive them."))

    # ------------------------------------------------------------------------------------------
    # Loading years

    def action_load_years(self):
        """Load the years around today from the holidays package, and load known ones again.

        Days entered by a person stay as they are.

        :return: a notification that names the version and the years that remain unknown
        """
        self.check_access("write")
        this_year = fields.Date.context_today(self).year
        years = range(this_year - YEARS_BEFORE, this_year + YEARS_AFTER + 1)
        self._load_years(years, again=True)
        unknown = sorted(
            {str(year.year) for year in self.year_ids if year.year in years and not year.known}
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if unknown else "success",
                "title": self.env._("Loaded from %(version)s", version=holiday_source.version()),
                "message": self.env._("Not known yet: %(years)s", years=", ".join(unknown))
                if unknown else self.env._("Every year from %(first)s to %(last)s is known.",
                                           first=str(years[0]), last=str(years[-1])),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_days(self):
        """Open the days off and the make-up days of this calendar."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("med_base.med_calendar_day_action"),
            "domain": [("calendar_id", "=", self.id)],
            "context": {"default_calendar_id": self.id},
        }

    @api.model
    def _cron_load_years(self):
        """Ask the package again for the years it did not know, and open new ones."""
        this_year = fields.Date.today().year
        self.search([])._load_years(range(this_year - YEARS_BEFORE, this_year + YEARS_AFTER + 1))

    def _load_years(self, years, again=False):
        """Load ``years`` from the package.

        :param again: also the years already known from the package; those that a person has
            confirmed are kept in every case
        """
        for calendar in self.filtered("place").sudo():
            existing = {year.year: year for year in calendar.year_ids}
            for number in years:
                year = existing.get(number)
                if year and year.known and (year.origin == "person" or not again):
                    continue
                calendar._load_year(number, year)

    def _load_year(self, number, year):
        arrangement = self._get_arrangement(number)
        values = {"known": arrangement.known, "origin": "package",
                  "source": holiday_source.version()}
        if year:
            year.write(values)
        else:
            self.env["med.calendar.year"].create(
                {**values, "calendar_id": self.id, "year": number}
            )
        self._load_days(number, arrangement)

    def _load_days(self, number, arrangement):
        """Make the package's days of a year those of ``arrangement``, none when not known."""
        Day = self.env["med.calendar.day"]
        present = {day.date: day for day in Day.search([
            ("calendar_id", "=", self.id),
            ("date", ">=", date(number, 1, 1)), ("date", "<=", date(number, 12, 31)),
        ])}
        wanted = {}
        if arrangement.known:
            wanted.update({day: ("off", name) for day, name in arrangement.off})
            wanted.update(dict.fromkeys(arrangement.makeup, ("work", False)))
        stale = [day.id for when, day in present.items()
                 if day.origin == "package" and (when, day.kind) not in
                 {(when, kind) for when, (kind, _name) in wanted.items()}]
        Day.browse(stale).unlink()
        kept = {when for when, day in present.items() if day.id not in stale}
        Day.create([{
            "calendar_id": self.id, "date": when, "kind": kind,
            "name": name or Day._get_makeup_name(),
            "origin": "package", "source": holiday_source.version(),
        } for when, (kind, name) in sorted(wanted.items()) if when not in kept])
        self._translate_days(number, Day)

    def _translate_days(self, number, Day):
        """Name the days in every language that is installed and that the package speaks."""
        spoken = holiday_source.languages(self.place)
        days = Day.search([("calendar_id", "=", self.id), ("origin", "=", "package"),
                           ("date", ">=", date(number, 1, 1)),
                           ("date", "<=", date(number, 12, 31))])
        for lang, _name in self.env["res.lang"].get_installed():
            names = dict(self._get_arrangement(number, lang).off) if lang in spoken else {}
            makeup = Day.with_context(lang=lang)._get_makeup_name()
            for day in days:
                name = makeup if day.kind == "work" else names.get(day.date)
                if name:
                    day.with_context(lang=lang).name = name

    def _get_arrangement(self, year, language="en_US"):
        if language not in holiday_source.languages(self.place):
            language = None
        return holiday_source.arrangement(
            self.place, self.subdivision or None, year, language,
        )

    # ------------------------------------------------------------------------------------------
    # Counting

    @api.model
    @api.readonly
    def med_due_date(self, code: str, start: str, number: int, unit: str):
        """Return the deadline ``number`` units after ``start`` by the calendar ``code``.

        Days are local days of the calendar's time zone, the day of ``start`` is not counted, and
        the deadline is the last second of the last day. It is never moved past a day off.

        :param code: code of a working-day calendar, for example ``CN``
        :param start: ISO 8601; without an offset it is UTC, a bare date begins at local midnight
        :param number: whole number, 0 or more
        :param unit: ``calendar_day``, ``working_day``, ``hour``, ``month`` or ``year``
        :return: ``{"due": "2026-10-14T15:59:59+00:00", "local": "2026-10-14T23:59:59+08:00",
            "timezone": "Asia/Shanghai", "calendar": "CN", "known": true, "version": 1}``
        :raise UserError: an argument cannot be used, or working days are counted in a year whose
            days off are not known
        """
        calendar = self._med_get(code)
        result = calendar._med_compute(
            calendar._med_instant(start), number, unit,
        )
        return calendar._med_answer(result)

    def _due_date(self, start, number, unit):
        """As ``med_due_date``, from and to naive UTC datetimes, for use in Python."""
        return self._med_naive(self._med_compute(
            start.replace(tzinfo=timezone.utc), number, unit,
        ))

    @api.model
    def _med_get(self, code):
        """Return the calendar of a code, the company's own before the shared one."""
        self.browse().check_access("read")
        self._med_text("code", code)
        found = self.search(
            Domain("code", "=", code) & Domain("company_id", "in", [False, self.env.company.id]),
            order="company_id NULLS LAST", limit=1,
        )
        if not found:
            raise UserError(self.env._("There is no calendar %(code)s.", code=code))
        return found

    @api.model
    def _med_text(self, name, value):
        """Raise UserError naming the argument unless it is text that PostgreSQL can hold."""
        if not isinstance(value, str) or "\0" in value:
            raise UserError(self.env._("%(name)s must be text.", name=name))

    def _for_company(self):
        """Return the current company's own calendar of the same code, or this one."""
        self.ensure_one()
        return self._med_get(self.code) if self.active else self

    def _med_instant(self, start):
        try:
            return due_date.parse_instant(start, self.tz)
        except due_date.DueDateError as error:
            raise UserError(self.env._("start must be an ISO 8601 date or instant.")) from error

    def _med_compute(self, start, number, unit):
        """Call the tool and say in the user's language what is wrong."""
        self.ensure_one()
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise UserError(self.env._("number must be a whole number, 0 or more."))
        if unit not in due_date.UNITS:
            raise UserError(self.env._(
                "unit must be one of %(units)s.", units=", ".join(due_date.UNITS),
            ))
        working = self._get_working() if unit == "working_day" else None
        try:
            return due_date.due_date(start, number, unit, self.tz, working)
        except due_date.UnknownYearError as error:
            raise UserError(self.env._(
                "The calendar “%(calendar)s” does not know the days off of %(year)s. Enter the "
                "official arrangement in the calendar and mark the year as known.",
                calendar=self.name, year=error.year,
            )) from error
        except due_date.DueDateError as error:
            raise UserError(self.env._("number leads beyond the calendar.")) from error

    def _get_working(self):
        """Return the days of this calendar as the tool takes them."""
        days = self.day_ids.grouped("kind")
        return due_date.WorkingCalendar(
            weekend=frozenset(int(day) for day in self.weekend.split(",")),
            holidays=frozenset(days["off"].mapped("date")) if "off" in days else frozenset(),
            workdays=frozenset(days["work"].mapped("date")) if "work" in days else frozenset(),
            years=frozenset(self.year_ids.filtered("known").mapped("year")),
            year_end_days=self.year_end_days,
        )

    def _med_naive(self, result):
        return result.at.replace(tzinfo=None)

    def _med_answer(self, result):
        return {
            "due": result.at.isoformat(timespec="seconds"),
            "local": result.local.isoformat(timespec="seconds"),
            "timezone": result.tz,
            "calendar": self.code,
            "known": True,
            "version": CONTRACT_VERSION,
        }
