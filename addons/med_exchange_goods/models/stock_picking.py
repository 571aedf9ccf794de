from odoo import fields, models

CARRIED = {"carrier_id", "carrier_tracking_ref", "med_carrier", "med_tracking"}


class StockPicking(models.Model):
    """Shipments are told to partners when they are posted, and with them their lots: from then
    on the consignee may hear of these."""

    _inherit = "stock.picking"

    med_carrier = fields.Char("Carried By", copy=False, tracking=True, help=(
        "Who carries it; whoever keeps goods of ours tells it with his confirmation."))
    med_tracking = fields.Char("Carrier's Number", copy=False, tracking=True)

    def write(self, vals):
        done = super().write(vals)
        if CARRIED & vals.keys():  # the number is known only after it was posted
            shipment = self.env["med.exchange.shipment"]
            shipment._med_tell(lambda: shipment._med_shipments(
                self.filtered(lambda one: one.state == "done")))
        return done

    def _action_done(self):
        result = super()._action_done()
        shipment, lot = self.env["med.exchange.shipment"], self.env["med.exchange.lot"]
        if shipment._med_heard() or lot._med_heard():
            gone = shipment._med_shipments(self.filtered(lambda one: one.state == "done"))
            shipment._med_tell(gone)
            lot._med_tell_anew(lambda: gone.move_line_ids.filtered(
                lambda line: line.state == "done").lot_id)
        return result
