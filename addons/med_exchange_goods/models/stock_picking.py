from odoo import models


class StockPicking(models.Model):
    """Shipments are told to partners when they are posted, and with them their lots: from then
    on the consignee may hear of these."""

    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        shipment, lot = self.env["med.exchange.shipment"], self.env["med.exchange.lot"]
        if shipment._med_heard() or lot._med_heard():
            gone = shipment._med_shipments(self.filtered(lambda one: one.state == "done"))
            shipment._med_tell(gone)
            lot._med_tell_anew(lambda: gone.move_line_ids.filtered(
                lambda line: line.state == "done").lot_id)
        return result
