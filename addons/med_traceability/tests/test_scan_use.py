from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .scan_case import EXPIRY, MADE, OTHER, PAST, UNIT, ScanCase


@tagged('post_install', '-at_install')
class TestScanUse(ScanCase):
    """CN-GSP-5, QMSR-35c, T4, T9: deliveries and orders by scanning; what must not go is refused.
    """

    requirement = "CN-GSP-5 QMSR-35c T4 T9"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls.di(cls.kit, UNIT)
        cls.operator = cls.user('operator')

    # ------------------------------------------------------------------ delivery

    def test_a_scan_confirms_the_line_of_its_lot(self):
        self.stocked(self.kit, self.label(lot='L1', expiry=EXPIRY), quantity=5)
        picking = self.delivery({self.kit: 3})
        self.assertFalse(picking.move_line_ids.picked)
        for number in (1, 2, 3):
            answer = picking.with_user(self.warehouseman).med_scan(
                code=self.label(lot='L1', expiry=EXPIRY))
            self.assertEqual(answer['row']['done'], number)
        with self.assertRaisesRegex(UserError, "3 of 3"):
            picking.med_scan(code=self.label(lot='L1', expiry=EXPIRY))
        self.post(picking)
        self.assertEqual(self.shipped(picking.move_line_ids.lot_id),
                         {("Trace hospital", 'L1'): 3.0})

    def test_a_lot_that_was_not_reserved_takes_the_place_of_the_reserved_one(self):
        first, second = self.stocked(
            self.kit, self.label(lot='L1'), self.label(lot='L2'), quantity=2)
        picking = self.delivery({self.kit: 2})
        reserved = picking.move_line_ids.lot_id
        other = (first | second) - reserved
        picking.med_scan(code=other.name, quantity=2)
        self.assertEqual(picking.move_line_ids.lot_id, other)
        self.post(picking)
        self.assertEqual((reserved.product_qty, other.product_qty), (2.0, 0.0))
        self.assertEqual(reserved.quant_ids.filtered(
            lambda quant: quant.location_id == self.stock).reserved_quantity, 0)

    def test_what_was_confirmed_alone_is_posted(self):
        self.stocked(self.kit, self.label(lot='L1'), self.label(lot='L2'), quantity=1)
        picking = self.delivery({self.kit: 2})
        picking.med_scan(code=self.label(lot='L1'))
        self.post(picking)
        self.assertEqual(picking.move_line_ids.lot_id.name, 'L1')

    def test_confirmation_is_taken_back(self):
        self.stocked(self.kit, self.label(lot='L1'), quantity=5)
        picking = self.delivery({self.kit: 3})
        picking.med_scan(code='L1', quantity=2)
        answer = picking.med_scan_undo()
        self.assertEqual(answer['row']['done'], 0)
        self.assertEqual(sum(picking.move_line_ids.mapped('quantity')), 3.0)
        picking.med_scan(code='L1', quantity=3)
        picking.med_scan_undo()
        self.assertEqual((picking.move_line_ids.picked, picking.move_line_ids.quantity),
                         (False, 3.0))

    def test_what_is_not_ordered_or_not_there_is_refused_with_a_sentence(self):
        self.di(self.pump, OTHER)
        self.stocked(self.kit, self.label(lot='L1'))
        picking = self.delivery({self.kit: 5})
        for code, text in (
                (self.label(OTHER, serial='S1'), "does not deliver"),
                (self.label(lot='NONE'), "no lot or serial NONE"), ('NONE', "nothing here"),
                (self.label('00614141999996', lot='L1'), "nothing here")):
            with self.assertRaisesRegex(UserError, text):
                picking.med_scan(code=code)
        with self.assertRaisesRegex(UserError, "are free in"), self.env.cr.savepoint():
            picking.med_scan(code=self.label(lot='L1'), quantity=2)
        self.assertFalse(picking.move_line_ids.filtered('picked'))

    def test_two_symbols_are_asked_for_at_delivery(self):
        self.stocked(self.kit, self.label(lot='L5'))
        picking = self.delivery({self.kit: 1})
        answer = picking.med_scan(code=']C101' + UNIT)
        self.assertEqual((answer['booked'], answer['wanted']), ({}, 'number'))
        answer = picking.med_scan(code=f']C101{UNIT}\n]C110L5')
        self.assertEqual(answer['booked']['number'], 'L5')

    def test_a_wrong_label_of_a_controlled_product_is_refused(self):
        self.stocked(self.kit, self.label(lot='L1', expiry=EXPIRY, made=MADE))
        picking = self.delivery({self.kit: 1})
        for label, text in (
                (self.label(lot='L1', expiry=date(2028, 2, 29)), "2028-02-29 on the label"),
                (self.label(lot='L1', made=date(2026, 1, 16)), "2026-01-16 on the label")):
            with self.assertRaisesRegex(UserError, text):
                picking.med_scan(code=label)
        self.unit.action_retire()
        with self.assertRaisesRegex(UserError, "not in use"):
            picking.med_scan(code=self.label(lot='L1'))
        self.kit.med_controlled = False
        picking.med_scan(code=self.label(lot='L1'))

    # ------------------------------------------------------------------ what is really posted

    def _refused(self, text, product, lot, **more):
        """A typed delivery and a typed order of this lot are refused."""
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            self.deliver([(product, lot, 1)])
        kit = self.lots_of(self.product("Scan set"))
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            self.make(kit.product_id, 1, [(product, lot, 1)], kit)

    def test_expired_lots_are_neither_delivered_nor_used(self):
        lot = self.stocked(self.kit, self.label(lot='L1', expiry=EXPIRY), quantity=3)
        lot.expiration_date = lot._med_noon(PAST)
        self._refused("expired on 2026-01-31", self.kit, lot)
        self.move([(self.kit, lot, 1)], self.stock, self.suppliers, 'out', self.supplier)
        self.scrap(lot, 1)
        self.kit.med_controlled = False
        self.deliver([(self.kit, lot, 1)])

    def test_a_done_delivery_is_not_changed_to_an_expired_lot(self):
        good, bad = self.stocked(
            self.kit, self.label(lot='L1'), self.label(lot='L2', expiry=EXPIRY), quantity=2)
        picking = self.deliver([(self.kit, good, 1)])
        bad.expiration_date = bad._med_noon(PAST)
        with self.assertRaisesRegex(UserError, "expired"), self.env.cr.savepoint():
            picking.move_line_ids.lot_id = bad
        with self.assertRaisesRegex(UserError, "expired"), self.env.cr.savepoint():
            self.env['stock.move.line'].create({
                'move_id': picking.move_ids.id, 'picking_id': picking.id,
                'product_id': self.kit.id, 'lot_id': bad.id, 'quantity': 1,
                'location_id': self.stock.id, 'location_dest_id': self.customers.id})

    def test_open_discrepancies_bar_use_and_delivery_until_they_are_settled(self):
        self.unit.action_retire()
        lot = self.stocked(self.kit, self.label(lot='L1'), quantity=3)
        self.assertEqual(lot.med_discrepancy_ids.kind, 'inactive_di')
        self._refused("Have quality assurance settle it", self.kit, lot)
        lot.med_discrepancy_ids.with_user(self.user('qa')).med_settle(
            conclusion='accepted', note="Old labels, agreed with the supplier")
        self.deliver([(self.kit, lot, 1)])

    def test_rejected_lots_stay_barred(self):
        lot = self.stocked(self.kit, self.label(lot='L1', expiry=PAST), quantity=3)
        lot.med_discrepancy_ids.med_settle(conclusion='rejected', note="Expired")
        lot.expiration_date = lot._med_noon(EXPIRY)
        self._refused("was rejected", self.kit, lot)

    def test_a_serial_number_does_not_leave_twice(self):
        self.di(self.pump, OTHER)
        [lot] = self.stocked(self.pump, self.label(OTHER, serial='S1'))
        self.deliver([(self.pump, lot, 1)])
        with self.assertRaisesRegex(UserError, "is not in .*Stock.*It is in .*Customers"):
            self.deliver([(self.pump, lot, 1)])

    def test_a_serial_number_is_not_confirmed_twice(self):
        self.di(self.pump, OTHER)
        self.stocked(self.pump, *(self.label(OTHER, serial=f'S{n}') for n in (1, 2)))
        picking = self.delivery({self.pump: 2})
        picking.med_scan(code=self.label(OTHER, serial='S2'))
        with self.assertRaisesRegex(UserError, "confirmed already"):
            picking.med_scan(code=self.label(OTHER, serial='S2'))

    def test_nothing_is_refused_for_not_having_been_scanned(self):
        lot = self.stocked(self.kit, self.label(lot='L1'), quantity=2)
        self.deliver([(self.kit, lot, 1)])
        made = self.lots_of(self.pump, 'P1')
        self.make(self.pump, 1, [(self.kit, lot, 1)], made)
        self.assertEqual(lot.product_qty, 0)

    def test_hostile_context_opens_no_gate(self):
        lot = self.stocked(self.kit, self.label(lot='L1', expiry=EXPIRY), quantity=2)
        lot.expiration_date = lot._med_noon(PAST)
        for context in ({'skip_expired': True, 'tz': 'Pacific/Kiritimati'},
                        {'med_permit': True, 'install_mode': True}, {'med_posting': True}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                picking = self.delivery({})
                self.env['stock.move.line'].with_context(**context).create({
                    'picking_id': picking.id, 'product_id': self.kit.id, 'lot_id': lot.id,
                    'quantity': 1, 'location_id': self.stock.id, 'picked': True,
                    'location_dest_id': self.customers.id})
                picking.with_context(**context).move_ids._action_done()

    # ------------------------------------------------------------------ manufacture

    def _order(self, product, quantity, components):
        """Return a confirmed order with its components reserved, nothing scanned."""
        order = self.env['mrp.production'].create({
            'product_id': product.id, 'product_qty': quantity, 'bom_id': False,
            'picking_type_id': self.warehouse.manu_type_id.id,
            'move_raw_ids': [Command.create({
                'product_id': component.id, 'product_uom_qty': amount,
                'product_uom': component.uom_id.id, 'location_id': self.stock.id,
                'location_dest_id': product.property_stock_production.id,
            }) for component, amount in components.items()]})
        order.action_confirm()
        order.action_assign()
        return order

    def test_components_and_the_finished_serial_are_scanned(self):
        self.stocked(self.kit, self.label(lot='L1'), self.label(lot='L2'), quantity=2)
        self.di(self.pump, OTHER)
        order = self._order(self.pump, 2, {self.kit: 3})
        scan = order.with_user(self.operator).med_scan
        scan(code=self.label(lot='L2'), quantity=2)
        answer = scan(code='L1')
        self.assertEqual((answer['row']['done'], answer['row']['complete']), (3.0, True))
        scan(code=self.label(OTHER, serial='P1', lot='B1', expiry=EXPIRY, made=MADE))
        answer = scan(code=self.label(OTHER, serial='P2', lot='B1', expiry=EXPIRY, made=MADE))
        self.assertEqual((answer['row']['role'], answer['row']['done']), ('made', 2.0))
        with self.assertRaisesRegex(UserError, "have a number"):
            scan(code=self.label(OTHER, serial='P3'))
        self.close(order)
        consumed = {line.lot_id.name: line.quantity for line in order.move_raw_ids.move_line_ids}
        self.assertEqual(consumed, {'L1': 1.0, 'L2': 2.0})
        self.assertRecordValues(order.lot_producing_ids.sorted('name'), [
            {'name': name, 'med_batch': 'B1', 'med_manufactured': MADE} for name in ('P1', 'P2')])
        self.assertEqual(self.names(self.backward(order.lot_producing_ids[0])), ['L1', 'L2'])
        self.assertInStep()

    def test_the_finished_lot_is_scanned_and_counted(self):
        self.stocked(self.gel, self.label('00614141999996')) if self.di(
            self.gel, '00614141999996') else None
        order = self._order(self.kit, 3, {self.gel: 1})
        order.med_scan(code=self.label(lot='M1', expiry=EXPIRY))
        answer = order.med_scan(code=self.label(lot='M1', expiry=EXPIRY))
        self.assertEqual((answer['row']['done'], order.lot_producing_ids.name), (2.0, 'M1'))
        with self.assertRaisesRegex(UserError, "makes lot M1"):
            order.med_scan(code=self.label(lot='M2', expiry=EXPIRY))
        order.med_scan_undo()
        self.assertEqual(order.qty_producing, 1.0)
        order.med_scan_undo()
        self.assertFalse(order.lot_producing_ids)
        self.assertFalse(self.env['stock.lot'].search([('name', '=', 'M1')]))

    def test_a_quantity_that_was_entered_stays(self):
        order = self._order(self.kit, 100, {self.gel: 1})
        order.qty_producing = 90
        order.med_scan(code=self.label(lot='M1'))
        self.assertEqual((order.qty_producing, order.lot_producing_ids.name), (90.0, 'M1'))

    def test_untracked_components_are_counted(self):
        self.di(self.gel, '00614141999996')
        self.stocked(self.gel, self.label('00614141999996'), quantity=4)
        order = self._order(self.kit, 1, {self.gel: 2})
        answer = order.med_scan(code=self.label('00614141999996'), quantity=2)
        self.assertEqual((answer['row']['done'], answer['row']['complete']), (2.0, True))

    def test_a_component_is_taken_back(self):
        self.stocked(self.kit, self.label(lot='L1'), quantity=3)
        order = self._order(self.pump, 1, {self.kit: 2})
        order.med_scan(code='L1')
        answer = order.med_scan_undo()
        self.assertEqual(answer['row']['done'], 0)
        self.assertEqual(sum(order.move_raw_ids.move_line_ids.mapped('quantity')), 2.0)

    def test_what_an_order_does_not_take_is_refused(self):
        lot = self.stocked(self.kit, self.label(lot='L1', expiry=EXPIRY))
        order = self._order(self.pump, 1, {self.gel: 1})
        with self.assertRaisesRegex(UserError, "takes no Scan kit"):
            order.med_scan(code=self.label(lot='L1'))
        order = self._order(self.pump, 1, {self.kit: 1})
        lot.expiration_date = lot._med_noon(PAST)
        with self.assertRaisesRegex(UserError, "expired .* must not be used"):
            order.med_scan(code=self.label(lot='L1'))
