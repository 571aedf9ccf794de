from odoo import models


class MedHold(models.Model):
    """A hold of ours reaches the processors whose orders have the lots."""

    _inherit = "med.hold"

    def _med_tell_lots(self):
        super()._med_tell_lots()
        handler = self.env["med.exchange.outsourcing_order"]
        handler._med_tell(lambda: handler.sudo()._med_with_lots(self.line_ids.lot_id))
