from odoo import models
from odoo.tools import SQL


class StockLot(models.Model):
    _inherit = 'stock.lot'

    def _med_payers(self, documents):
        """The invoice address of the sale pays, also for a drop-shipment."""
        events = {
            model: [event for event, row in documents.items() if row[3] == model]
            for model in ('stock.picking', 'stock.move')}
        return super()._med_payers(documents) | dict(self.env.execute_query(SQL(
            """
            SELECT DISTINCT ON (e.id) e.id, so.partner_invoice_id
              FROM med_genealogy_event e
              JOIN stock_move sm ON sm.picking_id = e.res_id
              JOIN sale_order_line sol ON sol.id = sm.sale_line_id
              JOIN sale_order so ON so.id = sol.order_id
             WHERE e.id = ANY(%(pickings)s)
             UNION ALL
            SELECT e.id, so.partner_invoice_id
              FROM med_genealogy_event e
              JOIN stock_move sm ON sm.id = e.res_id
              JOIN sale_order_line sol ON sol.id = sm.sale_line_id
              JOIN sale_order so ON so.id = sol.order_id
             WHERE e.id = ANY(%(moves)s)
            """, pickings=events['stock.picking'], moves=events['stock.move'])))
