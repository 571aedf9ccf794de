from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """Receipts and deliveries worked through by scanning (see `med.scan`)."""

    _name = 'stock.picking'
    _inherit = ['stock.picking', 'med.scan']

    med_discrepancy_ids = fields.One2many('med.udi.discrepancy', 'picking_id', "Discrepancies")
    med_discrepancy_count = fields.Integer(
        "Number of Discrepancies", compute='_compute_med_discrepancy_count', compute_sudo=True)

    def _compute_med_discrepancy_count(self):
        counts = dict(self.env['med.udi.discrepancy']._read_group(
            [('picking_id', 'in', self.ids), ('state', '!=', 'withdrawn')],
            ['picking_id'], ['__count']))
        for picking in self:
            picking.med_discrepancy_count = counts.get(picking, 0)

    # ------------------------------------------------------------------ what it is about

    def _med_scan_field(self):
        return 'picking_id'

    def _med_head(self):
        return {
            'model': self._name, 'id': self.id, 'name': self.name or '', 'state': self.state,
            'kind': 'in' if self._med_is_receipt() else 'out',
            'partner': self.partner_id.display_name or '', 'origin': self.origin or ''}

    def _med_is_receipt(self):
        """Return whether goods come from outside our own stock: nothing is refused then."""
        return self.location_id.usage not in ('internal', 'view')

    def _med_moves(self, product):
        """Return the moves of one product, prefetched alone: a receipt may have thousands."""
        return self.env['stock.move'].search([
            ('picking_id', '=', self.id), ('product_id', '=', product.id),
            ('state', '!=', 'cancel')])

    def _med_products(self):
        return self.env['product.product'].browse([product.id for product, in self.env[
            'stock.move']._read_group([('picking_id', '=', self.id), ('state', '!=', 'cancel')],
                                      ['product_id'])])

    def _med_choices(self):
        if not self._med_is_receipt():
            return super()._med_choices()
        return self._med_products()

    def _med_rows(self, products=None):
        role = 'in' if self._med_is_receipt() else 'out'
        moves = [('picking_id', '=', self.id), ('state', '!=', 'cancel')]
        return self._med_move_rows(moves, role, products)

    # ------------------------------------------------------------------ booking

    def _med_book(self, label, product, lot, di, amount):
        if self._med_is_receipt():
            return self._med_receive(label, product, lot, di, amount)
        moves = self._med_moves(product)
        if not moves:
            raise self._med_not_ordered(product)
        lot = self._med_lot_out(label, product, lot, di)
        return None if lot is None else self._med_confirm(
            moves, product, lot, amount, sum(moves.mapped('product_qty')))

    def _med_not_ordered(self, product):
        return UserError(self.env._(
            "%(document)s does not deliver %(product)s. Put it back, or add it to the delivery.",
            document=self.name, product=product.display_name))

    def _med_supplier(self):
        """Return whose lot numbers the labels of this receipt bear."""
        return self.partner_id.commercial_partner_id if self.location_id.usage == 'supplier' \
            else self.partner_id.browse()

    def _med_receive(self, label, product, lot, di, amount):
        """Book a label into a receipt, whatever it says."""
        moves = self._med_moves(product)
        doubts = self._med_doubts(label, di) + self._med_receipt_doubts(label, product, di, moves)
        values = {'lot_id': False, 'lot_name': False}
        if product.tracking != 'none':
            values, more = self._med_number(label, product, lot, moves)
            doubts += more
        line = self._med_same_line(moves, product, values)
        doubts += self._med_date_doubts(label, product, line, values, di)
        ordered = sum(moves.mapped('product_qty'))
        done = sum(moves.move_line_ids.filtered('picked').mapped('quantity_product_uom'))
        amount = amount or max(ordered - done, 1.0)
        # What is put in takes the place of what was expected: the state of the move stays, and
        # core need not compute the dates of all lines of the receipt anew, twice a scan.
        calm = self.with_context(preserve_state=True)
        moves, line = calm.env['stock.move'].browse(moves.ids), line.with_env(calm.env)
        calm._med_release(moves.move_line_ids.filtered(lambda one: not one.picked), amount)
        if line:
            calm._med_add(line, amount)
            line.write({name: value for name, value in (
                ('med_expiry', label.expiry), ('med_manufactured', label.manufactured))
                if value and not line[name]})
        else:
            line = calm._med_receipt_line(label, product, moves, values, amount)
        line = line.with_env(self.env)
        line.move_id._recompute_state()
        return {
            'line': line, 'lot': line.lot_id, 'quantity': amount,
            'name': line.lot_id.name or line.lot_name or '', 'doubts': doubts,
            'partner_id': self.partner_id.id, 'undo': {'lines': [[line.id, amount]]}}

    def _med_receipt_doubts(self, label, product, di, moves):
        """Return what the label says that the order does not."""
        _ = self.env._
        known = product.sudo().med_di_ids.filtered(lambda one: one.state == 'active')
        if label.udi and not di and (product.med_controlled or known):
            return [('unknown_di', _(
                "Device identifier %(di)s is not on file for %(product)s.",
                di=label.udi.di or label.hri, product=product.display_name),
                ", ".join(known.mapped('name')), label.udi.di)]
        if not moves.filtered('product_uom_qty') and (di or product.med_controlled):
            ordered = self._med_products() - product
            return [('other_di', _(
                "%(product)s is not on %(document)s.", product=product.display_name,
                document=self.name),
                ", ".join(ordered[:5].mapped('display_name')), di.name or label.hri)]
        return []

    def _med_number(self, label, product, lot, moves):
        """Return the lot, or its future name, that a label means; and what is doubtful in it.

        :return: (values of the move line, doubts)
        """
        _ = self.env._
        serial = product.tracking == 'serial'
        number = label.serial if serial else label.lot
        if lot:
            number = number or lot.name
        if not number:
            return {'lot_id': False, 'lot_name': self.env['stock.lot']._med_own_number(product),
                    'med_batch': label.lot}, [('lot_missing', _(
                        "The label of %s bears no serial number.", product.display_name)
                        if serial else _(
                        "The label of %s bears no lot number.", product.display_name), '',
                        label.hri)]
        values = self.env['stock.lot']._med_receipt_values(
            product, number, self._med_supplier(), self.company_id)
        if serial and (where := self._med_serial_seen(number, values, moves)):
            return {'lot_id': False, 'lot_name': self.env['stock.lot']._med_own_number(product),
                    'med_supplier_lot': number, 'med_batch': label.lot}, [('duplicate_serial', _(
                        "Serial number %(number)s of %(product)s exists already. %(where)s",
                        number=number, product=product.display_name, where=where), number, number)]
        if serial and label.lot:
            values['med_batch'] = label.lot
        return values, []

    def _med_serial_seen(self, number, values, moves):
        """Return where a serial number is already, in a sentence; '' where it is nowhere."""
        lot = self.env['stock.lot'].browse(values['lot_id'])
        if lot and (where := lot._med_whereabouts()):
            return where
        twin = moves.move_line_ids.filtered(
            lambda line: line.picked and number in (
                line.lot_id.name, line.lot_name, line.med_supplier_lot))
        return self.env._("It was scanned into %s before.", self.name) if twin else ''

    def _med_same_line(self, moves, product, values):
        """Return the line of this receipt that holds the same lot already."""
        if product.tracking == 'serial':
            return moves.move_line_ids.browse()
        return moves.move_line_ids.filtered(
            lambda line: line.picked and not line.package_id and not line.result_package_id
            and line.lot_id.id == values['lot_id']
            and (line.lot_id or (line.lot_name or False) == values['lot_name']))[:1]

    def _med_date_doubts(self, label, product, line, values, di):
        """Return where the label's dates are missing, past, or other than those on file."""
        _ = self.env._
        lot = self.env['stock.lot'].browse(values['lot_id'])
        number = lot.name or values['lot_name'] or ''
        doubts = []
        for read, kept in ((label.expiry, lot._med_expiry() or line.med_expiry),
                           (label.manufactured, lot.med_manufactured or line.med_manufactured)):
            if read and kept and read != kept:
                doubts.append(('dates_disagree', _(
                    "%(number)s of %(product)s: the label says %(read)s, on file is %(kept)s.",
                    number=number, product=product.display_name, read=read, kept=kept),
                    str(kept), str(read)))
        expiry = label.expiry or lot._med_expiry()
        if expiry and expiry < self.env['stock.lot']._med_today():
            doubts.append(('expired', _(
                "%(number)s of %(product)s expired on %(date)s.", number=number,
                product=product.display_name, date=expiry), '', str(expiry)))
        if label.udi and di.pi_expiry and not label.expiry:
            doubts.append(('date_missing', _(
                "The label of %s bears no expiration date.", product.display_name), '',
                label.hri))
        return doubts

    def _med_receipt_line(self, label, product, moves, values, amount):
        done = {move: sum(move.move_line_ids.filtered('picked').mapped('quantity_product_uom'))
                for move in moves}
        move = next((move for move in moves if done[move] < move.product_qty), moves[:1])
        values = {
            'picking_id': self.id, 'product_id': product.id, 'product_uom_id': product.uom_id.id,
            'quantity': amount, 'picked': True,
            'location_id': (move.location_id or self.location_id).id,
            'location_dest_id': (move.location_dest_id or self.location_dest_id).id,
            'company_id': self.company_id.id, 'med_expiry': label.expiry,
            'med_manufactured': label.manufactured, **values}
        if move:
            values['move_id'] = move.id
        if label.expiry and product.use_expiration_date:
            values['expiration_date'] = self.env['stock.lot']._med_noon(label.expiry)
        return self.env['stock.move.line'].create(values)

    # ------------------------------------------------------------------ taking back

    def _med_unbook(self, scan):
        if not self._med_is_receipt():
            super()._med_unbook(scan)
            return
        calm = self.with_context(preserve_state=True)
        for line_id, quantity in scan.booked['lines']:
            line = calm.env['stock.move.line'].browse(line_id).exists()
            move = line.move_id
            calm._med_reduce(line, quantity)
            missing = move.product_qty - sum(move.move_line_ids.mapped('quantity_product_uom'))
            if not move.product_uom_qty and not move.move_line_ids:
                move._action_cancel()
                move.unlink()
            elif missing > 0:
                calm.env['stock.move.line'].create(self._med_line_values(
                    move, min(quantity, missing), picked=False))
            move.exists().with_env(self.env)._recompute_state()
