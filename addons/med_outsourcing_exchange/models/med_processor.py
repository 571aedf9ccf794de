import json

from odoo import models
from odoo.addons.med_exchange.exceptions import EnvelopeError


class MedProcessor(models.Model):
    """A message is a processor's signature where its program signed it and nobody changed it."""

    _inherit = "med.processor"

    def _med_message_signed(self, message, key_name):
        row = self.env["med.exchange.message"].sudo().browse(message).exists()
        # What a person here mended is not what they signed.
        if not row or not row.authentic or row.mended:
            return False
        partner = row.exchange_partner_id
        if partner.partner_id.commercial_partner_id != self.sudo().partner_id or (
                partner.company_id != self.sudo().company_id):
            return False
        data = json.loads(row.body)
        if (data.get("signature") or {}).get("key") != key_name:
            return False
        try:
            partner._med_verify(data)
        except EnvelopeError:
            return False
        return True
