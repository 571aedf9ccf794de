from datetime import datetime

from odoo.addons.med_base.tests.common import MedCase
from odoo.fields import Command
from odoo.tests.common import tagged


@tagged('post_install', '-at_install')
class TestSubcontractingGenealogy(MedCase):
    """Outsourced processing is an event of its own that names the processor (TRC-1, V7)."""

    requirement = 'TRC-1 TRC-2 V7'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit, cls.sterile = cls.env['product.product'].create([
            {'name': name, 'is_storable': True, 'tracking': 'lot'}
            for name in ("Kit", "Sterile kit")])
        cls.processor = cls.env['res.partner'].create({'name': "Sterilisation works (demo)"})
        cls.env['mrp.bom'].create({
            'product_tmpl_id': cls.sterile.product_tmpl_id.id, 'type': 'subcontract',
            'subcontractor_ids': [Command.link(cls.processor.id)],
            'bom_line_ids': [Command.create({'product_id': cls.kit.id, 'product_qty': 1})]})
        cls.lot = cls.env['stock.lot'].create({'name': "KIT-1", 'product_id': cls.kit.id})
        cls.place = cls.env.company.subcontracting_location_id
        cls.env['stock.quant'].with_context(inventory_mode=True).create({
            'product_id': cls.kit.id, 'lot_id': cls.lot.id, 'location_id': cls.place.id,
            'inventory_quantity': 30}).action_apply_inventory()

    def load(self, name, quantity):
        """Order, process and receive one sterilisation load; returns the lot received."""
        order = self.env['purchase.order'].create({
            'partner_id': self.processor.id, 'order_line': [Command.create({
                'product_id': self.sterile.id, 'product_qty': quantity, 'price_unit': 1})]})
        order.button_confirm()
        receipt = order.picking_ids
        receipt._get_subcontract_production().action_assign()
        receipt.move_ids.quantity = quantity
        receipt.move_ids.move_line_ids.lot_name = name
        receipt.move_ids.picked = True
        receipt.button_validate()
        self.assertEqual(receipt.state, 'done')
        return receipt.move_ids.move_line_ids.lot_id

    def test_the_load_and_its_processor_stand_between_kit_and_sterile_kit(self):
        received = self.load("ST-1", 10)
        answer = received.med_trace('backward')
        self.assertEqual({row['name']: row['exact'] for row in answer['lots']},
                         {"ST-1": True, "KIT-1": True})
        [edge] = answer['edges']
        [event] = [row for row in answer['events'] if row['id'] == edge['event']]
        self.assertEqual((event['kind'], event['partner_id']), ('subcontract', self.processor.id))
        self.assertEqual(answer['totals']['loads'], 1)

    def test_one_lot_over_two_loads_reaches_both(self):
        received = self.load("ST-1", 10) | self.load("ST-2", 5)
        answer = self.lot.med_trace('forward')
        self.assertEqual({row['id'] for row in answer['lots']}, set((self.lot | received).ids))
        self.assertEqual(answer['totals']['loads'], 2)
        for lot in (self.lot | received).med_balance()['lots']:
            self.assertTrue(lot['balanced'], lot)

    def test_back_dating_by_core_does_not_tear_genealogy_and_stock_apart(self):
        self.load("ST-1", 10)
        self.assertEqual(self.env['med.genealogy']._differences(), [])

    def test_what_a_processor_used_is_booked_although_it_expired(self):
        (self.kit | self.sterile).med_controlled = True
        self.lot.expiration_date = datetime(2020, 1, 31, 12)
        received = self.load("ST-9", 10)
        self.assertEqual(received.med_supplier_id, self.processor)
        self.assertEqual(self.lot.product_qty, 20.0)
