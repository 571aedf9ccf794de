from odoo import models


class MedOutsourcingStatement(models.Model):
    """A statement that waits is told by e-mail, with the way to its page in the portal."""

    _inherit = "med.outsourcing.statement"

    def _med_ask_processor(self):
        processor = self.sudo().processor_id
        if not processor._med_people().filtered("email"):
            return super()._med_ask_processor()
        return processor._med_portal_mail("mail_template_statement", self.sudo())
