from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, models

IDLE = ("draft", "done", "cancel")

# Whether a part of an order is being split off right now: what was ordered in time goes on. Not a
# context key: a caller over RPC chooses those.
_splitting = ContextVar("med_outsourcing_splitting", default=False)


@contextmanager
def _split():
    token = _splitting.set(True)
    try:
        yield
    finally:
        _splitting.reset(token)


class MrpProduction(models.Model):
    """A subcontracted order is not confirmed with a processor that is not covered today."""

    _inherit = "mrp.production"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if not _splitting.get():
            orders.filtered(lambda order: order.state not in IDLE)._med_check_covered()
        return orders

    def write(self, vals):
        before = {order: (order.subcontractor_id, order.product_id) for order in self} if (
            {"subcontractor_id", "product_id"} & vals.keys()) else {}
        result = super().write(vals)
        self.filtered(lambda order: order in before and order.state not in IDLE and before[
            order] != (order.subcontractor_id, order.product_id))._med_check_covered()
        return result

    def action_confirm(self):
        if not _splitting.get():
            self._med_check_covered()
        return super().action_confirm()

    def _split_productions(self, amounts=False, cancel_remaining_qty=False,
                           set_consumed_qty=False):
        with _split():
            return super()._split_productions(
                amounts=amounts, cancel_remaining_qty=cancel_remaining_qty,
                set_consumed_qty=set_consumed_qty)

    def _med_check_covered(self):
        """Refuse what no file, process or agreement covers; see :meth:`med.processor._med_gate`."""
        for order in self.sudo().filtered("subcontractor_id"):
            self.env["med.processor"]._med_gate(
                order.subcontractor_id, order.company_id,
                [(order.bom_id.med_process, order.product_id)],
                order.picking_type_id.warehouse_id, order)
