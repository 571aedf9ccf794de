from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from .common import TraceCase


@tagged('post_install', '-at_install')
class TestBalance(TraceCase):
    """Everything that came in is somewhere; what is not, is shown."""

    requirement = "TRC-3 T5"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref('uom.decimal_product_uom').digits = 5
        cls.second = cls.foreign_company()
        cls.resin, cls.kit = cls.product("Resin"), cls.product("Kit")

    def assertBalanced(self, lot, **columns):
        row = self.balance(lot)
        told = {key: Decimal(str(row[key])) for key in columns}
        self.assertEqual(told, {key: Decimal(str(value)) for key, value in columns.items()})
        self.assertEqual((row['difference'], row['balanced']), (0, True))
        self.assertEqual(
            sum((Decimal(str(posting['quantity'])) * (1 if posting['side'] == 'out' else -1)
                 for posting in row['postings']), Decimal(0)), Decimal(str(row['on_hand'])))
        return row

    def test_odd_quantities_are_exact(self):
        """A tenth and a fifth are not three tenths in binary; here they are."""
        lot = self.receive(self.resin, {'R1': 0.3})
        self.deliver([(self.resin, lot, 0.1)])
        self.deliver([(self.resin, lot, 0.1)])
        self.scrap(lot, 0.03333)
        self.make(self.kit, 1, [(self.resin, lot, 0.00007)], self.lots_of(self.kit))
        self.assertBalanced(lot, received=0.3, shipped=0.2, scrapped=0.03333, consumed=0.00007,
                            on_hand=0.0666)

    def test_hundreds_of_small_postings_are_exact(self):
        lot = self.receive(self.resin, {'R1': 100})
        for _day in range(10):
            self.deliver([(self.resin, lot, 0.1), (self.resin, lot, 0.7), (self.resin, lot, 1.13)])
        self.assertBalanced(lot, shipped=19.3, on_hand=80.7)

    def test_everything_that_can_happen_to_a_lot_balances(self):
        lot = self.receive(self.resin, {'R1': 40})
        picking = self.deliver([(self.resin, lot, 7.5)])
        self.take_back(picking, {lot: 2.5})
        self.move([(self.resin, lot, 1.25)], self.stock, self.suppliers, 'out', self.supplier)
        order = self.make(self.kit, 4, [(self.resin, lot, 8)], self.lots_of(self.kit, 'K1'))
        self.unbuild(order, 1, order.lot_producing_ids)
        self.scrap(lot, 0.75)
        self.count_stock(self.resin, lot, 26)
        self.count_stock(self.resin, lot, 27.5)
        repacked = self.product("Resin in bags")
        self.repack('repack', [(lot, 3)], [(repacked, 'BAG1', 12)])
        self.repack('split', [(lot, 4)], [(self.resin, 'R1-A', 4)])
        part = self.env['stock.lot'].search([('name', '=', 'R1-A')])
        self.repack('merge', [(part, 1)], [(self.resin, lot, 1)])
        self.assertBalanced(
            lot, received=40, shipped=7.5, returned=2.5, vendor_returned=1.25, scrapped=0.75,
            lost=1, gained=1.5, recovered=3, consumed=15, on_hand=21.5)
        self.assertBalanced(part, recovered=4, consumed=1, on_hand=3)
        self.assertBalanced(order.lot_producing_ids, made=4, consumed=1, on_hand=3)
        self.assertBalanced(self.env['stock.lot'].search([('name', '=', 'BAG1')]),
                            recovered=12, on_hand=12)
        self.assertInStep()

    def test_units_of_measure_are_converted_once(self):
        kilogram, gram = self.env.ref('uom.product_uom_kgm'), self.env.ref('uom.product_uom_gram')
        powder = self.product("Powder", uom_id=kilogram.id)
        lot = self.receive(powder, {'PW': 1})
        picking = self.deliver([(powder, lot, 0.5)])
        picking.move_line_ids.write({'product_uom_id': gram.id, 'quantity': 333})
        row = self.assertBalanced(lot, shipped=0.333, on_hand=0.667)
        self.assertEqual(row['uom'], kilogram.name)

    def test_transfer_between_companies_balances_for_the_shared_lot(self):
        second = self.second
        transit = self.env.ref('stock.stock_location_inter_company')
        transit.active = True
        lot = self.receive(self.resin, {'R1': 10})
        rows = [(self.resin, lot, 4)]
        self.move(rows, self.stock, transit, 'out', second.partner_id)
        self.assertBalanced(lot, transferred_out=4, on_hand=6)
        self.move(rows, transit, self._warehouse(second).lot_stock_id, 'in',
                  self.company.partner_id, second)
        self.assertBalanced(lot, transferred_out=4, transferred_in=4, on_hand=10)

    def test_stock_changed_behind_the_documents_is_shown(self):
        lot = self.receive(self.resin, {'R1': 10})
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_quant SET quantity = quantity - 0.5 "
                            "WHERE lot_id = %s AND location_id = %s", [lot.id, self.stock.id])
        self.env.invalidate_all()
        row = self.balance(lot)
        self.assertEqual((row['on_hand'], row['difference'], row['balanced']), (9.5, 0.5, False))
        self.assertEqual(row['in_total'], 10)

    def test_stock_moved_away_without_a_document_is_shown(self):
        """A stock user can write a quant's location over RPC: no document says so."""
        lot = self.receive(self.resin, {'R1': 10})
        lot.quant_ids.filtered(
            lambda quant: quant.location_id == self.stock).sudo().location_id = self.customers
        row = self.balance(lot)
        self.assertEqual((row['difference'], row['balanced']), (10, False))
        self.assertEqual(self.shipped(lot), {})

    def test_goods_in_transit_inside_a_company_are_on_hand(self):
        lot = self.receive(self.resin, {'R1': 10})
        transit = self.company.internal_transit_location_id
        transit.active = True
        self.move([(self.resin, lot, 4)], self.stock, transit, 'internal')
        row = self.assertBalanced(lot, received=10, on_hand=10)
        self.assertEqual(len(row['postings']), 1)
        stock = self.forward(lot)['stock']
        self.assertEqual(sorted((row['usage'], row['quantity']) for row in stock),
                         [('internal', 6), ('transit', 4)])

    def test_lot_without_history_balances_at_nothing(self):
        lot = self.lots_of(self.resin, 'NEW')
        self.assertBalanced(lot, in_total=0, out_total=0, on_hand=0)

    def test_several_lots_are_accounted_for_one_by_one(self):
        lots = self.receive(self.resin, {'R1': 1, 'R2': 2, 'R3': 3})
        self.assertEqual([(row['name'], row['received']) for row in lots.med_balance()['lots']],
                         [('R1', 1), ('R2', 2), ('R3', 3)])

    def test_answers_come_from_a_read_only_transaction(self):
        """Traces run on a streaming replica: not one statement may write."""
        lot = self.receive(self.resin, {'R1': 10})
        units = self.lots_of(self.product("Pump", 'serial'), 'P1', 'P2')
        other = self.receive(self.resin, {'R2': 10})
        order = self.make(units.product_id, 2, [
            (self.resin, lot, 1), (self.resin, other, 1)], units)
        order.med_record_parts(parts=[{'unit': 'P1', 'part': 'R1'}])
        user = self.user('viewer', login='reader')
        user.write({'company_ids': [Command.set(self.env.user.company_ids.ids)]})
        self.env.flush_all()
        self.env.invalidate_all()
        with self.env.cr.savepoint(flush=False):
            self.env.cr.execute("SET TRANSACTION READ ONLY")
            lots = lot.with_user(user)
            self.assertEqual(self.names(lots.med_trace(direction='both')['forward']), ['P1'])
            self.assertEqual(lots.med_trace_by(criteria={'lot': 'R1'})['roots'], lot.ids)
            self.assertTrue(lots.med_balance()['lots'][0]['balanced'])
            self.assertEqual(len(lots.med_evidence()['lots']), 1)
            self.assertEqual(len(order.with_user(user).med_parts()['units']), 2)

    def test_reads_are_declared_readonly(self):
        lots, orders = type(self.env['stock.lot']), type(self.env['mrp.production'])
        for method in (lots.med_trace, lots.med_trace_by, lots.med_balance, lots.med_evidence,
                       orders.med_parts):
            self.assertTrue(getattr(method, '_readonly', False), method)
