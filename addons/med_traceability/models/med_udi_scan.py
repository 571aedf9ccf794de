from odoo import api, fields, models
from odoo.exceptions import UserError

OPTIONAL = ('picking_id', 'production_id', 'di_id', 'move_line_id', 'lot_id', 'lot_name', 'undone')


class MedUdiScan(models.Model):
    """One label that somebody scanned, and what was booked for it.

    The record of which UDI was received, used or delivered, by whom and when (CN-GSP-3, EU-27-9).
    Written by `med.scan` alone; a scan that was taken back stays, marked.
    """

    _name = 'med.udi.scan'
    _description = 'Scan'
    _order = 'id desc'
    _rec_name = 'hri'

    hri = fields.Char("Label", readonly=True, required=True, help="The code in readable form.")
    code = fields.Char("Code", readonly=True, help="As the scanner read it, separators included.")
    source = fields.Selection(
        [('wedge', "Scanner"), ('camera', "Camera"), ('typed', "Typed"),
         ('rpc', "Another program")], "How", readonly=True, required=True)
    picking_id = fields.Many2one('stock.picking', "Transfer", readonly=True, index='btree_not_null',
                                 ondelete='restrict')
    production_id = fields.Many2one('mrp.production', "Manufacturing Order", readonly=True,
                                    index='btree_not_null', ondelete='restrict')
    company_id = fields.Many2one('res.company', readonly=True, required=True, index=True)
    di_id = fields.Many2one('med.udi.di', "Device Identifier", readonly=True,
                            index='btree_not_null', ondelete='restrict')
    product_id = fields.Many2one('product.product', "Product", readonly=True, required=True,
                                 index=True, ondelete='restrict')
    move_line_id = fields.Many2one('stock.move.line', "Line", readonly=True,
                                   index='btree_not_null', ondelete='set null')
    lot_id = fields.Many2one('stock.lot', "Lot/Serial", readonly=True, index='btree_not_null',
                             ondelete='set null')
    lot_name = fields.Char("Number", readonly=True)
    quantity = fields.Float(digits='Product Unit', readonly=True, required=True)
    uom_id = fields.Many2one(related='product_id.uom_id')
    booked = fields.Json(readonly=True, help="What taking it back has to undo.")
    user_id = fields.Many2one('res.users', "Scanned By", readonly=True, required=True)
    undone = fields.Boolean("Taken Back", readonly=True)
    undone_date = fields.Datetime("Taken Back On", readonly=True)
    undone_uid = fields.Many2one('res.users', "Taken Back By", readonly=True)
    discrepancy_ids = fields.One2many('med.udi.discrepancy', 'scan_id', "Discrepancies")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([
            {**dict.fromkeys(OPTIONAL, False), **vals} for vals in vals_list])

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A scan is evidence: it is taken back, not deleted."))
