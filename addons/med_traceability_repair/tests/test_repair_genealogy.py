from datetime import datetime

from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import tagged


@tagged('post_install', '-at_install')
class TestRepairGenealogy(MedCase):
    """Parts fitted and removed by a repair are in the genealogy of the unit (TRC-1, TRC-2, T7)."""

    requirement = 'TRC-1 TRC-2 T7'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env['stock.warehouse'].search(
            [('company_id', '=', cls.env.company.id)], limit=1)
        cls.stock = cls.warehouse.lot_stock_id
        cls.board, cls.pump = cls.env['product.product'].create([
            {'name': name, 'is_storable': True, 'tracking': 'serial'}
            for name in ("Board", "Pump")])
        cls.old, cls.new, cls.unit = cls.env['stock.lot'].create([
            {'name': "B-OLD", 'product_id': cls.board.id},
            {'name': "B-NEW", 'product_id': cls.board.id},
            {'name': "P-1", 'product_id': cls.pump.id}])
        for lot in (cls.old, cls.new, cls.unit):
            cls.env['stock.quant'].with_context(inventory_mode=True).create({
                'product_id': lot.product_id.id, 'lot_id': lot.id,
                'location_id': cls.stock.id, 'inventory_quantity': 1}).action_apply_inventory()

    def repair(self, add=None, remove=None, recycle=None):
        """Carry out a repair of the unit; returns it done."""
        parts = {'add': add, 'remove': remove, 'recycle': recycle}
        order = self.env['repair.order'].create({
            'product_id': self.pump.id, 'lot_id': self.unit.id, 'product_qty': 1,
            'picking_type_id': self.warehouse.repair_type_id.id,
            'move_ids': [Command.create({
                'repair_line_type': kind, 'product_id': self.board.id, 'product_uom_qty': 1})
                for kind, lot in parts.items() if lot],
        })
        order.action_validate()
        order.action_repair_start()
        for move in order.move_ids:
            move.quantity = 1
            move.lot_ids = parts[move.repair_line_type]
            move.picked = True
        order.action_repair_end()
        self.assertEqual(order.state, 'done')
        return order

    def names(self, answer):
        return {row['name']: row['exact'] for row in answer['lots']}

    def test_a_fitted_part_is_in_the_unit(self):
        self.repair(add=self.new)
        self.assertEqual(self.names(self.unit.med_trace('backward')), {"P-1": True, "B-NEW": True})
        self.assertEqual(self.names(self.new.med_trace('forward')), {"B-NEW": True, "P-1": True})

    def test_a_removed_part_came_out_of_the_unit_and_is_scrapped(self):
        self.repair(add=self.new)
        self.repair(remove=self.new)
        self.assertEqual(self.names(self.unit.med_trace('forward')), {"P-1": True, "B-NEW": False})
        [sums] = self.new.med_balance()['lots']
        self.assertEqual((sums['gained'], sums['consumed'], sums['recovered'], sums['scrapped']),
                         (1, 1, 1, 1))
        self.assertTrue(sums['balanced'])

    def test_a_recycled_part_is_in_stock_again_and_the_loop_ends(self):
        self.repair(add=self.new)
        self.repair(recycle=self.new)
        self.repair(add=self.new)
        self.assertEqual(set(self.names(self.new.med_trace('forward'))), {"B-NEW", "P-1"})
        self.assertTrue(self.new.med_balance()['lots'][0]['balanced'])

    def test_the_unit_itself_is_not_counted_by_its_repair(self):
        self.repair(add=self.new, remove=self.old)
        [sums] = self.unit.med_balance()['lots']
        self.assertEqual((sums['in_total'], sums['out_total'], sums['on_hand']), (1, 0, 1))
        self.assertTrue(sums['balanced'])

    def test_genealogy_and_stock_agree_after_repairs(self):
        self.repair(add=self.new, remove=self.old)
        self.assertEqual(self.env['med.genealogy']._differences(), [])

    def test_an_expired_part_is_not_fitted(self):
        self.board.med_controlled = True
        self.new.expiration_date = datetime(2020, 1, 31, 12)
        with self.assertRaisesRegex(UserError, "expired on 2020-01-31"):
            self.repair(add=self.new)
        self.board.med_controlled = False
        self.repair(add=self.new)
