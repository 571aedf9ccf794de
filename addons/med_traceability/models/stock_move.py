from odoo import models

POSTING = object()
"""Context value under which an order posts its moves: it records them itself, all at once."""


class StockMove(models.Model):
    _inherit = 'stock.move'

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        posted = moves
        if self.env.context.get('med_posting') is POSTING:
            posted = moves.filtered(
                lambda move: not (move.production_id or move.raw_material_production_id))
        self.env['med.genealogy']._post(posted.move_line_ids)
        return moves
