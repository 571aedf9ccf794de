from odoo import fields, models

from ..models.med_genealogy_event import KINDS


class MedGenealogyCheckLine(models.TransientModel):
    _name = 'med.genealogy.check.line'
    _description = 'Genealogy Difference'

    check_id = fields.Many2one('med.genealogy.check', required=True, ondelete='cascade')
    difference = fields.Selection(
        [('missing', "Missing in the genealogy"), ('extra', "Not borne out by the stock")],
        required=True)
    kind = fields.Selection(KINDS)
    side = fields.Selection([('in', "Into the event"), ('out', "Out of the event")])
    product_id = fields.Many2one('product.product')
    lot_id = fields.Many2one('stock.lot', "Lot/Serial")
    quantity = fields.Float(digits=(20, 6))
    move_line_id = fields.Many2one('stock.move.line', "Move Line")
