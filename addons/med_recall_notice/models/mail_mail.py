from odoo import models

from ..tools.smtp import is_refused

NO_USE = ("mail_email_invalid", "mail_email_missing", "mail_from_invalid", "mail_from_missing",
          "mail_spam")


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(self, *args, **kwargs):
        result = super()._postprocess_sent_message(*args, **kwargs)
        self.env["med.recall.notice"]._med_on_mail(self)
        return result

    def _med_is_server_down(self):
        """Return whether the mail failed for what another try may mend."""
        return self.failure_type not in NO_USE and not is_refused(self.failure_reason)
