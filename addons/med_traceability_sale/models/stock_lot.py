from odoo import models
from odoo.addons.med_traceability.models.med_genealogy_walk import int_array
from odoo.tools import SQL


class StockLot(models.Model):
    _inherit = 'stock.lot'

    def _med_payers(self, documents):
        """The invoice address of the sale pays, also for a drop-shipment."""
        places = {
            model: int_array({row[4] for row in documents.values() if row[3] == model})
            for model in ('stock.picking', 'stock.move')}
        payers = {(model, res_id): payer for model, res_id, payer in self.env.execute_query(SQL(
            """
            SELECT DISTINCT ON (sm.picking_id) 'stock.picking', sm.picking_id,
                   so.partner_invoice_id
              FROM stock_move sm
              JOIN sale_order_line sol ON sol.id = sm.sale_line_id
              JOIN sale_order so ON so.id = sol.order_id
             WHERE sm.picking_id = ANY(%(pickings)s::int[])
             UNION ALL
            SELECT 'stock.move', sm.id, so.partner_invoice_id
              FROM stock_move sm
              JOIN sale_order_line sol ON sol.id = sm.sale_line_id
              JOIN sale_order so ON so.id = sol.order_id
             WHERE sm.id = ANY(%(moves)s::int[])
            """, pickings=places['stock.picking'], moves=places['stock.move']))}
        found = super()._med_payers(documents)
        if payers:
            found.update({event: payers[row[3:5]] for event, row in documents.items()
                          if row[3:5] in payers})
        return found
