from datetime import timedelta

from odoo import api, fields, models

from .med_recall_notice import OPEN

BATCH = 500


class MedRecallNotice(models.Model):
    """Whoever is silent is reminded, and then called."""

    _inherit = "med.recall.notice"

    @api.model
    def _cron_remind(self):
        """Remind by the clock of the level; then put on the list of those to be called."""
        now = fields.Datetime.now()
        for recall in self.env["med.recall"].sudo().search([("state", "=", "decided")]):
            rule = recall._med_reminder()
            if not rule:
                continue
            before = now - timedelta(days=rule.days)
            silent = self.sudo().search([
                ("recall_id", "=", recall.id), ("state", "in", OPEN), ("to_call", "=", False),
                ("sent_at", "<=", before), "|", ("reminded_at", "=", False),
                ("reminded_at", "<=", before)])
            spent = silent.filtered(lambda one, rule=rule: one.reminders >= rule.times)
            spent._med_store({"to_call": True})
            recall._med_tell_to_call(spent)
            (silent - spent)._med_remind(now)

    def remind(self):
        """Remind those of these consignees who have not answered, now.

        :return: ``{"version", "reminded"}``
        """
        self._med_check_staff()
        silent = self.filtered(lambda one: one.state in (*OPEN, "acknowledged"))
        silent._med_remind(fields.Datetime.now())
        return {"version": 1, "reminded": len(silent)}

    def _med_remind(self, now):
        by_mail = self.filtered(lambda one: one.channel == "email" and not one.drill)
        for start in range(0, len(by_mail), BATCH):
            by_mail[start:start + BATCH]._med_write_mails(reminder=True)
        for count, some in self.grouped("reminders").items():
            some._med_store({"reminders": count + 1, "reminded_at": now})
