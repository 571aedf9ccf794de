from odoo import models

SKIP = "mail_activity_automation_skip"


class MailActivityMixin(models.AbstractModel):
    """Who has to look at a record of ours is asked, whatever the context of a caller says."""

    _inherit = "mail.activity.mixin"

    def activity_schedule(self, act_type_xmlid="", date_deadline=None, summary="", note="",
                          **act_values):
        # A caller over RPC chooses the context: with this key nobody would ever be asked.
        records = self
        if self._name.startswith("med.") and self.env.context.get(SKIP):
            records = self.with_context(**{SKIP: False})
        return super(MailActivityMixin, records).activity_schedule(
            act_type_xmlid, date_deadline=date_deadline, summary=summary, note=note, **act_values)
