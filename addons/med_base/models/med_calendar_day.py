from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError


class MedCalendarDay(models.Model):
    """A day that is not what its weekday says: a day off, or a make-up working day."""

    _name = "med.calendar.day"
    _description = "Day of a Working-Day Calendar"
    _order = "date desc, calendar_id"

    calendar_id = fields.Many2one(
        "med.calendar", required=True, index=True, ondelete="cascade", string="Calendar",
    )
    company_id = fields.Many2one(related="calendar_id.company_id", store=True, index=True)
    date = fields.Date(required=True, index=True)
    kind = fields.Selection(
        [("off", "Day off"), ("work", "Working day")], required=True, default="off",
    )
    name = fields.Char(required=True, translate=True)
    origin = fields.Selection(
        [("package", "Holidays package"), ("person", "Entered by a person")],
        required=True, default="person", readonly=True,
    )
    source = fields.Char(
        required=True, help="The notice that declares this day, or the package and version.",
    )
    color = fields.Integer(compute="_compute_color")

    _date_uniq = models.Constraint(
        "UNIQUE (calendar_id, date)", "The calendar has an entry for this day already.",
    )

    @api.depends("kind")
    def _compute_color(self):
        for day in self:
            day.color = 1 if day.kind == "off" else 10

    @api.model
    def _get_makeup_name(self):
        return self.env._("Make-up working day")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "origin": "person"} for vals in vals_list]
        days = super().create(vals_list)
        days._log_change(self.env._("added"))
        return days

    def write(self, vals):
        if not self.env.su:
            vals = {**vals, "origin": "person"}
        result = super().write(vals)
        self._log_change(self.env._("changed"))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_person_days_only(self):
        if not self.env.su and "package" in self.mapped("origin"):
            raise UserError(self.env._(
                "Days from the holidays package are not deleted: change them to what was "
                "published, so that the next load keeps your entry."
            ))
        self._log_change(self.env._("removed"))

    def _log_change(self, verb):
        """Note what a person changed in the chatter of the calendar."""
        if self.env.su:
            return
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for calendar, days in self.grouped("calendar_id").items():
            calendar.sudo()._message_log(body=Markup("<br/>").join(
                f"{day.date} {kinds[day.kind]} {verb}: {day.name} ({day.source})" for day in days
            ))
