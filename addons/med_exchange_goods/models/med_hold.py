from odoo import api, models


class MedHold(models.Model):
    """Holds are told to partners when they are placed and when they are lifted."""

    _inherit = "med.hold"

    @api.model
    def _place(self, lots, reason, source, document=None, owner=None):
        hold, told = super()._place(lots, reason, source, document=document, owner=owner)
        hold._med_tell_lots()
        return hold, told

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self._med_tell_lots()

    def _med_tell_lots(self):
        self.env["med.exchange.hold"]._med_tell(lambda: self.line_ids)
        self.env["med.exchange.lot"]._med_tell(lambda: self.line_ids.lot_id)
