from odoo import api, models


class MedHold(models.Model):
    """A hold of ours reaches the processor that has the lots, and so does its lifting."""

    _inherit = "med.hold"

    @api.model
    def _place(self, lots, reason, source, document=None, owner=None):
        hold, told = super()._place(lots, reason, source, document=document, owner=owner)
        hold._med_tell_processors(
            hold.name, self.env._("Held by us: do not use, process or ship. %s", reason))
        return hold, told

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        for hold in self:
            hold._med_tell_processors(
                hold.name, self.env._("The hold %s is lifted.", hold.name))

    def _med_tell_processors(self, reference, note):
        lots = self.sudo().line_ids.lot_id
        for order, held in lots._med_orders_there().items():
            order._med_tell_processor(reference, note, held)
            order.message_post(body=f"{reference}: {note}", subtype_xmlid="mail.mt_note")
