from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.scan import read_label
from ..tools.udi import UdiError, check_di
from .med_udi import FNC1, FNC1_PRINTED


class MedScan(models.AbstractModel):
    """What a label is about: which product, lot and device identifier it names."""

    _inherit = 'med.scan'

    @api.model
    def _med_label(self, code):
        try:
            return read_label(code.replace(FNC1_PRINTED, FNC1), today=self._med_today(),
                              letters=self.env['med.udi']._med_letters())
        except UdiError as error:
            raise UserError(self._med_unreadable(error)) from None

    @api.model
    def _med_unreadable(self, error):
        """Return what to say of a `UdiError`."""
        return self.env._(
            "This label cannot be read as a UDI: %(reason)s Scan it again, or type it with "
            "brackets.", reason=self.env['med.udi']._med_error_text(error))

    @api.model
    def _med_today(self):
        return self.env['stock.lot']._med_today()

    @api.model
    def _med_di(self, label):
        """Return the device identifier of a label: also of a bare GTIN, if it is on file."""
        found = self.env['med.udi.di'].sudo()
        if label.udi:
            found = found._med_find(label.udi)
        elif label.code.isdecimal() and len(label.code) in (8, 12, 13, 14):
            try:
                gtin = check_di('gs1', label.code)
            except UdiError:
                return found
            found = found.search([('issuer', '=', 'gs1'), ('name', '=', gtin)])
        return found.filtered(lambda di: di.company_id.id in (False, self.company_id.id))

    def _med_identify(self, label, product_id):
        """Return what a label is about: (product, lot where the text names one, identifier)."""
        lots, di = self.env['stock.lot'], self._med_di(label)
        if product_id:
            product = self._med_products().filtered(lambda product: product.id == product_id)
            if not product:
                raise UserError(self.env._(
                    "%(document)s is not about the product with id %(product)s.",
                    document=self.display_name, product=product_id))
            return product, lots, di
        if di:
            return di.product_id.sudo(False), lots, di
        product = self._med_by_barcode(label)
        if product or label.udi:
            return product, lots, di
        lots = self._med_named(label.code, self._med_products())
        if len(lots.product_id) > 1:
            lots = lots.browse()  # it is asked which product is meant
        return lots.product_id, lots[:1], di

    @api.model
    def _med_by_barcode(self, label):
        """Return the product that Odoo itself knows by this code."""
        codes = [label.code]
        if label.udi:
            gtin = label.udi.di if label.udi.issuer == 'gs1' else ''
            codes = [gtin[-size:] for size in (14, 13, 12, 8)
                     if gtin and not gtin[:-size].strip('0')]
        return self.env['product.product'].search([('barcode', 'in', codes)], limit=1) \
            if codes else self.env['product.product']

    def _med_named(self, name, products):
        """Return the lots of `products` that bear a plain number."""
        return self.env['stock.lot'].search(
            Domain('product_id', 'in', products.ids)
            & Domain('company_id', 'in', (False, self.company_id.id))
            & (Domain('name', '=', name) | Domain('med_supplier_lot', '=', name)))

    def _med_unnumbered(self, label):
        """Return the reader's last scan, where this label is the second code that it lacks."""
        last = self._med_scans(limit=1)
        if last.user_id == self.env.user and not (label.udi and label.udi.di) and (
                last.discrepancy_ids.filtered(
                    lambda one: one.kind == 'lot_missing' and one.state == 'open')):
            return last
        return last.browse()
