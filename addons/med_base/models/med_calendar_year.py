from odoo import api, fields, models


class MedCalendarYear(models.Model):
    """Whether the days off of one year are known, and from whom."""

    _name = "med.calendar.year"
    _description = "Year of a Working-Day Calendar"
    _order = "calendar_id, year desc"

    calendar_id = fields.Many2one(
        "med.calendar", required=True, index=True, ondelete="cascade", string="Calendar",
    )
    company_id = fields.Many2one(related="calendar_id.company_id", store=True, index=True)
    year = fields.Integer(required=True)
    known = fields.Boolean(
        help="Its days off and make-up days are published and entered. Working days are counted "
             "in known years only.",
    )
    origin = fields.Selection(
        [("package", "Holidays package"), ("person", "Entered by a person")],
        required=True, default="person", readonly=True,
    )
    source = fields.Char(
        help="The notice in which the arrangement was published, or the package and version that "
             "gave it.",
    )
    day_count = fields.Integer(string="Days", compute="_compute_day_count")

    _year_uniq = models.Constraint(
        "UNIQUE (calendar_id, year)", "The calendar has this year already.",
    )
    _year_range = models.Constraint(
        "CHECK (year BETWEEN 1950 AND 9998)", "The year must lie between 1950 and 9998.",
    )
    _known_source = models.Constraint(
        "CHECK (NOT known OR COALESCE(source, '') <> '')",
        "A year is known from a source: name the notice that published it.",
    )

    @api.depends("calendar_id.code", "year")
    def _compute_display_name(self):
        for year in self:
            year.display_name = f"{year.calendar_id.code} {year.year}"

    @api.depends("calendar_id.day_ids.date", "year")
    def _compute_day_count(self):
        counts = {
            (calendar.id, when.year): count
            for calendar, when, count in self.env["med.calendar.day"]._read_group(
                [("calendar_id", "in", self.calendar_id.ids)],
                ["calendar_id", "date:year"], ["__count"],
            )
        }
        for year in self:
            year.day_count = counts.get((year.calendar_id.id, year.year), 0)

    @api.model_create_multi
    def create(self, vals_list):
        years = super().create([self._of_person(vals) for vals in vals_list])
        years._log_change()
        return years

    def write(self, vals):
        result = super().write(self._of_person(vals))
        self._log_change()
        return result

    def _of_person(self, vals):
        """Only the loader, which runs as superuser, may say that the package gave it."""
        return vals if self.env.su else {**vals, "origin": "person"}

    def _log_change(self):
        """Note what a person declared in the chatter of the calendar."""
        if self.env.su:
            return
        for year in self:
            verdict = self.env._("known") if year.known else self.env._("not known")
            year.calendar_id.sudo()._message_log(
                body=f"{year.year} {verdict}: {year.source or '-'}"
            )
