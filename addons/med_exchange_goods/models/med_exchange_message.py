from odoo import api, models


class MedExchangeMessage(models.Model):
    """What comes in of goods is met with what concerns its sender, and nothing else."""

    _inherit = "med.exchange.message"

    @api.model
    def _both_sides(self, partner, handler, part):
        """Leave out records that are not this partner's to speak of.

        To it they are as unknown as what is not here: an answer does not tell them apart.
        """
        known, records, exports = super()._both_sides(partner, handler, part)
        found = {key: record for key, record in records.items() if key not in known}
        if found and hasattr(handler, "_med_reachable"):
            met = handler._med_reachable(
                partner, self.env[handler._model].union(*found.values()))
            for key in [key for key, record in found.items() if record not in met]:
                records.pop(key)
                exports.pop(key, None)
        return known, records, exports
