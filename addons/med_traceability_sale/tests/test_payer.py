from odoo.addons.med_traceability.tests.common import TraceCase
from odoo.fields import Command
from odoo.tests import tagged


@tagged('post_install', '-at_install')
class TestPayer(TraceCase):
    """FDA-806, EU-25: a consignee is the place of delivery, beside who pays; drop-shipping too."""

    requirement = 'EU-25 TRC-1'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ward = cls.env['res.partner'].create({
            'name': "Ward 7", 'parent_id': cls.hospital.id, 'type': 'delivery'})
        cls.pool = cls.env['res.partner'].create({'name': "Purchasing pool"})
        cls.kit = cls.product("Payer kit")
        cls.lot = cls.receive(cls.kit, {'PAY-1': 10})

    def sale(self, **values):
        order = self.env['sale.order'].create({
            'partner_id': self.hospital.id, 'partner_shipping_id': self.ward.id,
            'partner_invoice_id': self.pool.id, 'order_line': [Command.create({
                'product_id': self.kit.id, 'product_uom_qty': 2, **values})]})
        order.action_confirm()
        return order

    def consignees(self):
        return [(row['partner'].split(', ')[-1], row['payer'], row['net'])
                for row in self.forward(self.lot)['consignees']]

    def test_the_invoice_address_of_the_sale_pays(self):
        picking = self.sale().picking_ids
        picking.move_ids.write({'quantity': 2, 'picked': True})
        picking._action_done()
        [row] = self.forward(self.lot)['consignees']
        self.assertEqual(row['partner_id'], self.ward.id)
        self.assertEqual((row['payer_id'], row['payer']), (self.pool.id, "Purchasing pool"))

    def test_without_a_sale_the_company_of_the_place_pays(self):
        self.deliver([(self.kit, self.lot, 1)], self.ward)
        self.assertEqual(self.consignees(), [("Ward 7", "Trace hospital", 1.0)])

    def test_a_drop_shipment_names_ward_and_payer(self):
        order = self.sale()
        order.picking_ids.action_cancel()
        picking = self.env['stock.picking'].create({
            'picking_type_id': self.warehouse.in_type_id.id, 'partner_id': self.supplier.id,
            'location_id': self.suppliers.id, 'location_dest_id': self.customers.id,
            'move_ids': [Command.create({
                'product_id': self.kit.id, 'product_uom_qty': 2, 'partner_id': self.ward.id,
                'sale_line_id': order.order_line.id, 'product_uom': self.kit.uom_id.id,
                'location_id': self.suppliers.id, 'location_dest_id': self.customers.id})]})
        picking.action_confirm()
        picking.move_line_ids.write({'lot_id': self.lot.id, 'quantity': 2, 'picked': True})
        picking._action_done()
        self.assertEqual(self.consignees(), [("Ward 7", "Purchasing pool", 2.0)])
