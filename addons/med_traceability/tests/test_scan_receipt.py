from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .scan_case import CASE, EXPIRY, MADE, OTHER, PAST, UNIT, ScanCase


@tagged('post_install', '-at_install')
class TestScanReceipt(ScanCase):
    """CN-GSP-3, EU-27-9, T9: a receipt is booked by scanning, and no label stops it."""

    requirement = "CN-GSP-3 EU-27-9 T9"

    # ------------------------------------------------------------------ what it fills

    def test_one_scan_fills_product_lot_dates_and_quantity(self):
        self.di(self.kit, UNIT)
        picking = self.receipt({self.kit: 2, self.plain: 1})
        answer = picking.with_user(self.warehouseman).med_scan(
            code=self.label(lot='L1', expiry=EXPIRY, made=MADE))
        self.assertEqual(
            [answer['booked'][key] for key in (
                'product', 'number', 'quantity', 'expiration_date', 'manufacturing_date')],
            ["Scan kit", 'L1', 1.0, str(EXPIRY), str(MADE)])
        self.assertEqual((answer['row']['done'], answer['row']['ordered']), (1.0, 2.0))
        picking.med_scan(code=self.label(lot='L1', expiry=EXPIRY, made=MADE))
        picking.med_scan(code=self.label(lot='L2', expiry=EXPIRY))
        line = picking.move_line_ids.filtered(lambda line: line.lot_name == 'L1')
        self.assertEqual((len(line), line.quantity, line.picked), (1, 2.0, True))
        self.post(picking)
        lots = picking.move_line_ids.lot_id
        self.assertRecordValues(lots.sorted('name'), [
            {'name': 'L1', 'med_manufactured': MADE, 'med_supplier_id': self.supplier.id,
             'med_supplier_lot': 'L1', 'product_qty': 2.0},
            {'name': 'L2', 'med_manufactured': False, 'med_supplier_id': self.supplier.id,
             'med_supplier_lot': 'L2', 'product_qty': 1.0}])
        self.assertEqual([self.day(lot) for lot in lots], [str(EXPIRY)] * 2)
        self.assertEqual(self.kinds(picking), [])
        scans = self.env['med.udi.scan'].search([('picking_id', '=', picking.id)])
        self.assertEqual(scans.user_id, self.warehouseman | self.env.user)
        self.assertInStep()

    def test_a_unit_bears_lot_and_serial(self):
        self.di(self.pump, UNIT)
        [lot] = self.stocked(self.pump, self.label(lot='B7', serial='S1', expiry=EXPIRY))
        self.assertEqual((lot.name, lot.med_batch, self.day(lot)), ('S1', 'B7', str(EXPIRY)))

    def test_a_package_counts_what_it_holds(self):
        unit = self.di(self.kit, UNIT)
        self.di(self.kit, CASE, level='case', contains_id=unit.id, contained_quantity=12)
        picking = self.receipt({self.kit: 36})
        answer = picking.med_scan(code=self.label(CASE, lot='L1'), quantity=3)
        self.assertEqual((answer['booked']['quantity'], answer['row']['complete']), (36.0, True))

    def test_a_package_of_units_with_serial_numbers_is_opened(self):
        unit = self.di(self.pump, UNIT)
        self.di(self.pump, CASE, level='case', contains_id=unit.id, contained_quantity=12)
        picking = self.receipt({self.pump: 12})
        with self.assertRaisesRegex(UserError, "scan each unit"):
            picking.med_scan(code=self.label(CASE, lot='L1'))

    def test_untracked_products_are_counted(self):
        self.di(self.gel, UNIT)
        picking = self.receipt({self.gel: 3})
        picking.med_scan(code=self.label(), quantity=2)
        answer = picking.med_scan(code=self.label())
        self.assertEqual((answer['row']['done'], answer['row']['complete']), (3.0, True))
        self.post(picking)
        self.assertEqual(self.gel.qty_available, 3.0)

    def test_units_of_measure_are_those_of_the_product(self):
        self.di(self.kit, UNIT)
        dozen = self.env.ref('uom.product_uom_dozen')
        picking = self.receipt({self.kit: 1})
        picking.move_ids.write({'product_uom': dozen.id, 'product_uom_qty': 2})
        answer = picking.med_scan(code=self.label(lot='L1'), quantity=24)
        self.assertEqual((answer['row']['ordered'], answer['row']['done']), (24.0, 24.0))
        self.post(picking)
        self.assertEqual(picking.move_line_ids.lot_id.product_qty, 24.0)
        self.assertEqual(picking.move_ids.quantity, 2.0)

    def test_what_is_weighed_is_taken_whole(self):
        kilo = self.env.ref('uom.product_uom_kgm')
        resin = self.product("Scan resin", uom_id=kilo.id, barcode='SCAN-RESIN')
        picking = self.receipt({resin: 12.5})
        answer = picking.med_scan(code='R-77', product_id=resin.id)
        self.assertEqual((answer['booked']['number'], answer['row']['done']), ('R-77', 12.5))

    def test_two_symbols_of_one_label_make_one_line(self):
        self.di(self.kit, UNIT)
        picking = self.receipt({self.kit: 1})
        answer = picking.med_scan(code=']C101' + UNIT)
        self.assertEqual([one['kind'] for one in answer['discrepancies']], ['lot_missing'])
        answer = picking.med_scan(code=']C11727123110L5')
        self.assertEqual(answer['booked']['number'], 'L5')
        self.assertEqual(answer['booked']['expiration_date'], '2027-12-31')
        self.assertEqual((answer['row']['done'], self.kinds(picking)), (1.0, []))
        self.assertEqual(len(picking.move_line_ids), 1)

    def test_products_that_are_not_controlled_are_booked_as_odoo_does(self):
        self.plain.barcode = '4006381333931'
        self.lots_of(self.plain, 'OLD')
        picking = self.receipt({self.plain: 2})
        picking.med_scan(code=self.label('04006381333931', lot='OLD', expiry=PAST))
        picking.med_scan(code='NEW', product_id=self.plain.id)
        self.post(picking)
        self.assertEqual(sorted(picking.move_line_ids.lot_id.mapped('name')), ['NEW', 'OLD'])
        self.assertFalse(picking.move_line_ids.lot_id.med_supplier_id)

    # ------------------------------------------------------------------ discrepancies

    def test_unknown_identifier_is_booked_and_noted(self):
        self.di(self.kit, UNIT)
        picking = self.receipt({self.kit: 1, self.plain: 1})
        code = self.label(OTHER, lot='L1')
        answer = picking.med_scan(code=code)
        self.assertEqual(answer['booked'], {})
        self.assertEqual({one['product_id'] for one in answer['choices']},
                         {self.kit.id, self.plain.id})
        answer = picking.med_scan(code=code, product_id=self.kit.id)
        [found] = answer['discrepancies']
        self.assertEqual((found['kind'], found['expected'], found['found']),
                         ('unknown_di', UNIT, OTHER))
        self.post(picking)
        self.assertEqual(picking.med_discrepancy_ids.lot_id.name, 'L1')

    def test_another_device_than_ordered_is_booked_and_noted(self):
        self.di(self.kit, UNIT)
        self.di(self.gel, OTHER)
        picking = self.receipt({self.kit: 1})
        answer = picking.med_scan(code=self.label(OTHER))
        self.assertEqual([one['kind'] for one in answer['discrepancies']], ['other_di'])
        picking.med_scan(code=self.label(lot='L1'))
        self.post(picking)
        self.assertEqual(self.gel.qty_available, 1.0)

    def test_retired_identifier_is_booked_and_noted(self):
        self.di(self.kit, UNIT).action_retire()
        picking = self.receipt({self.kit: 1})
        picking.med_scan(code=self.label(lot='L1'))
        self.assertEqual(self.kinds(picking), ['inactive_di'])

    def test_expired_lot_is_booked_and_noted(self):
        self.di(self.kit, UNIT)
        [lot] = self.stocked(self.kit, self.label(lot='L1', expiry=PAST))
        self.assertEqual(lot.med_discrepancy_ids.mapped('kind'), ['expired'])
        self.assertEqual(lot.product_qty, 1.0)

    def test_the_last_day_is_not_expired(self):
        self.di(self.kit, UNIT)
        [lot] = self.stocked(self.kit, self.label(lot='L1', expiry=date(2026, 3, 2)))
        self.assertFalse(lot.med_discrepancy_ids)
        self.env.user.tz = 'Asia/Shanghai'
        self.assertEqual(self.day(lot), '2026-03-02')

    def test_dates_that_disagree_are_both_shown_and_the_first_is_kept(self):
        self.di(self.kit, UNIT)
        [lot] = self.stocked(self.kit, self.label(lot='L1', expiry=EXPIRY, made=MADE))
        picking = self.receipt({self.kit: 2})
        other = date(2028, 2, 29)
        picking.med_scan(code=self.label(lot='L1', expiry=other, made=MADE))
        found = picking.med_discrepancy_ids
        self.assertEqual((found.kind, found.expected, found.found),
                         ('dates_disagree', str(EXPIRY), str(other)))
        self.assertIn(str(EXPIRY), found.message)
        self.assertIn(str(other), found.message)
        self.post(picking)
        self.assertEqual((self.day(lot), lot.product_qty), (str(EXPIRY), 2.0))
        self.assertEqual(len(lot.med_discrepancy_ids), 1, "the same is not noted twice")

    def test_two_scans_of_one_receipt_may_disagree(self):
        self.di(self.kit, UNIT)
        picking = self.receipt({self.kit: 2})
        picking.med_scan(code=self.label(lot='L1', expiry=EXPIRY))
        picking.med_scan(code=self.label(lot='L1', expiry=date(2028, 2, 29)))
        self.assertEqual(self.kinds(picking), ['dates_disagree'])
        self.assertEqual(picking.move_line_ids.mapped('quantity'), [2.0])

    def test_a_serial_number_that_is_in_stock_gets_a_number_of_our_own(self):
        self.di(self.pump, UNIT)
        [first] = self.stocked(self.pump, self.label(serial='S1'))
        second = self.stocked(self.pump, self.label(serial='S1'))
        self.assertNotEqual(second.name, 'S1')
        self.assertEqual(second.med_supplier_lot, 'S1')
        self.assertEqual(second.med_discrepancy_ids.mapped('kind'), ['duplicate_serial'])
        self.assertFalse(first.med_discrepancy_ids)
        picking = self.receipt({self.pump: 2})
        picking.med_scan(code=self.label(serial='S2'))
        picking.med_scan(code=self.label(serial='S2'))
        self.assertEqual(self.kinds(picking), ['duplicate_serial'])
        self.post(picking)

    def test_missing_lot_is_booked_under_a_number_of_our_own(self):
        self.di(self.kit, UNIT, pi_lot=True, pi_expiry=True)
        [lot] = self.stocked(self.kit, self.label())
        self.assertTrue(lot.name)
        self.assertEqual(sorted(lot.med_discrepancy_ids.mapped('kind')),
                         ['date_missing', 'lot_missing'])

    def test_a_lost_separator_is_noted_and_nothing_is_guessed(self):
        self.di(self.kit, UNIT)
        picking = self.receipt({self.kit: 1})
        whole = self.label(lot='ABC', serial='S1')
        picking.med_scan(code=whole.replace('\x1d', ''))
        self.assertEqual(self.kinds(picking), ['separator_lost'])
        self.assertEqual(picking.move_line_ids.lot_name, 'ABC21S1')

    def test_what_is_no_label_at_all_is_said_and_not_booked(self):
        picking = self.receipt({self.kit: 1})
        with self.assertRaisesRegex(UserError, "cannot be read"):
            picking.med_scan(code='01' + UNIT[:-1] + '9' + '10L1')
        self.assertFalse(picking.move_line_ids.filtered('picked'))

    def test_typed_receipts_are_looked_at_too(self):
        """What is really posted counts, scanned or not."""
        [lot] = self.lots_of(self.kit, 'L1')
        lot.expiration_date = lot._med_noon(PAST)
        picking = self.receipt({self.kit: 1})
        picking.move_line_ids.write({'lot_name': 'L1', 'med_manufactured': MADE, 'picked': True})
        self.post(picking)
        self.assertEqual(lot.product_qty, 1.0)
        self.assertEqual(self.kinds(picking), ['expired'])
        self.assertEqual(lot.med_manufactured, MADE)

    # ------------------------------------------------------------------ suppliers' lots

    def test_two_suppliers_may_use_the_same_number(self):
        self.di(self.kit, UNIT)
        first = self.stocked(self.kit, self.label(lot='L1'))
        second = self.stocked(self.kit, self.label(lot='L1'), partner=self.other_supplier)
        third = self.stocked(self.kit, self.label(lot='L1'), partner=self.other_supplier)
        self.assertEqual(first.name, 'L1')
        self.assertNotEqual(second.name, 'L1')
        self.assertEqual(second, third, "known again by supplier and number")
        self.assertEqual((second.med_supplier_id, second.med_supplier_lot, second.product_qty),
                         (self.other_supplier, 'L1', 2.0))
        self.assertEqual(
            self.stocked(self.kit, self.label(lot='L1')), first)

    def test_a_typed_number_of_another_supplier_is_kept_apart_too(self):
        lots = {}
        for supplier in (self.supplier, self.other_supplier):
            picking = self.receipt({self.kit: 1}, supplier)
            picking.move_line_ids.write({'lot_name': 'T1', 'picked': True})
            self.post(picking)
            lots[supplier] = picking.move_line_ids.lot_id
        self.assertNotEqual(*lots.values())
        self.assertEqual([lot.med_supplier_lot for lot in lots.values()], ['T1', 'T1'])

    def test_our_own_lot_is_no_supplier_s(self):
        own = self.lots_of(self.kit, 'L1')
        self.make(self.kit, 1, [(self.gel, None, 1)], own)
        lot = self.stocked(self.kit, self.label(lot='L1')) if self.di(self.kit, UNIT) else None
        self.assertNotEqual(lot, own)

    # ------------------------------------------------------------------ taking back

    def test_the_last_scan_is_taken_back(self):
        self.di(self.kit, UNIT)
        picking = self.receipt({self.kit: 3})
        picking.med_scan(code=self.label(lot='L1'))
        picking.med_scan(code=self.label(lot='L1', expiry=PAST), quantity=2)
        self.assertEqual(self.kinds(picking), ['expired'])
        answer = picking.med_scan_undo()
        self.assertEqual((answer['row']['done'], self.kinds(picking)), (1.0, []))
        self.assertEqual(picking.med_discrepancy_ids.state, 'withdrawn')
        picking.med_scan_undo()
        with self.assertRaisesRegex(UserError, "no scan"):
            picking.med_scan_undo()
        self.assertEqual(sum(picking.move_line_ids.mapped('quantity')), 3.0)
        self.assertFalse(picking.move_line_ids.filtered('picked'))

    def test_an_extra_line_goes_when_it_is_taken_back(self):
        self.di(self.gel, OTHER)
        picking = self.receipt({self.kit: 1})
        picking.med_scan(code=self.label(OTHER))
        picking.med_scan_undo()
        self.assertEqual(picking.move_ids.product_id, self.kit)

    def test_a_scan_of_somebody_else_is_not_taken_back(self):
        self.di(self.kit, UNIT)
        picking = self.receipt({self.kit: 1})
        picking.with_user(self.warehouseman).med_scan(code=self.label(lot='L1'))
        with self.assertRaises(UserError):
            picking.med_scan_undo()

    def test_nothing_is_booked_into_a_closed_receipt(self):
        self.di(self.kit, UNIT)
        picking = self.receipt({self.kit: 1})
        picking.med_scan(code=self.label(lot='L1'))
        self.post(picking)
        for call in (lambda: picking.med_scan(code=self.label(lot='L1')), picking.med_scan_undo):
            with self.assertRaisesRegex(UserError, "closed"):
                call()

    def test_a_scan_is_kept(self):
        self.di(self.kit, UNIT)
        picking = self.receipt({self.kit: 1})
        picking.med_scan(code=self.label(lot='L1'))
        with self.assertRaises(UserError):
            picking.env['med.udi.scan'].search([('picking_id', '=', picking.id)]).unlink()
