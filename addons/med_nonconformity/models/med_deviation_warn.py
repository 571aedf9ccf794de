from datetime import timedelta

from odoo import api, fields, models

WARN_DAYS = 7


class MedDeviation(models.Model):
    """Telling the owner that a deviation runs out: of quantity at its use, of time once a day."""

    _inherit = "med.deviation"

    ending_told = fields.Boolean("Owner Was Told of the End", readonly=True, copy=False)

    def _tell_low(self):
        self._ask_owner(self.env._("%(name)s: 80 %% of the quantity is used", name=self.name))

    @api.model
    def _tell_ending(self):
        """Tell owners of what ends within seven days; each once."""
        now = fields.Datetime.now()
        ending = self.sudo().search([
            ("state", "=", "approved"), ("ending_told", "=", False),
            ("date_to", "<=", now + timedelta(days=WARN_DAYS))])
        for deviation in ending:
            deviation._ask_owner(self.env._(
                "%(name)s ends by itself: close it with a conclusion", name=deviation.name),
                deviation.date_to.date())
        ending._med_store({"ending_told": True})

    def _ask_owner(self, summary, deadline=None):
        self.activity_schedule(
            "mail.mail_activity_data_todo", date_deadline=deadline, summary=summary,
            user_id=(self.owner_id or self.create_uid).id)
