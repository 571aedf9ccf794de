from odoo import models


class StockPicking(models.Model):
    """What was sent to a processor, or came back, is told with its order when it is posted."""

    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        self.env["med.exchange.outsourcing_order"]._med_tell(
            lambda: self.sudo()._med_processor_orders().filtered("date_released"))
        return result

    def _med_processor_orders(self):
        """Return the orders to processors that these transfers serve."""
        moves = self.move_ids
        making = moves.move_dest_ids.raw_material_production_id.move_finished_ids.move_dest_ids
        return (moves.med_outsourcing_transfer_id | moves.med_outsourcing_order_id
                | making.med_outsourcing_order_id)
