from datetime import datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TraceCase


@tagged('post_install', '-at_install')
class TestTraceBy(TraceCase):
    """A trace begins at whatever is known: a lot, a supplier's lot, a day, a place, a person."""

    requirement = "T1 T8 TRC-5"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.resin, cls.wire, cls.kit = map(cls.product, ("Resin", "Wire", "Kit"))
        cls.r1 = cls.receive(cls.resin, {'SAME': 50}, cls.supplier)
        cls.w1 = cls.receive(cls.wire, {'SAME': 50}, cls.other_supplier)
        cls.r2 = cls.receive(cls.resin, {'R2': 50}, cls.supplier)
        cls.r2.med_supplier_lot = 'SUP-77'
        cls.center, cls.other_center = cls.env['mrp.workcenter'].create([
            {'name': "Welding"}, {'name': "Packing"}])
        cls.welder, cls.packer = (
            cls.user('operator', login=f'by_{name}', name=name) for name in ("welder", "packer"))
        cls.january = cls._made('K-JAN', '2026-04-10 10:00:00', cls.center, cls.welder, cls.r1)
        cls.march = cls._made('K-MAR', '2026-06-10 23:30:00', cls.other_center, cls.packer, cls.r2)
        cls.twice = cls._made('K-TWO', '2026-04-20 10:00:00', cls.center, cls.packer, cls.r1)
        cls._made(cls.twice, '2026-06-20 10:00:00', cls.other_center, cls.welder, cls.r2)
        cls.quality = cls.user('qa', login='by_qa')

    @classmethod
    def _made(cls, name, time, center, operator, lot):
        """Return the lot that an order with a work order made."""
        cls.clock.move_to(datetime.fromisoformat(time))
        kit = cls.lots_of(cls.kit, name) if isinstance(name, str) else name
        bom = cls.env['mrp.bom'].create({
            'product_tmpl_id': cls.kit.product_tmpl_id.id,
            'bom_line_ids': [Command.create({'product_id': cls.resin.id, 'product_qty': 1})],
            'operation_ids': [Command.create({'name': "Do", 'workcenter_id': center.id})]})
        order = cls.env['mrp.production'].create({
            'product_id': cls.kit.id, 'product_qty': 1, 'bom_id': bom.id})
        order.action_confirm()
        order.lot_producing_ids = kit
        order.workorder_ids.with_user(operator).button_start()
        order.workorder_ids.with_user(operator).button_finish()
        order.qty_producing = 1
        cls._set_lines(order.move_raw_ids, [(cls.resin, lot, 1)])
        cls.close(order)
        return kit

    def _roots(self, direction='backward', **criteria):
        answer = self.env['stock.lot'].with_user(self.quality).med_trace_by(
            criteria=criteria, direction=direction)
        return sorted(row['name'] for row in answer['lots'] if row['level'] == 0)

    # ------------------------------------------------------------------ criteria

    def test_lot_name_finds_all_products_of_that_number(self):
        self.assertEqual(self._roots(lot='SAME'), ['SAME', 'SAME'])
        self.assertEqual(self._roots(lot='SAME', product_id=self.resin.id), ['SAME'])
        self.assertEqual(self._roots(lot='SAM'), [])
        self.assertEqual(self._roots(lot='%'), [])

    def test_lot_ids_and_product(self):
        self.assertEqual(self._roots(lot_ids=[self.r2.id, self.january.id]), ['K-JAN', 'R2'])
        self.assertEqual(self._roots(lot_ids=[self.r2.id], product_id=self.kit.id), [])
        self.assertEqual(self._roots(lot_ids=[]), [])
        self.assertEqual(self._roots(lot_ids=[10 ** 12, -4, 0]), [])
        self.assertEqual(self._roots(product_id=self.kit.id), ['K-JAN', 'K-MAR', 'K-TWO'])

    def test_supplier_and_supplier_lot(self):
        self.assertEqual(self._roots(supplier_id=self.supplier.id), ['R2', 'SAME'])
        self.assertEqual(self._roots(supplier_lot='SUP-77'), ['R2'])
        self.assertEqual(self._roots(supplier_lot='SAME'), ['SAME', 'SAME'])

    def test_lot_number_shared_by_two_suppliers_is_told_apart(self):
        for supplier, product in ((self.supplier, self.resin), (self.other_supplier, self.wire)):
            answer = self.env['stock.lot'].med_trace_by(
                criteria={'supplier_lot': 'SAME', 'supplier_id': supplier.id})
            self.assertEqual([row['product_id'] for row in answer['lots'] if row['level'] == 0],
                             [product.id])
            self.assertEqual({row['partner'] for row in answer['suppliers']
                              if row['lot_id'] == answer['roots'][0]}, {supplier.name})

    def test_branch_of_a_supplier_is_the_supplier(self):
        branch = self.env['res.partner'].create({
            'name': "Plant two", 'parent_id': self.supplier.id})
        self.receive(self.resin, {'R3': 1}, branch)
        self.assertEqual(self._roots(supplier_id=self.supplier.id), ['R2', 'R3', 'SAME'])
        self.assertEqual(self._roots(supplier_id=branch.id), ['R3'])

    def test_supplier_lot_without_a_receipt_is_found_by_its_label(self):
        lot = self.lots_of(self.resin, 'OPENING')
        lot.med_supplier_lot = 'OLD-1'
        self.count_stock(self.resin, lot, 5)
        self.assertEqual(self._roots(supplier_lot='OLD-1'), ['OPENING'])

    def test_production_dates_mean_whole_days_and_the_same_posting(self):
        made = {'product_id': self.kit.id}
        self.assertEqual(self._roots(date_from='2026-04-10', date_to='2026-04-10', **made),
                         ['K-JAN'])
        self.assertEqual(self._roots(date_to='2026-06-10', date_from='2026-06-01', **made),
                         ['K-MAR'])
        self.assertEqual(self._roots(date_from='2026-04-10T10:00:01Z', date_to='2026-04-19',
                                     **made), [])
        self.assertEqual(self._roots(date_from='2026-04-11', date_to='2026-06-09', **made),
                         ['K-TWO'])
        self.assertEqual(self._roots(date_from='2026-05-01', date_to='2026-05-31', **made), [],
                         "made before and after is not made between")
        self.assertEqual(self._roots(date_from='2026-06-11', **made), ['K-TWO'])
        self.assertEqual(self._roots(date_to='2026-04-09', **made), [])

    def test_work_centre_and_operator_hold_for_the_same_posting(self):
        self.assertEqual(self._roots(workcenter_id=self.center.id), ['K-JAN', 'K-TWO'])
        self.assertEqual(self._roots(operator_id=self.packer.id), ['K-MAR', 'K-TWO'])
        self.assertEqual(
            self._roots(operator_id=self.welder.id, workcenter_id=self.center.id), ['K-JAN'])
        self.assertEqual(self._roots(
            workcenter_id=self.center.id, date_from='2026-06-01'), [])

    def test_receipt_and_order(self):
        receipt = self.env['stock.move.line'].search([
            ('lot_id', '=', self.r2.id), ('location_id', '=', self.suppliers.id)]).picking_id
        self.assertEqual(self._roots(picking_id=receipt.id), ['R2'])
        order = self.env['mrp.production'].search([('lot_producing_ids', 'in', self.march.ids)])
        self.assertEqual(self._roots(production_id=order.id), ['K-MAR'])
        self.assertEqual(self._roots(production_id=receipt.id + 10 ** 8), [])
        self.assertEqual(self._roots(picking_id=order.id + 10 ** 8), [])

    def test_superseded_posting_is_not_found(self):
        order = self.env['mrp.production'].search([('lot_producing_ids', 'in', self.march.ids)])
        other = self.lots_of(self.kit, 'K-RIGHT')
        order.move_finished_ids.move_line_ids.lot_id = other
        self.assertEqual(self._roots(production_id=order.id), ['K-RIGHT'])
        lots = self.env['stock.lot'].with_context(active_test=False)
        self.assertEqual(lots.med_trace_by(criteria={'production_id': order.id})['roots'],
                         other.ids)

    def test_direction_and_depth_reach_the_trace(self):
        answer = self.env['stock.lot'].med_trace_by(
            criteria={'lot_ids': self.r1.ids}, direction='forward', depth=1)
        self.assertEqual(self.names(answer), ['K-JAN', 'K-TWO'])
        self.assertEqual((answer['direction'], answer['depth']), ('forward', 1))
        answer = self.env['stock.lot'].med_trace_by(
            criteria={'lot_ids': self.january.ids}, direction='both')
        self.assertEqual(self.names(answer['backward']), ['SAME'])
        self.assertEqual(self.names(answer['forward']), [])

    def test_parts_asked_for_are_those_of_the_whole_answer(self):
        self.deliver([(self.kit, self.january, 1)])
        whole = self.r1.med_trace(direction='forward')
        self.assertTrue(whole['consignees'] and whole['suppliers'] and whole['stock'])
        for part in ('lots', 'edges', 'events', 'consignees', 'suppliers', 'stock'):
            answer = self.r1.med_trace(direction='forward', parts=[part])
            self.assertEqual(answer[part], whole[part], part)
            self.assertFalse({'lots', 'edges', 'events', 'consignees', 'suppliers', 'stock',
                              'edges_left_out'} & answer.keys() - {part, f'{part}_left_out'}, part)
            self.assertLessEqual(answer['totals'].items(), whole['totals'].items())
            self.assertEqual((answer['roots'], answer['heads']), (whole['roots'], whole['heads']))

    def test_events_are_those_behind_the_parts_asked_for(self):
        self.deliver([(self.kit, self.january, 1)])
        trace = self.env['stock.lot'].with_user(self.quality).med_trace_by
        for part, kinds in (('consignees', {'delivery'}), ('suppliers', {'receipt'}),
                            ('edges', {'manufacture'}),
                            ('lots', {'delivery', 'receipt', 'manufacture'})):
            answer = trace(criteria={'lot_ids': self.r1.ids}, parts=[part, 'events'])
            self.assertEqual({row['kind'] for row in answer['events']}, kinds, part)
        answer = trace(criteria={'lot_ids': self.r1.ids}, direction='both', parts=['consignees'])
        self.assertEqual(len(answer['forward']['consignees']), 1)
        self.assertNotIn('lots', answer['backward'])

    # ------------------------------------------------------------------ bad input

    def test_bad_criteria_get_one_sentence(self):
        for criteria in (
            None, {}, [], 'lot', 5, {'nonsense': 1}, {'lot': 'x', 'nonsense': 1}, {1: 2},
            {'lot': 5}, {'lot': ''}, {'lot': None}, {'lot': ['SAME']}, {'lot_ids': 'x'},
            {'lot_ids': 5}, {'lot_ids': ['1']}, {'lot_ids': [1.0]}, {'lot_ids': [True]},
            {'lot_ids': [None]}, {'lot_ids': [[1]]}, {'lot_ids': {'a': 1}}, {'product_id': '1'},
            {'product_id': 1.5}, {'product_id': True}, {'product_id': 0}, {'product_id': [1]},
            {'supplier_id': 'x'}, {'supplier_lot': 7}, {'date_from': 20260131},
            {'date_from': '31.01.2026'}, {'date_from': '2026-13-01'}, {'date_to': 'yesterday'},
            {'date_from': '2026-01-31 25:00:00'}, {'date_from': '2026-01-31T08:15:00+08:00'},
            {'date_from': '2026-01-31 08:15:00 and more'}, {'date_from': '0000-00-00'},
            {'workcenter_id': 'x'}, {'operator_id': {}}, {'picking_id': []},
            {'production_id': '7'}, {'lot_ids': list(range(50_001))},
        ):
            with self.subTest(criteria=str(criteria)[:60]), self.assertRaises(UserError) as caught:
                self.env['stock.lot'].med_trace_by(criteria=criteria)
            self.assertNotIn('\n', str(caught.exception).strip())

    def test_bad_direction_depth_and_parts_get_one_sentence(self):
        for arguments in ({'direction': 'sideways'}, {'direction': None}, {'direction': ['both']},
                          {'direction': ''}, {'direction': 1}, {'depth': -1}, {'depth': 1.0},
                          {'depth': '1'}, {'depth': True}, {'depth': None}, {'depth': 10 ** 30},
                          {'parts': 'lots'}, {'parts': ['lot']}, {'parts': None}, {'parts': 5},
                          {'parts': [1]}, {'parts': [['lots']]}, {'parts': {'lots': 1}}):
            with self.subTest(**arguments), self.assertRaises(UserError):
                self.r1.med_trace(**arguments)
            with self.assertRaises(UserError):
                self.env['stock.lot'].med_trace_by(criteria={'lot': 'SAME'}, **arguments)

    def test_a_million_roots_are_refused_at_once(self):
        for call in (lambda: self.env['stock.lot'].browse(range(1, 1_000_001)).med_trace(),
                     lambda: self.env['stock.lot'].browse(range(1, 1_000_001)).med_balance(),
                     lambda: self.env['stock.lot'].med_trace_by(
                         criteria={'lot_ids': list(range(1, 1_000_001))})):
            with self.assertRaisesRegex(UserError, "1000000"):
                call()

    def test_no_roots_give_an_empty_answer(self):
        answer = self.env['stock.lot'].med_trace(direction='forward')
        self.assertEqual((answer['roots'], answer['lots'], answer['totals']['lots']), ([], [], 0))
        self.assertEqual(self.env['stock.lot'].med_balance()['lots'], [])
