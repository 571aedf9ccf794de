from odoo import api, fields, models
from odoo.tools import clean_context

from .med_capa_request import WAITING


class MedCapaRequest(models.Model):
    """Answers that did not come in time."""

    _inherit = "med.capa.request"

    late = fields.Boolean(compute="_compute_late", search="_search_late",
                          help="The day to answer is over, and no answer counts.")

    @api.depends("state", "date_due")
    def _compute_late(self):
        today = fields.Date.context_today(self)
        for one in self:
            one.late = bool(one.state in WAITING and one.date_due and one.date_due < today)

    def _search_late(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return [("state", "in", WAITING), ("date_due", "<", fields.Date.context_today(self))]

    @api.model
    def _tell_unanswered(self):
        """Tell who sees to them of answers that did not come in time; once."""
        late = self.with_context(clean_context(self.env.context)).sudo().search([
            ("state", "in", WAITING), ("overdue_told", "=", False),
            ("date_due", "<", fields.Date.today())])
        for one in late:
            if user := one._med_answerable():
                one.activity_schedule(
                    "mail.mail_activity_data_warning", user_id=user.id, summary=self.env._(
                        "%(partner)s has not answered %(number)s until %(date)s",
                        partner=one.partner_id.display_name, number=one.name,
                        date=one.date_due))
        late._med_store({"overdue_told": True})
