from odoo import models
from odoo.exceptions import UserError

from .med_outsourcing_order import BEGUN, OPEN

OURS = ("internal", "transit")
"""Where goods come back to; any other place is somebody else's."""


class StockMove(models.Model):
    """Goods on their way to a processor and back, whatever button moves them."""

    _inherit = "stock.move"

    def _action_cancel(self):
        orders = self.sudo().med_outsourcing_order_id
        self._med_check_not_begun()
        result = super()._action_cancel()
        for order in orders.filtered(lambda one: one.state not in (
                "cancelled", "declined", "received", "accepted")):
            if all(move.state == "cancel" for move in order.move_ids):
                order._med_store({"state": "cancelled", "late": False})
                order._med_tell_processor("cancelled", self.env._("The order is cancelled."))
        orders._med_refresh()  # with the rest of a receipt cancelled, all that comes is here
        return result

    def _med_check_not_begun(self):
        """Refuse to take the receipt from an order that the processor has begun."""
        for order in self.sudo().med_outsourcing_order_id:
            gone = order.move_ids & self
            if order.state in BEGUN and gone and all(
                    move in gone or move.state == "cancel" for move in order.move_ids) and (
                        not order._med_nothing_comes()):
                raise UserError(self.env._(
                    "%(order)s has begun at the processor: have it finished, or have what was "
                    "scrapped and left over reported and brought back.", order=order.name))

    def _action_done(self, cancel_backorder=False):
        self.sudo()._med_check_receiver()
        self.sudo()._med_adopt()
        # What leaves there for somebody else is asked about as what it is: not what it was.
        self.sudo().filtered(lambda move: move.state not in ("done", "cancel") and (
            move._med_comes_back() and move.location_dest_id.usage not in OURS)
            )._med_unrelease()
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves.sudo()._med_check_sent()
        back = moves.sudo().filtered(lambda move: move.state == "done" and move._med_comes_back())
        back._med_unrelease()
        orders = moves.sudo().med_outsourcing_order_id | moves.sudo().med_outsourcing_transfer_id
        orders._med_refresh()
        moves.filtered(lambda move: move.state == "done").sudo(
            ).med_outsourcing_order_id._med_ask_unsaid()
        return moves

    def _med_comes_back(self):
        return bool(self.location_id.is_subcontract()
                    and not self.location_dest_id.is_subcontract())

    def _med_unrelease(self):
        """Put lots that were processed in quarantine: somebody decides about them anew."""
        self._med_processed().filtered(
            lambda lot: lot.med_status in ("released", "conditional"))._med_set_status("quarantine")

    def _med_moving(self):
        """Return the lines that have moved, or are about to: core drops what nobody picked."""
        if self.state == "done":
            return self.move_line_ids
        if not self.picked or self.quantity <= 0:
            return self.move_line_ids.browse()
        return self.move_line_ids.filtered("picked")

    def _med_check_receiver(self):
        """Refuse to send controlled goods to a processor that may have no more of them today."""
        for move in self.filtered(
                lambda one: one.product_id.med_controlled and one.location_dest_id.is_subcontract()
                and not one.location_id.is_subcontract()
                and one.location_id.usage not in ("production", "inventory")):
            # A file that has ended and was archived refuses as well.
            file = self.env["med.processor"].with_context(active_test=False).search([
                ("location_id", "parent_of", move.location_dest_id.id)],
                order="id desc", limit=1)
            if not file:
                continue
            why = file._med_missing_agreement(self.env["stock.lot"]._med_today())
            mode = self.env["med.gate"]._mode(
                move.company_id.id, move.product_id.product_tmpl_id.id,
                move.picking_type_id.warehouse_id.id, "outsource")
            if file.state in ("suspended", "ended"):
                why, mode = file._med_missing_approval(), "enforce"
            if why and mode == "enforce":
                raise UserError(self.env._(
                    "%(product)s is not sent to “%(name)s” now.\n%(why)s",
                    product=move.product_id.display_name, name=file.display_name,
                    why="\n".join(why)))

    def _med_check_sent(self):
        """Refuse to have sent another lot than an order names, or more of it."""
        for order in self.med_outsourcing_transfer_id.filtered(lambda one: one.kind == "process"):
            left = {line.lot_id: line.quantity for line in order.line_ids}
            for line in order._med_way(True).move_line_ids.filtered(
                    lambda one: one.state == "done"):
                left[line.lot_id] = left.get(line.lot_id, 0.0) - line.quantity_product_uom
                if left[line.lot_id] < -1e-6:
                    raise UserError(self.env._(
                        "%(lot)s is not sent by %(order)s, or not so much of it. Send what the "
                        "order names, or cancel it and order anew.", order=order.name,
                        lot=line.lot_id.name or line.product_id.display_name))

    def _med_adopt(self):
        """Have goods that come back by a transfer of others belong to the one order they are of."""
        for move in self:
            if (move.med_outsourcing_transfer_id or move.med_outsourcing_order_id
                    or not move._med_comes_back()
                    or move.location_dest_id.usage not in OURS):
                continue
            lots = move.move_line_ids.lot_id
            orders = move._med_process_orders().filtered(
                lambda order, of=lots: of and of <= order.line_ids.lot_id)
            if len(orders) == 1:
                move.med_outsourcing_transfer_id = orders

    def _med_process_orders(self):
        """Return the orders to process lots of these moves that their processors have not ended."""
        orders = self.env["med.outsourcing.lot"].sudo().search([
            ("lot_id", "in", self.move_line_ids.lot_id.ids), ("order_id.kind", "=", "process"),
            ("order_id.state", "in", (*OPEN, "declined", "received"))]).order_id
        return orders.filtered(lambda order: any(
            move.location_id._child_of(order.processor_id.location_id) for move in self))

    def _med_processed(self):
        """Return the lots of these moves that were with a processor to be processed."""
        lots = self.env["stock.lot"]
        for move in self:
            lots |= move._med_moving().lot_id & (
                move._med_process_orders() | move.med_outsourcing_transfer_id.filtered(
                    lambda order: order.kind == "process")).line_ids.lot_id
        return lots
