from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import clean_context

from .med_capa import FINAL

OWNER, ABOVE = 1, 2


class MedCapa(models.Model):
    """Without undue delay (ISO 13485, 8.5.2): what is overdue goes to the owner, then up."""

    _inherit = "med.capa"

    @api.model
    def _escalate(self):
        """Tell owners of what is overdue, and after some days the persons above; each once."""
        today = fields.Date.today()
        Capa = self.with_context(clean_context(self.env.context)).sudo()
        late = Capa.search([("date_due", "<", today), ("state", "not in", FINAL),
                            ("escalation_level", "<", ABOVE)])
        clocks = self.env["med.capa.clock"].sudo().search([])
        reached = {OWNER: Capa, ABOVE: Capa}
        for record in late:
            clock = clocks._of(record)
            if record.date_due + timedelta(days=clock.escalate_days) < today:
                record._tell_above(clock.escalate_to_id or record.company_id._med_least_busy(
                    self._name, "owner_id", [("state", "not in", FINAL)]))
                reached[ABOVE] |= record
            elif record.escalation_level < OWNER:
                record._tell_late(record.effect_user_id if record.state == "implemented"
                                  else record.owner_id)
                reached[OWNER] |= record
        for level, records in reached.items():
            records._med_store({"escalation_level": level})

    def _tell_late(self, user):
        text = self.env._("%(name)s is overdue since %(date)s", name=self.name,
                          date=self.date_due)
        if user:
            self.activity_schedule("mail.mail_activity_data_todo", user_id=user.id, summary=text)
        self._message_log(body=text)

    def _tell_above(self, user):
        text = self.env._("%(name)s of %(owner)s is overdue since %(date)s", name=self.name,
                          owner=self.owner_id.name or "", date=self.date_due)
        if user:
            self.activity_schedule("mail.mail_activity_data_todo", user_id=user.id, summary=text)
        self.message_post(body=text, partner_ids=user.partner_id.ids,
                          subject=text, subtype_xmlid="mail.mt_note")
