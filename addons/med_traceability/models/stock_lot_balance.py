from odoo import api, models
from odoo.tools import SQL

from ..tools.balance import balance
from ..tools.times import iso
from .stock_lot_trace_answer import VERSION


class StockLot(models.Model):
    _inherit = 'stock.lot'

    @api.readonly
    def med_balance(self):
        """Account for all of these lots: what came in, what went out, what is there.

        received + made + recovered + returned + transferred_in + gained
        − consumed − shipped − vendor_returned − transferred_out − scrapped − lost
        = on hand, exact, in the unit of the product; what does not balance is shown as
        ``difference`` (REQUIREMENTS TRC-3). Postings in companies the user may not see count, but
        do not say with whom.

        :return: ``{"version", "lots": [{"lot_id", "name", "product", "uom", one key per column,
            "in_total", "out_total", "on_hand", "difference", "balanced", "postings"}]}``
        """
        self.env['med.genealogy.event'].check_access('read')
        self._med_check_lots()
        self.env.flush_all()
        postings = {lot: [] for lot in self.ids}
        companies = {*self.env.user.company_ids.ids, None}
        for lot, company, event, kind, side, quantity, name, model, res_id, date, partner in (
                self.env.execute_query(SQL(
                    """
                    SELECT l.lot_id, e.company_id, e.id, l.kind, l.side, sum(l.quantity)::text,
                           e.name, e.res_model, e.res_id, min(l.date),
                           COALESCE(p.complete_name, p.name, '')
                      FROM med_genealogy_line l
                      JOIN med_genealogy_event e ON e.id = l.event_id
                 LEFT JOIN res_partner p ON p.id = e.partner_id
                     WHERE l.lot_id = ANY(%s) AND l.active AND l.quantity <> 0
                  GROUP BY l.lot_id, e.id, l.kind, l.side, p.id
                  ORDER BY min(l.date), e.id, l.side DESC
                    """, self.ids))):
            postings[lot].append({
                'event': event, 'kind': kind, 'side': side, 'quantity': quantity, 'name': name,
                'model': model, 'res_id': res_id, 'date': iso(date), 'partner': partner,
                **({} if company in companies else self._med_withheld_posting())})
        on_hand = dict(self.env.execute_query(SQL(
            """
            SELECT q.lot_id, sum(q.quantity)::text FROM stock_quant q
              JOIN stock_location loc ON loc.id = q.location_id
             WHERE q.lot_id = ANY(%s) AND (loc.usage = 'internal' OR (
                   loc.usage = 'transit' AND loc.company_id IS NOT NULL))
          GROUP BY q.lot_id
            """, self.ids)))
        lots = []
        for lot in self:
            sums = balance(
                [(row['kind'], row['side'], row['quantity']) for row in postings[lot.id]],
                on_hand.get(lot.id, 0))
            lots.append({
                'lot_id': lot.id, 'name': lot.name, 'product': lot.product_id.display_name,
                'uom': lot.product_uom_id.name, **sums,
                'postings': [row | {'quantity': float(row['quantity'])}
                             for row in postings[lot.id]],
            })
        return {'version': VERSION, 'lots': lots}

    def _med_withheld_posting(self):
        """Return what is told of a posting in a company the user may not see: it counts."""
        return {'event': 0, 'name': '', 'model': '', 'res_id': 0, 'partner': ''}
