from odoo import api, models
from odoo.tools import format_date


class MedProcessor(models.Model):
    """Reviews come due, and whoever is responsible hears of everything that does."""

    _inherit = "med.processor"
    _med_due_field = "date_review"

    def _med_due_open(self):
        return self.filtered(lambda one: one.active and one.state in ("approved", "suspended"))

    def _med_due_text(self, left):
        return self.env._("Review of the processor")

    def _med_tell(self, what, day, overdue):
        """Let who is responsible know what is due; somebody above once it is over."""
        self.ensure_one()
        user = self.owner_id if self.owner_id.active else self.env["res.users"]
        above = self.company_id.med_processor_escalate_id or self.company_id._med_least_busy(
            self._name, "owner_id", [("state", "!=", "ended")])
        text = self.env._("%(what)s of “%(name)s” ended on %(day)s", what=what,
                          name=self.display_name, day=format_date(self.env, day)) if overdue \
            else self.env._("%(what)s of “%(name)s” is due on %(day)s", what=what,
                            name=self.display_name, day=format_date(self.env, day))
        for one in (user or above) | (above if overdue else user):
            self.activity_schedule(
                "mail.mail_activity_data_todo", user_id=one.id, summary=text, date_deadline=day)
        self._message_log(body=text)

    @api.model
    def _med_remind(self):
        """Tell of reviews, certificates and agreements that are due, in every company."""
        companies = self.env["res.company"].sudo().search([])
        for count, company in enumerate(companies, 1):
            for model in ("med.processor", "med.processor.certificate", "med.quality.agreement"):
                self.env[model]._med_tell_due(company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - count)
