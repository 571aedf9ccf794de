from odoo import api, models


class MedAuditEntry(models.Model):
    """Words for what happens to messages."""

    _inherit = "med.audit.entry"

    @api.model
    def _event_labels(self):
        _ = self.env._
        return {
            **super()._event_labels(),
            "exchange_forged": _("Message not by its sender refused"),
            "exchange_tampered": _("Message changed on its way refused"),
            "exchange_clash": _("Other content under an id that was used refused"),
            "exchange_mend": _("Message mended"), "exchange_decide": _("Conflict decided"),
            "exchange_apply_again": _("Message applied again"),
            "exchange_give_back": _("Message returned"),
            "exchange_roll_back": _("Message taken back"),
            "exchange_skipped": _("Missing messages given up"),
        }
