from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.scan import lot_elements
from ..tools.udi import UdiError, build, hri


class StockLot(models.Model):
    """What stands on the label of a lot, and the lot behind a label."""

    _inherit = 'stock.lot'

    med_udi = fields.Char(
        "UDI", compute='_compute_med_udi', search='_search_med_udi',
        help="The UDI on the label of this lot or serial, in readable form.")

    @api.depends('name', 'product_id', 'med_batch', 'med_manufactured', 'med_supplier_lot',
                 'expiration_date')
    def _compute_med_udi(self):
        for lot in self:
            lot.med_udi = lot._med_udi_text()

    @api.model
    def _search_med_udi(self, operator, value):
        """Find lots by a whole UDI, scanned or typed, or by any number on their label."""
        if operator not in ('=', 'in', 'like', 'ilike', '=ilike'):
            return NotImplemented
        codes = [value] if isinstance(value, str) else [one for one in value if one]
        found = Domain.FALSE
        for code in codes:
            try:
                found |= self._med_code_domain(code)
            except UserError:
                continue  # it is no code (yet): nothing bears it
        return found

    # ------------------------------------------------------------------ public

    @api.model
    @api.readonly
    def med_find(self, code):
        """Find the lots and serials that a label means, at most 100.

        :param str code: a whole UDI (scanned, or typed with brackets), or the number of a lot,
            serial, batch or supplier's lot
        :return: ``{"version", "lots": [{"id", "name", "product_id", "product", "udi"}]}``
        :raise UserError: the code begins like a UDI and is none
        """
        self.env['med.genealogy.event'].check_access('read')
        lots = self.search(self._med_code_domain(code), limit=100)
        return {'version': 1, 'lots': [{
            'id': lot.id, 'name': lot.name, 'product_id': lot.product_id.id,
            'product': lot.product_id.display_name, 'udi': lot._med_udi_text()} for lot in lots]}

    # ------------------------------------------------------------------ dates

    @api.model
    def _med_zone(self):
        # One column of the person is wanted, not all of them.
        return ZoneInfo(self.env.user.with_context(prefetch_fields=False).tz or 'UTC')

    @api.model
    def _med_today(self):
        """Return the day it is for the user; no caller's context changes it."""
        return datetime.now(timezone.utc).astimezone(self._med_zone()).date()

    @api.model
    def _med_noon(self, day):
        """Return the time to keep for a day of a label: noon UTC is that day almost everywhere."""
        return datetime.combine(day, time(12))

    def _med_expiry(self):
        """Return the last day on which the lot may be used, or None."""
        moment = self.expiration_date
        return moment.replace(tzinfo=timezone.utc).astimezone(
            self._med_zone()).date() if moment else None

    # ------------------------------------------------------------------ UDI

    def _med_di(self, level='unit'):
        """Return the device identifier in use of the lot's product at a level of packaging."""
        self.ensure_one()
        return self.product_id.sudo().med_di_ids.filtered(
            lambda di: di.state == 'active' and di.level == level
            and di.company_id.id in (False, self.company_id.id or di.company_id.id)
        ).sorted('id', reverse=True)[:1]

    def _med_udi_parts(self, level):
        """Return ``(issuer, elements)`` of the lot's UDI, or None where something is missing."""
        di = self._med_di(level)
        if not di:
            return None
        serial = self.product_id.tracking == 'serial'
        known = {
            'lot': self.med_batch if serial else self.med_supplier_lot or self.name,
            'serial': (self.med_supplier_lot or self.name) if serial else '',
            'expiry': self._med_expiry(), 'manufactured': self.med_manufactured,
        }
        wanted = [name for name, flag in (
            ('lot', di.pi_lot), ('serial', di.pi_serial), ('expiry', di.pi_expiry),
            ('manufactured', di.pi_manufactured)) if flag]
        if not all(known[name] for name in wanted):
            return None
        return di.issuer, lot_elements(
            di.issuer, di.name, {name: known[name] for name in wanted})

    def _med_udi(self, level='unit'):
        """Return the UDI of this lot in machine form; '' where it has none, or part is unknown."""
        parts = self._med_udi_parts(level)
        try:
            return build(*parts) if parts else ''
        except UdiError:
            return ''

    def _med_udi_text(self, level='unit'):
        """Return the UDI of this lot as people read it; '' as in `_med_udi`."""
        parts = self._med_udi_parts(level)
        try:
            return hri(*parts) if parts else ''
        except UdiError:
            return ''

    # ------------------------------------------------------------------ the lot behind a label

    @api.model
    def _med_code_domain(self, code):
        """Return the domain of the lots that a code means."""
        if not isinstance(code, str) or not code.strip():
            raise UserError(self.env._("The code must be text."))
        label = self.env['med.scan']._med_label(code.strip())
        if label.udi is None:
            return Domain.OR([(name, '=', label.code)] for name in (
                'name', 'med_batch', 'med_supplier_lot'))
        di = self.env['med.udi.di'].sudo()._med_find(label.udi)
        domain = Domain('product_id', 'in', di.product_id.ids or
                        self.env['med.scan']._med_by_barcode(label).ids)
        for number, tracking, names in (
                (label.serial, 'serial', ('name', 'med_supplier_lot')),
                (label.lot, 'lot', ('name', 'med_supplier_lot')),
                (label.lot, 'serial', ('med_batch',))):
            if number:
                domain &= Domain('product_id.tracking', '!=', tracking) | Domain.OR(
                    [(name, '=', number)] for name in names)
        return domain

    # ------------------------------------------------------------------ whose number it is

    @api.model
    def _med_own_number(self, product):
        """Return a number of our own for a lot, one that no lot of the product bears."""
        sequence = product.lot_sequence_id.sudo()
        while True:
            name = sequence.next_by_id() if sequence else \
                self.env['ir.sequence'].sudo().next_by_code('stock.lot.serial')
            if not self.sudo().search_count(
                    [('product_id', '=', product.id), ('name', '=', name)], limit=1):
                return name

    @api.model
    def _med_receipt_values(self, product, number, supplier, company):
        """Return the lot that a number on a supplier's label means.

        Of a controlled product: the lot with this supplier's lot number; else one that bears the
        name and is not another's; else a new one, with a number of our own where the name is
        taken. Of any other product, the lot of that name, as Odoo has it.

        :param supplier: `res.partner`, empty where the goods do not come from a supplier
        :return: ``{'lot_id', 'lot_name', 'med_supplier_lot'}`` of a move line
        """
        here = Domain('product_id', '=', product.id) & Domain(
            'company_id', 'in', (False, company.id))
        named = self.search(here & Domain('name', '=', number), limit=1)
        values = {'lot_id': named.id, 'lot_name': False if named else number,
                  'med_supplier_lot': False}
        if not product.med_controlled or not supplier:
            return values
        known = self.search(
            here & Domain('med_supplier_id', '=', supplier.id)
            & Domain('med_supplier_lot', '=', number), limit=1, order='id DESC')
        if known:
            return {'lot_id': known.id, 'lot_name': False, 'med_supplier_lot': False}
        values['med_supplier_lot'] = number
        if named and named._med_is_foreign(supplier):
            values.update(lot_id=False, lot_name=self._med_own_number(product))
        return values

    def _med_is_foreign(self, supplier):
        """Return whether this lot came from somebody else than `supplier`: also from us."""
        if self.med_supplier_id:
            return self.med_supplier_id != supplier
        lines = self.med_genealogy_line_ids.sudo().filtered(
            lambda line: line.active and line.side == 'out')
        givers = lines.filtered(
            lambda line: line.kind == 'receipt').event_id.partner_id.commercial_partner_id
        if givers:
            return supplier not in givers
        return bool(lines.filtered(lambda line: line.kind in ('manufacture', 'subcontract')))

    def _med_whereabouts(self):
        """Return where this lot is, as a sentence; '' where it is nowhere."""
        quants = self.quant_ids.sudo().filtered(
            lambda quant: quant.quantity > 0
            and quant.location_id.usage in ('internal', 'transit', 'customer'))
        if not quants:
            return ''
        return self.env._("It is in %s.", ", ".join(quants.location_id.mapped('display_name')))
