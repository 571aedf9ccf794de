from odoo import models

from ..tools.status import Use


class StockMove(models.Model):
    _inherit = "stock.move"

    def _med_wanted(self):
        """Return these moves, for reservation: what their goods are wanted for goes along.

        Only reservation looks for goods with it. Posting finds the quants as they are: filtered
        there, it would open a second quant beside the one that is held.
        """
        self.ensure_one()
        if not self.product_id.med_controlled:
            return self
        use = self._med_use(self.location_id, self.location_dest_id)
        if not use:
            return self
        mode = self.env["med.gate"]._mode(
            self.company_id.id, self.product_id.product_tmpl_id.id, self._med_warehouse().id, use)
        return self.with_context(med_use=Use(use, mode))

    def _med_warehouse(self):
        return self.location_id.warehouse_id or self.picking_type_id.warehouse_id

    def _med_use(self, source, target):
        """Return what goods are put to by going from a place to another; empty for none.

        A receipt and a correction of the count are no use: they are always posted. Addons that
        know more (a processor's place) extend this.
        """
        away = target.usage == "transit" and not target.company_id  # to another company
        if target.usage == "customer" or away:
            return "ship"
        if source.usage != "internal":
            return ""
        if target.usage == "supplier":
            return "return"
        if target.usage == "production":
            if self.med_repack_id.kind == "split":
                return ""  # both parts keep what is the matter with the lot
            order = self.raw_material_production_id
            if order.bom_id.type == "subcontract":
                return ""  # the processor has used it, days ago: his receipt is posted
            return "operation" if order else "rework"
        if target.usage == "inventory":
            return "" if self.is_inventory else "scrap"
        if self.picking_type_id and self.picking_type_id == self._med_warehouse().pack_type_id:
            return "pack"
        return "move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves.move_line_ids._med_take_back()
        return moves

    def _update_reserved_quantity_vals(self, *args, **kwargs):
        return super(StockMove, self._med_wanted())._update_reserved_quantity_vals(*args, **kwargs)

    def _get_available_quantity(self, *args, **kwargs):
        return super(StockMove, self._med_wanted())._get_available_quantity(*args, **kwargs)

    def _set_quantity_done_prepare_vals(self, qty):
        return super(StockMove, self._med_wanted())._set_quantity_done_prepare_vals(qty)
