from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        if bounced := message_dict.get("bounced_message"):
            self.env["med.recall.notice"].sudo().search([
                ("mail_id.mail_message_id", "in", bounced.ids), ("state", "in", ("queued", "sent")),
            ])._med_failed(self.env._("It came back: %s", message_dict.get("bounced_email") or ""))
        return result
