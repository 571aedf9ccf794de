from odoo import models


class StockMove(models.Model):
    """A receipt that begins a subcontracted order is not confirmed unless it is covered.

    Not those of an order under way: what was ordered while all was in order is received.
    """

    _inherit = "stock.move"

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        self._med_check_covered()
        return super()._action_confirm(
            merge=merge, merge_into=merge_into, create_proc=create_proc)

    def _med_check_covered(self):
        wanted = {}
        for move in self:
            if move.product_uom_qty <= 0 or move.sudo().move_orig_ids.production_id:
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
