from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context

from .med_change import FINAL


class MedChange(models.Model):
    """An emergency is approved within days; what is late is told."""

    _inherit = "med.change"

    def _med_emergency_due(self):
        """Return the last day for assessing and approving an emergency.

        In working days of the company's first jurisdiction; in days of the calendar where the
        days off are not known, which is sooner.
        """
        days = self.company_id.med_change_emergency_days
        calendar = self.company_id.med_jurisdiction_ids[:1].calendar_id or self.env.ref(
            "med_base.med_jurisdiction_cn").calendar_id
        now = fields.Datetime.now()
        try:
            due = calendar._due_date(now, days, "working_day")
        except UserError:
            due = calendar._due_date(now, days, "calendar_day")
        return fields.Datetime.context_timestamp(self.with_context(tz=calendar.tz), due).date()

    @api.model
    def _tell_overdue(self):
        """Tell owners of what is overdue, and of an emergency quality assurance too; once."""
        Change = self.with_context(clean_context(self.env.context)).sudo()
        late = Change.search([("date_due", "<", fields.Date.today()),
                              ("state", "not in", FINAL), ("overdue_told", "=", False)])
        for record in late:
            text = self.env._("%(name)s is overdue since %(date)s", name=record.name,
                              date=record.date_due)
            if record.owner_id:
                record.activity_schedule("mail.mail_activity_data_todo",
                                         user_id=record.owner_id.id, summary=text)
            above = self.env["med.nonconformity"]._med_responsible(
                record.company_id) if record.emergency else self.env["res.users"]
            if above and above != record.owner_id:
                record.activity_schedule("mail.mail_activity_data_todo", user_id=above.id,
                                         summary=text)
            record.message_post(
                body=text, subject=text, subtype_xmlid="mail.mt_note",
                partner_ids=(record.owner_id | above).partner_id.ids)
            record._med_store({"overdue_told": True})
