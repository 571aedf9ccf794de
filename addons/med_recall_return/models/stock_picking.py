from odoo import fields, models


class StockPicking(models.Model):
    """The receipt of what comes back against a recall."""

    _inherit = "stock.picking"

    med_recall_return_ids = fields.One2many(
        "med.recall.return", "picking_id", "Returns Against a Recall", readonly=True, copy=False)

    def _med_recall_products(self):
        back = self.sudo().med_recall_return_ids
        return back.recall_id.scope_ids.line_ids.product_id.sudo(False) if back else (
            self.env["product.product"])

    def _med_products(self):
        """What a recall reaches may come back, whatever nobody announced."""
        return super()._med_products() | self._med_recall_products()

    def _med_receipt_doubts(self, label, product, di, moves):
        doubts = super()._med_receipt_doubts(label, product, di, moves)
        if product not in self._med_recall_products():
            return doubts
        return [doubt for doubt in doubts if doubt[0] != "other_di"]

    def _med_post_return(self, back):
        """Post what was scanned; each move is the return of the delivery it came with."""
        lots = self.move_line_ids.lot_id
        sent = self.env["stock.move.line"].search([
            ("lot_id", "in", lots.ids), ("state", "=", "done"),
            ("location_dest_id.usage", "=", "customer"),
            ("picking_id.partner_id", "=", back.partner_id.id)], order="id")
        last = {line.lot_id: line.move_id for line in sent}
        for move in self.move_ids:
            origin = {last[lot] for lot in move.move_line_ids.lot_id if lot in last}
            if len(origin) == 1 and not move.origin_returned_move_id:
                move.origin_returned_move_id = origin.pop()
        self.move_line_ids.filtered(lambda line: not line.picked).unlink()
        self._action_done()
