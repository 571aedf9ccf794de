from odoo import api, fields, models
from odoo.exceptions import UserError


class StockMove(models.Model):
    _inherit = 'stock.move'

    med_repack_id = fields.Many2one(
        'med.repack', "Repack", readonly=True, copy=False, index='btree_not_null',
        ondelete='restrict', check_company=True)

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._check_repack_permitted()
        return moves

    def write(self, vals):
        if 'med_repack_id' in vals:
            self._check_repack_permitted()
            res = super().write(vals)
            self._check_repack_permitted()
            return res
        return super().write(vals)

    def _check_repack_permitted(self):
        """Raise where a move is made part of a repack by anything but its posting."""
        if not self.med_repack_id._is_permitted():
            raise UserError(self.env._("Only posting a repack makes its stock moves."))

    @api.depends('med_repack_id.name')
    def _compute_reference(self):
        super()._compute_reference()
        for move in self.filtered('med_repack_id'):
            move.reference = move.med_repack_id.name
