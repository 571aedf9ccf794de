from odoo import api, fields, models
from odoo.exceptions import UserError


class StockLot(models.Model):
    _inherit = 'stock.lot'

    med_supplier_lot = fields.Char(
        "Supplier's Lot", index='trigram', tracking=True,
        help="The lot number on the supplier's label, where we keep our own.")
    med_genealogy_line_ids = fields.One2many('med.genealogy.line', 'lot_id', "Genealogy")
    med_controlled = fields.Boolean(related='product_id.med_controlled')

    @api.ondelete(at_uninstall=False)
    def _unlink_except_genealogy(self):
        for lot in self:
            if lot.med_controlled and self.env['med.genealogy.line'].sudo().search_count(
                    [('lot_id', '=', lot.id)], limit=1):
                raise UserError(self.env._(
                    "Lot %s has a history. A controlled product's lot is kept: scrap what is left "
                    "of it instead.", lot.name))
