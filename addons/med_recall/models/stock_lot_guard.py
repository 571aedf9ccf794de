from odoo import api, models
from odoo.addons.med_quality.tools.status import HELD
from odoo.tools import SQL


class StockLot(models.Model):
    """Nothing leaves that a running recall means, whether or not it was held yet."""

    _inherit = "stock.lot"

    @api.model
    def _med_states(self, lot_ids):
        states = super()._med_states(lot_ids)
        free = sorted(lot for lot, told in states.items() if HELD not in told)
        for lot in self._med_meant_by_recalls(free) if free else ():
            states[lot] += (HELD,)
        return states

    @api.model
    def _med_meant_by_recalls(self, lot_ids):
        """Return those of some lots, none of them held, that a running recall keeps from leaving.

        It means them, and never had them in its scope; or it has them in its scope, and they are
        not (any more) among those that may leave. What it had once, and a later version left out,
        was freed by a signature.
        """
        meant = set()
        for recall, company, query in self.env["med.recall"]._med_stopping():
            rows = self.env.execute_query(SQL(
                "SELECT lot_id FROM med_recall_scope_line WHERE recall_id = %s"
                " AND lot_id = ANY(%s)", recall, lot_ids))
            known = {lot for (lot,) in rows}
            unknown = sorted(set(lot_ids) - meant - known)
            if unknown:
                meant.update(self.env["med.recall.find"]._touched(
                    query, self.env["res.company"].browse(company), unknown))
            if known:
                running = self.env["med.recall"].sudo().browse(recall)
                lots = self.browse(known).sudo() & running._med_lots_in_scope()
                meant.update((lots - running._med_may_leave(lots)).ids)
        return meant
