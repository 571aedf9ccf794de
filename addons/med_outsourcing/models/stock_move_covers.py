from contextlib import contextmanager
from contextvars import ContextVar

from odoo import models

IDLE = ("draft", "done", "cancel")
DEMAND = {"product_uom_qty", "product_uom"}

# Whether moves are being merged right now: what they ask for together does not grow. Not a context
# key: a caller over RPC chooses those.
_merging = ContextVar("med_outsourcing_merging", default=False)


@contextmanager
def _merge():
    token = _merging.set(True)
    try:
        yield
    finally:
        _merging.reset(token)


class StockMove(models.Model):
    """A receipt that begins a subcontracted order is not confirmed unless it is covered.

    Nor does one that is confirmed grow: more than was ordered is ordered anew. What was ordered
    while all was in order is received, whatever became of file and agreement since.
    """

    _inherit = "stock.move"

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        self._med_check_covered()
        moves = super()._action_confirm(
            merge=merge, merge_into=merge_into, create_proc=create_proc)
        moves.sudo().med_outsourcing_order_id._med_check_demand()
        return moves

    def write(self, vals):
        before = self._med_demand() if DEMAND & vals.keys() else {}
        result = super().write(vals)
        if before:
            self._med_check_raised(before)
        return result

    def _merge_moves(self, merge_into=False):
        with _merge():
            return super()._merge_moves(merge_into=merge_into)

    # ------------------------------------------------------------------ more than was confirmed

    def _med_demand(self):
        """Return ``{id: demand}`` of confirmed receipts of a processor's making, in the product's
        unit; nothing while moves are merged."""
        return {} if _merging.get() else {
            move.id: move.product_qty for move in self.sudo()
            if move.is_subcontract and move.state not in IDLE}

    def _med_check_raised(self, before):
        """Refuse a demand that was raised and is not covered today, or beyond what was ordered."""
        raised = self.filtered(lambda move: move.id in before and move.product_id.uom_id.compare(
            move.sudo().product_qty, before[move.id]) > 0)
        raised._med_check_covered(again=True)
        raised.sudo().med_outsourcing_order_id._med_check_demand()

    # ------------------------------------------------------------------ covered

    def _med_check_covered(self, again=False):
        """Refuse what no file, process or agreement covers; see :meth:`med.processor._med_gate`.

        :param again: also of receipts whose order is under way
        """
        wanted = {}
        for move in self:
            if move.product_uom_qty <= 0 or (
                    not again and move.sudo().move_orig_ids.production_id):
                continue
            if not move.is_subcontract and (
                    move.location_id.usage != "supplier"
                    or move.location_dest_id.usage == "supplier"):
                continue
            bom = move._get_subcontract_bom()
            if bom or move.is_subcontract:
                wanted.setdefault(move.picking_id, []).append(
                    (bom.med_process, move.product_id))
        for picking, rows in wanted.items():
            self.env["med.processor"]._med_gate(
                picking.partner_id, picking.company_id, rows,
                picking.picking_type_id.warehouse_id, picking)
