from odoo import api, fields, models
from odoo.exceptions import UserError


class StockLot(models.Model):
    _inherit = 'stock.lot'

    med_supplier_id = fields.Many2one(
        'res.partner', "Supplier", index='btree_not_null', tracking=True, ondelete='restrict',
        help="Whose lot number the supplier's lot is: two suppliers may use the same one.")
    med_supplier_lot = fields.Char(
        "Supplier's Lot", index='trigram', tracking=True,
        help="The lot number on the supplier's label, where we keep our own.")
    med_batch = fields.Char(
        "Batch", index='trigram', tracking=True,
        help="The lot that a unit bears beside its serial number.")
    med_manufactured = fields.Date("Manufacturing Date", tracking=True)
    med_genealogy_line_ids = fields.One2many('med.genealogy.line', 'lot_id', "Genealogy")
    med_discrepancy_ids = fields.One2many('med.udi.discrepancy', 'lot_id', "Discrepancies")
    med_discrepancy_count = fields.Integer(
        "Number of Discrepancies", compute='_compute_med_discrepancy_count', compute_sudo=True)
    med_controlled = fields.Boolean(related='product_id.med_controlled')

    def _compute_med_discrepancy_count(self):
        counts = dict(self.env['med.udi.discrepancy']._read_group(
            [('lot_id', 'in', self.ids), ('state', '!=', 'withdrawn')], ['lot_id'], ['__count']))
        for lot in self:
            lot.med_discrepancy_count = counts.get(lot, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_genealogy(self):
        for lot in self:
            if lot.med_controlled and self.env['med.genealogy.line'].sudo().search_count(
                    [('lot_id', '=', lot.id)], limit=1):
                raise UserError(self.env._(
                    "Lot %s has a history. A controlled product's lot is kept: scrap what is left "
                    "of it instead.", lot.name))
