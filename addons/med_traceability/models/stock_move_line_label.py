from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError


class StockMoveLine(models.Model):
    """Labels in what is really posted: kept at receipt, guarded at use and delivery.

    Nothing is asked of products that are not controlled, and nothing is refused for not having
    been scanned.
    """

    _inherit = 'stock.move.line'

    med_supplier_lot = fields.Char(
        "Supplier's Lot", help="The number on the label, where the lot gets one of our own.")
    med_batch = fields.Char("Batch", help="The lot that a unit bears beside its serial number.")
    med_manufactured = fields.Date("Manufacturing Date")
    med_expiry = fields.Date("Expiry on the Label")

    def _action_done(self):
        self._med_name_lots()
        named = self.filtered('lot_id')
        named._med_check_use()
        res = super()._action_done()
        lines = self.exists()
        (lines - named)._med_check_use(posted=True)
        lines._med_keep_labels()
        return res

    # ------------------------------------------------------------------ receipt

    def _med_from_outside(self):
        """Return the lines of tracked goods that enter from a supplier, consignee or transit."""
        return self.filtered(
            lambda line: line.picking_id and line.product_id.tracking != 'none'
            and line._med_is_inbound())

    def _med_is_inbound(self):
        return self.location_id.usage in ('supplier', 'customer', 'transit')

    def _med_name_lots(self):
        """Give received lots of controlled products their lot by supplier (`_med_receipt_values`).
        """
        taken = {}
        for line in self._med_from_outside():
            product, supplier = line.product_id, line.picking_id._med_supplier()
            if not product.med_controlled or not supplier or line.lot_id or not line.lot_name:
                continue
            number = line.med_supplier_lot or line.lot_name
            own = line.lot_name != number
            if product.tracking == 'serial':
                if not own:
                    line._med_name_serial(number)
                continue
            key = (product, supplier, number)
            if key not in taken:
                taken[key] = self.env['stock.lot']._med_receipt_values(
                    product, number, supplier, line.company_id)
                if own and not taken[key]['lot_id']:
                    taken[key]['lot_name'] = line.lot_name
            line.write(taken[key])

    def _med_name_serial(self, number):
        """Give a unit its serial number, or one of our own where it exists already."""
        picking, product = self.picking_id, self.product_id
        values = self.env['stock.lot']._med_receipt_values(
            product, number, picking._med_supplier(), self.company_id)
        where = values['lot_id'] and self.env['stock.lot'].browse(
            values['lot_id'])._med_whereabouts()
        if where:
            values = {'lot_name': self.env['stock.lot']._med_own_number(product),
                      'med_supplier_lot': number}
            self._med_doubt('duplicate_serial', self.env._(
                "Serial number %(number)s of %(product)s exists already. %(where)s", number=number,
                product=product.display_name, where=where), number, number)
        self.write(values)

    def _prepare_new_lot_vals(self):
        vals = super()._prepare_new_lot_vals()
        vals.update({name: self[name] for name in (
            'med_supplier_lot', 'med_batch', 'med_manufactured') if self[name]})
        if self.med_supplier_lot:
            vals['med_supplier_id'] = self.picking_id._med_supplier().id
        if self.med_expiry:
            vals['expiration_date'] = self.env['stock.lot']._med_noon(self.med_expiry)
        return vals

    def _med_keep_labels(self):
        """Keep on the lots what their labels said first, and record what disagrees with it."""
        lines = self._med_from_outside().filtered('lot_id')
        records = self.env['med.udi.discrepancy'].sudo().search(
            [('move_line_id', 'in', lines.ids), ('state', '!=', 'withdrawn')])
        for line, found in records.grouped('move_line_id').items():
            found.write({'lot_id': line.lot_id.id})
        records._med_lot_known()
        known = {(record.move_line_id, record.kind) for record in records}
        for line in lines:
            for kind, message, expected, found in line._med_keep_label():
                if line.product_id.med_controlled and (line, kind) not in known:
                    line._med_doubt(kind, message, expected, found)

    def _med_keep_label(self):
        """Fill what the lot lacks from this line; return what is doubtful (see `med.scan`)."""
        _, lot, doubts = self.env._, self.lot_id, []
        kept = {'med_expiry': lot._med_expiry(), 'med_manufactured': lot.med_manufactured}
        fill = {}
        for name, on_file in kept.items():
            if self[name] and on_file and self[name] != on_file:
                doubts.append(('dates_disagree', _(
                    "%(number)s of %(product)s: the label says %(read)s, on file is %(kept)s.",
                    number=lot.name, product=self.product_id.display_name, read=self[name],
                    kept=on_file), str(on_file), str(self[name])))
            elif self[name] and not on_file:
                fill[name] = self[name]
        if 'med_expiry' in fill:
            fill['expiration_date'] = lot._med_noon(fill.pop('med_expiry'))
        if self.med_batch and not lot.med_batch:
            fill['med_batch'] = self.med_batch
        supplier = self.picking_id._med_supplier()
        if self.product_id.med_controlled and supplier and not lot.med_supplier_id \
                and not lot._med_is_foreign(supplier):
            fill['med_supplier_id'] = supplier.id
        if fill:
            lot.sudo().write(fill)
        expiry = self.med_expiry or lot._med_expiry()
        if expiry and expiry < lot._med_today():
            doubts.append(('expired', _(
                "%(number)s of %(product)s expired on %(date)s.", number=lot.name,
                product=self.product_id.display_name, date=expiry), '', str(expiry)))
        return doubts

    def _med_doubt(self, kind, message, expected, found):
        self.env['med.udi.discrepancy']._med_record([{
            'kind': kind, 'message': message, 'expected': expected, 'found': found,
            'company_id': self.company_id.id, 'product_id': self.product_id.id,
            'lot_id': self.lot_id.id, 'lot_name': self.lot_id.name or self.lot_name,
            'move_line_id': self.id, 'picking_id': self.picking_id.id,
            'partner_id': self.picking_id.partner_id.id}])

    # ------------------------------------------------------------------ use and delivery

    def _med_purpose(self):
        """Return what this line does with our own stock: ``use``, ``delivery`` or ''.

        Scrap, returns to the supplier and moves inside are none of these: that is where goods go
        that must not be used.
        """
        if self.location_id.usage not in ('internal', 'transit'):
            return ''
        if self.location_dest_id.usage == 'customer':
            return 'delivery'
        return 'use' if self.move_id.raw_material_production_id \
            and self.location_dest_id.usage == 'production' else ''

    def _med_check_use(self, posted=False):
        """Raise where lots of controlled products must not be used or delivered.

        :param posted: the stock has moved already
        :raises UserError: what, where, and what to do next, in one sentence or two
        """
        lines = self.filtered(
            lambda line: line.product_id.med_controlled and line.lot_id
            and line.product_uom_id.compare(line.quantity, 0) > 0 and line._med_purpose())
        for line in lines:
            line._med_check_lot(line.lot_id)
        lines.filtered(lambda line: line.product_id.tracking == 'serial')._med_check_there(posted)

    def _med_check_lot(self, lot):
        _ = self.env._
        done = _("used") if self._med_purpose() == 'use' else _("delivered")
        what = {'document': self.reference or self.move_id.display_name, 'lot': lot.name,
                'product': self.product_id.display_name, 'done': done}
        expiry = lot._med_expiry()
        if expiry and expiry < lot._med_today():
            raise UserError(_(
                "%(document)s: %(lot)s of %(product)s expired on %(date)s and must not be "
                "%(done)s. Take another lot, and set this one aside or scrap it.",
                date=expiry, **what))
        barring = lot.sudo().med_discrepancy_ids.filtered(
            lambda one: one.state == 'open' or one.conclusion == 'rejected')[:1]
        if barring:
            raise UserError(_(
                "%(document)s: %(lot)s of %(product)s must not be %(done)s: discrepancy "
                "%(number)s is open. %(message)s Have quality assurance settle it, or take "
                "another lot.", number=barring.name, message=barring.message, **what)
                if barring.state == 'open' else _(
                "%(document)s: %(lot)s of %(product)s must not be %(done)s: it was rejected "
                "(%(number)s). Return or scrap it, and take another lot.",
                number=barring.name, **what))

    def _med_check_there(self, posted):
        """Raise where a serial number leaves twice, or from where it is not."""
        leaving = Counter((line.lot_id, line.location_id) for line in self)
        for line in self:
            lot, place = line.lot_id, line.location_id
            have = sum(lot.quant_ids.sudo().filtered(
                lambda quant, place=place: quant.location_id == place).mapped('quantity'))
            if have - (0 if posted else leaving[lot, place]) < 0:
                raise UserError(self.env._(
                    "%(document)s: serial number %(lot)s of %(product)s is not in %(place)s, or is "
                    "there twice in this document. %(where)s Compare the label of the unit in "
                    "hand with its record.", document=line.reference, lot=lot.name,
                    product=line.product_id.display_name, place=place.display_name,
                    where=lot._med_whereabouts()))
