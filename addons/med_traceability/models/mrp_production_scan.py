from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class MrpProduction(models.Model):
    """Manufacturing orders worked through by scanning (see `med.scan`): what goes in, what comes
    out."""

    _name = 'mrp.production'
    _inherit = ['mrp.production', 'med.scan']

    med_discrepancy_ids = fields.One2many(
        'med.udi.discrepancy', 'production_id', "Discrepancies")

    # ------------------------------------------------------------------ what it is about

    def _med_scan_field(self):
        return 'production_id'

    def _med_head(self):
        return {
            'model': self._name, 'id': self.id, 'name': self.name, 'state': self.state,
            'kind': 'make', 'partner': self.product_id.display_name, 'origin': self.origin or ''}

    def _med_raw_moves(self, product=None):
        """Return the moves that take components, of one product or all."""
        return self.env['stock.move'].search([
            ('raw_material_production_id', '=', self.id), ('state', 'not in', ('done', 'cancel')),
            *([('product_id', '=', product.id)] if product else [])])

    def _med_products(self):
        return self.product_id | self._med_raw_moves().product_id

    def _med_rows(self, products=None):
        rows = [] if products and self.product_id not in products else [self._med_product_row(
            self.product_id, 'made', self._med_in_product_unit(self.product_qty),
            self._med_in_product_unit(self.qty_producing), self.lot_producing_ids.mapped('name'))]
        return rows + self._med_move_rows([
            ('raw_material_production_id', '=', self.id), ('state', '!=', 'cancel'),
            ('product_id', '!=', self.product_id.id)], 'used', products)

    def _med_in_product_unit(self, quantity):
        return self.product_uom_id._compute_quantity(quantity, self.product_id.uom_id)

    # ------------------------------------------------------------------ booking

    def _med_book(self, label, product, lot, di, amount):
        if product == self.product_id:
            return self._med_make(label, product, lot, di, amount)
        moves = self._med_raw_moves(product)
        if not moves:
            raise UserError(self.env._(
                "%(document)s takes no %(product)s. Put it back, or add it to the order.",
                document=self.name, product=product.display_name))
        lot = self._med_lot_out(label, product, lot, di)
        if lot is None:
            return None
        if product.med_controlled and lot:
            probe = self.env['stock.move.line'].new({
                'move_id': moves[0].id, 'product_id': product.id, 'lot_id': lot.id,
                'location_id': moves[0].location_id.id,
                'location_dest_id': moves[0].location_dest_id.id})
            probe._med_check_lot(lot)
        booking = self._med_confirm(moves, product, lot, amount)
        booking['line'].move_id.manual_consumption = True
        return booking

    def _med_make(self, label, product, lot, di, amount):
        """Take a label of what the order makes: its lot or serial and its dates."""
        _, serial = self.env._, product.tracking == 'serial'
        number = label.serial if serial else label.lot
        made = self.lot_producing_ids
        if product.tracking != 'none':
            if not number and not lot:
                return None
            lot = lot or self._med_named(number, product)[:1]
            if product.med_controlled:
                self._med_check_label(label, product, lot, di)
            if serial and lot in made:
                raise UserError(_(
                    "%(order)s: unit %(number)s is there already. Two units cannot bear it: "
                    "compare the labels.", order=self.name, number=lot.name))
            if not serial and made and made != lot:
                raise UserError(_(
                    "%(order)s makes lot %(lot)s, and the label says %(number)s. Compare them, or "
                    "change the lot in the order.", order=self.name, lot=made.name,
                    number=number or lot.name))
            if serial and len(made) >= self._med_in_product_unit(self.product_qty):
                raise UserError(_(
                    "%(order)s makes %(quantity)s, and all of them have a number. Take one out of "
                    "the order first.", order=self.name, quantity=f'{self.product_qty:g}'))
        new = product.tracking != 'none' and not lot
        if new:
            lot = self.env['stock.lot'].create(self._med_made_lot(label, product, number))
        before = self.qty_producing
        if lot:
            self.lot_producing_ids = [Command.link(lot.id)]
        if serial:
            self.qty_producing = len(self.lot_producing_ids)
        elif not before or self._med_scans(limit=1, product_id=product.id):
            self.qty_producing += product.uom_id._compute_quantity(
                amount or 1.0, self.product_uom_id)
        else:
            amount = 0.0  # somebody has said how many: the label says which lot they are
        self._set_qty_producing(False)
        return {'line': self.env['stock.move.line'], 'lot': lot, 'name': lot.name or '',
                'quantity': amount, 'doubts': [],
                'undo': {'made': before, 'lot': lot.id if lot not in made else 0, 'new': new}}

    def _med_made_lot(self, label, product, number):
        values = {'name': number, 'product_id': product.id}
        if product.tracking == 'serial' and label.lot:
            values['med_batch'] = label.lot
        if label.manufactured:
            values['med_manufactured'] = label.manufactured
        if label.expiry:
            values['expiration_date'] = self.env['stock.lot']._med_noon(label.expiry)
        return values

    # ------------------------------------------------------------------ taking back

    def _med_unbook(self, scan):
        undo = scan.booked
        if 'made' not in undo:
            super()._med_unbook(scan)
            return
        lot = self.env['stock.lot'].browse(undo['lot']).exists()
        if lot:
            self.lot_producing_ids = [Command.unlink(lot.id)]
        self.qty_producing = len(self.lot_producing_ids) \
            if self.product_id.tracking == 'serial' else undo['made']
        self._set_qty_producing(False)
        if undo['new'] and lot and not lot.quant_ids and not self.env[
                'stock.move.line'].search_count([('lot_id', '=', lot.id)], limit=1):
            scan.sudo().lot_id = False
            lot.sudo().unlink()
