from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_is_zero


class MedScan(models.AbstractModel):
    """What is taken out of stock by scanning: for a delivery, or into an order."""

    _inherit = 'med.scan'

    # ------------------------------------------------------------------ which lot

    def _med_lot_out(self, label, product, lot, di):
        """Return the lot that a label names, for use or delivery; None where none is needed yet.

        :raises UserError: there is none, or what the label says is not what is on file
        """
        _ = self.env._
        if product.tracking == 'none':
            return lot.browse()
        number = label.serial if product.tracking == 'serial' else label.lot
        if not lot and not number:
            return None
        lot = lot or self._med_on_file(product, number)
        if product.med_controlled:
            self._med_check_label(label, product, lot, di)
        return lot

    def _med_on_file(self, product, number):
        """Return the one lot of `product` with this number, ours or its supplier's."""
        lots = self._med_named(number, product)
        if not lots:
            raise UserError(self.env._(
                "%(document)s: there is no lot or serial %(number)s of %(product)s. Compare the "
                "label with its print; if it is right, it was never received.",
                document=self.display_name, number=number, product=product.display_name))
        if len(lots) > 1:
            lots = lots.filtered(lambda lot: lot.product_qty > 0) or lots
        if len(lots) > 1:
            raise UserError(self.env._(
                "%(document)s: %(count)s lots of %(product)s bear the number %(number)s (%(own)s). "
                "Scan or type our own number.", document=self.display_name, count=len(lots),
                product=product.display_name, number=number, own=", ".join(lots.mapped('name'))))
        return lots

    def _med_check_label(self, label, product, lot, di):
        """Raise where the label of a controlled product must not be used as it is."""
        _ = self.env._
        if label.udi and not di:
            raise UserError(_(
                "%(document)s: device identifier %(di)s is not on file for %(product)s. Set it "
                "aside and ask quality assurance.", document=self.display_name, di=label.udi.di,
                product=product.display_name))
        for _kind, message, _expected, _found in self._med_doubts(label, di):
            raise UserError(_(
                "%(document)s: %(message)s Set it aside and ask quality assurance.",
                document=self.display_name, message=message))
        for on_label, on_file in ((label.expiry, lot._med_expiry()),
                                  (label.manufactured, lot.med_manufactured)):
            if on_label and on_file and on_label != on_file:
                raise UserError(_(
                    "%(document)s: lot %(lot)s has the date %(on_file)s on file and %(on_label)s "
                    "on the label. Set it aside and ask quality assurance.",
                    document=self.display_name, lot=lot.name, on_file=on_file, on_label=on_label))

    # ------------------------------------------------------------------ confirming lines

    def _med_confirm(self, moves, product, lot, amount, most=None):
        """Mark `amount` of a lot as done in these moves: what is reserved of it first.

        :param amount: in the unit of the product, 0 for all that is open
        :param most: refuse beyond this quantity; None for no limit
        :return: booking, as `_med_book` returns it
        :raises UserError: it is more than was ordered, or than there is
        """
        _ = self.env._
        lines = moves.move_line_ids
        done = sum(lines.filtered('picked').mapped('quantity_product_uom'))
        open_lines = lines.filtered(lambda line: not line.picked)
        reserved = open_lines.filtered(lambda line: line.lot_id == lot)
        if not amount:
            amount = sum(reserved.mapped('quantity_product_uom')) or max((most or 0) - done, 1)
        if most is not None and float_compare(done + amount, most, precision_digits=6) > 0:
            raise UserError(_(
                "%(document)s: %(done)s of %(ordered)s %(product)s are confirmed already, and "
                "this would be %(amount)s more.", document=self.display_name, done=f'{done:g}',
                ordered=f'{most:g}', product=product.display_name, amount=f'{amount:g}'))
        if product.tracking == 'serial' and lot in lines.filtered('picked').lot_id:
            raise UserError(_(
                "%(document)s: serial number %(number)s of %(product)s is confirmed already. "
                "Two units cannot bear it: compare the labels.", document=self.display_name,
                number=lot.name, product=product.display_name))
        rest, booked, last = amount, [], lines.browse()
        for line in reserved:
            if float_is_zero(rest, precision_digits=6):
                break
            take = min(rest, line.quantity_product_uom)
            last = self._med_pick(line, take)
            booked.append([last.id, take])
            rest -= take
        if not float_is_zero(rest, precision_digits=6):
            others = open_lines - reserved
            for line, take in self._med_from_stock(moves, product, lot, rest, others):
                last = line
                booked.append([line.id, take])
        return {'line': last, 'lot': lot, 'name': lot.name or '', 'quantity': amount,
                'undo': {'lines': booked}, 'doubts': []}

    def _med_pick(self, line, take):
        """Mark `take` of a reserved line as done; return the line that holds it."""
        left = line.quantity_product_uom - take
        if float_is_zero(left, precision_digits=6):
            line.picked = True
            return line
        self._med_reduce(line, take)
        return self._med_put(line.move_id, take, line)

    def _med_put(self, move, quantity, source):
        """Put `quantity` into the done line of a lot and place; return that line.

        :param source: line or quant that names lot, location, package and owner
        """
        names = ('lot_id', 'location_id', 'package_id', 'owner_id')
        twin = move.move_line_ids.filtered(
            lambda line: line.picked and all(line[name] == source[name] for name in names))[:1]
        if twin:
            self._med_add(twin, quantity)
            return twin
        return self.env['stock.move.line'].create(self._med_line_values(
            move, quantity, **{name: source[name].id for name in names}))

    def _med_from_stock(self, moves, product, lot, amount, open_lines):
        """Take a lot from stock in place of what was reserved of others; yield (line, quantity)."""
        move = next((move for move in moves if move.move_line_ids & open_lines), moves[:1])
        quants = self.env['stock.quant']._gather(
            product, move.location_id, lot_id=lot or None, strict=False).filtered(
                lambda quant: quant.lot_id == lot and quant.available_quantity > 0)
        have = sum(quants.mapped('available_quantity'))
        if not product.is_storable or move._should_bypass_reservation():
            yield self.env['stock.move.line'].create(self._med_line_values(
                move, amount, lot_id=lot.id)), amount
            return
        if not lot:  # untracked stock that was reserved for this document is free for it
            have += sum(open_lines.mapped('quantity_product_uom'))
        if float_compare(have, amount, precision_digits=6) < 0:
            raise UserError(self.env._(
                "%(document)s: %(have)s of %(what)s are free in %(place)s, and %(amount)s were "
                "scanned. %(where)s", document=self.display_name, have=f'{have:g}',
                what=lot.display_name or product.display_name, amount=f'{amount:g}',
                place=move.location_id.display_name, where=lot._med_whereabouts()))
        for quant in quants:
            take = min(amount, quant.available_quantity)
            if take <= 0:
                break
            self._med_release(open_lines, take)
            yield self._med_put(move, take, quant), take
            amount -= take

    def _med_line_values(self, move, quantity, **values):
        return {
            'move_id': move.id, 'picking_id': move.picking_id.id, 'product_id': move.product_id.id,
            'product_uom_id': move.product_id.uom_id.id, 'quantity': quantity, 'picked': True,
            'location_id': move.location_id.id, 'location_dest_id': move.location_dest_id.id,
            'company_id': move.company_id.id, **values}

    def _med_add(self, line, quantity):
        """Add `quantity`, in the unit of the product, to a line."""
        line.quantity = line.product_id.uom_id._compute_quantity(
            line.quantity_product_uom + quantity, line.product_uom_id, rounding_method='HALF-UP')

    def _med_reduce(self, line, quantity):
        """Take `quantity` off a line; a line with nothing left goes."""
        if float_compare(line.quantity_product_uom, quantity, precision_digits=6) <= 0:
            line.unlink()
        else:
            self._med_add(line, -quantity)

    def _med_release(self, lines, quantity):
        """Give up `quantity` of lines that are not done."""
        for line in lines.exists():
            if quantity <= 1e-6:
                return
            take = min(quantity, line.quantity_product_uom)
            self._med_reduce(line, take)
            quantity -= take

    # ------------------------------------------------------------------ taking back

    def _med_unbook(self, scan):
        """Take back what a scan marked as done; it stands reserved again."""
        for line_id, quantity in scan.booked['lines']:
            line = self.env['stock.move.line'].browse(line_id).exists()
            if not line:
                continue
            if line.state in ('done', 'cancel'):
                raise UserError(self.env._(
                    "%s is closed: nothing more is booked into it.", self.display_name))
            move = line.move_id
            open_line = move.move_line_ids.filtered(
                lambda other, line=line: not other.picked and other.lot_id == line.lot_id
                and other.location_id == line.location_id
                and other.package_id == line.package_id)[:1]
            if open_line or line.quantity_product_uom > quantity + 1e-6:
                values = self._med_line_values(
                    move, quantity, lot_id=line.lot_id.id, location_id=line.location_id.id,
                    package_id=line.package_id.id, owner_id=line.owner_id.id, picked=False)
                self._med_reduce(line, quantity)
                if open_line:
                    self._med_add(open_line, quantity)
                else:
                    self.env['stock.move.line'].create(values)
            else:
                line.picked = False
