from datetime import date

from odoo.addons.med_traceability.tools.udi import build
from odoo.fields import Command

from .common import TraceCase

UNIT, OTHER, CASE = '09506000134352', '09506000134369', '19506000134359'


class ScanCase(TraceCase):
    """Receipts, deliveries and orders to scan into, and labels to scan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.product("Scan kit", med_controlled=True)
        cls.pump = cls.product("Scan pump", 'serial', med_controlled=True)
        cls.gel = cls.product("Scan gel", 'none', med_controlled=True)
        cls.plain = cls.product("Scan plain")
        cls.warehouseman = cls.user('warehouse')

    @classmethod
    def di(cls, product, name, **values):
        di = cls.env['med.udi.di'].create({
            'issuer': 'gs1', 'name': name, 'product_id': product.id, **values})
        di.state = 'active'
        return di

    @classmethod
    def label(cls, di=UNIT, **more):
        """Return a GS1 code: lot, serial (text), expiry, made (dates)."""
        keys = {'lot': '10', 'serial': '21', 'expiry': '17', 'made': '11'}
        return build('gs1', [('01', di), *((keys[key], value) for key, value in more.items())])

    @classmethod
    def receipt(cls, rows, partner=None, company=None):
        """Return a confirmed receipt, nothing done.

        :param rows: ``{product: quantity}``
        """
        cls.tick()
        warehouse = cls._warehouse(company or cls.company)
        picking = cls.env['stock.picking'].create({
            'picking_type_id': warehouse.in_type_id.id, 'location_id': cls.suppliers.id,
            'location_dest_id': warehouse.lot_stock_id.id,
            'partner_id': (partner or cls.supplier).id,
            'move_ids': [Command.create({
                'product_id': product.id, 'product_uom_qty': quantity,
                'product_uom': product.uom_id.id, 'location_id': cls.suppliers.id,
                'location_dest_id': warehouse.lot_stock_id.id,
            }) for product, quantity in rows.items()]})
        picking.action_confirm()
        return picking

    @classmethod
    def delivery(cls, rows, partner=None):
        cls.tick()
        picking = cls.env['stock.picking'].create({
            'picking_type_id': cls.warehouse.out_type_id.id, 'location_id': cls.stock.id,
            'location_dest_id': cls.customers.id, 'partner_id': (partner or cls.hospital).id,
            'move_ids': [Command.create({
                'product_id': product.id, 'product_uom_qty': quantity,
                'product_uom': product.uom_id.id, 'location_id': cls.stock.id,
                'location_dest_id': cls.customers.id}) for product, quantity in rows.items()]})
        picking.action_confirm()
        picking.action_assign()
        return picking

    @classmethod
    def stocked(cls, product, *labels, partner=None, quantity=1.0):
        """Receive labels by scanning; return their lots."""
        picking = cls.receipt({product: len(labels) * quantity}, partner)
        for label in labels:
            picking.med_scan(code=label, quantity=quantity if product.tracking != 'serial' else 0)
        cls.post(picking)
        return picking.move_line_ids.lot_id

    @classmethod
    def post(cls, picking):
        picking.with_context(skip_backorder=True, skip_expired=True).button_validate()
        assert picking.state == 'done', picking.state
        return picking

    def kinds(self, document):
        """Return the kinds of the open discrepancies of a document."""
        return sorted(document.med_discrepancy_ids.filtered(
            lambda one: one.state == 'open').mapped('kind'))

    def day(self, lot):
        return str(lot._med_expiry() or '')


EXPIRY, MADE, PAST = date(2027, 12, 31), date(2026, 1, 15), date(2026, 1, 31)
