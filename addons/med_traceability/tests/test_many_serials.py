from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TraceCase

UNITS, PER_UNIT = 50, 3


@tagged('post_install', '-at_install')
class TestManySerials(TraceCase):
    """One order makes many serials, and each has its own parts (odoo/odoo#234971).

    Plain Odoo links every finished line to all lines consumed: 50 serials of 3 serial parts are
    7,500 links, and one serial "contains" 150 parts.
    """

    requirement = "T1 T2 TRC-2 ISO-7.5.9.1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.product("Trace board", 'serial')
        cls.pump = cls.product("Trace pump", 'serial', med_controlled=True)
        cls.parts = cls.receive(cls.board, {
            f'B{n:03d}': 1 for n in range(UNITS * PER_UNIT)}).sorted('name')
        cls.units = cls.lots_of(cls.pump, *(f'P{n:02d}' for n in range(UNITS))).sorted('name')

    def _order(self, units=UNITS):
        return self.order(
            self.pump, units, [(self.board, part, 1) for part in self.parts[:units * PER_UNIT]],
            self.units[:units])

    def _truth(self, units=UNITS):
        """Return ``{unit name: names of its own parts}``, in no particular sequence."""
        return {self.units[n].name: sorted(
            self.parts[n + units * k].name for k in range(PER_UNIT)) for n in range(units)}

    def _rows(self, truth):
        return [{'unit': unit, 'part': part} for unit, parts in truth.items() for part in parts]

    def _core_links(self, order):
        """Return ``{unit: parts}`` of core's own links (`consume_line_id` is the line that
        consumed: the finished one)."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT unit.name, array_agg(part.name ORDER BY part.name)
              FROM stock_move_line_consume_rel r
              JOIN stock_move_line made ON made.id = r.consume_line_id
              JOIN stock_move_line used ON used.id = r.produce_line_id
              JOIN stock_lot unit ON unit.id = made.lot_id
              JOIN stock_lot part ON part.id = used.lot_id
              JOIN stock_move m ON m.id = made.move_id WHERE m.production_id = %s GROUP BY 1
            """, [order.id])
        return dict(self.env.cr.fetchall())

    def assertExactly(self, order, truth):
        """Every serial has its own parts and no other, in our graph and in core's links."""
        for unit in order.lot_producing_ids:
            answer = self.backward(unit)
            self.assertEqual(self.names(answer), truth[unit.name])
            self.assertEqual(answer['totals']['possible'], 0)
        answer = self.backward(order.lot_producing_ids)
        self.assertEqual(len(answer['edges']), len(order.lot_producing_ids) * PER_UNIT)
        self.assertEqual(answer['totals']['lots'],
                         len(order.lot_producing_ids) * (1 + PER_UNIT))
        self.assertEqual(self._core_links(order), truth)
        self.assertInStep()

    def test_parts_recorded_before_posting_give_each_serial_its_own_three(self):
        order = self._order()
        answer = order.med_record_parts(parts=self._rows(self._truth()))
        self.assertEqual((answer['recorded'], answer['already'], answer['open']), (150, 0, []))
        self.close(order)
        self.assertExactly(order, self._truth())

    def test_parts_recorded_after_posting_give_each_serial_its_own_three(self):
        order = self.close(self._order())
        order.med_record_parts(parts=self._rows(self._truth()), source='scan')
        self.assertExactly(order, self._truth())
        part = self.parts[UNITS]
        self.assertEqual(self.names(self.forward(part)), ['P00'])

    def test_nothing_recorded_is_possible_and_never_said_to_be_exact(self):
        order = self.close(self._order())
        answer = self.backward(self.units[0])
        self.assertEqual(answer['totals']['lots'] - 1, UNITS * PER_UNIT)
        self.assertEqual(self.names(answer, exact=True), [])
        answer = self.forward(self.parts[0])
        self.assertEqual(self.names(answer, exact=False), self.units.mapped('name'))
        self.env.cr.execute(
            "SELECT count(*) FROM med_genealogy_line l JOIN med_genealogy_event e "
            "ON e.id = l.event_id WHERE e.res_model = 'mrp.production' AND e.res_id = %s",
            [order.id])
        self.assertEqual(self.env.cr.fetchone(), (UNITS + UNITS * PER_UNIT,),
                         "rows grow as inputs + outputs, not as their product")

    def test_partly_recorded_parts_leave_the_rest_to_the_other_units(self):
        truth = self._truth(10)
        order = self._order(10)
        answer = order.med_record_parts(parts=self._rows({'P00': truth['P00'], 'P01': [
            truth['P01'][0]]}))
        self.assertEqual(answer['open'], [f'P{n:02d}' for n in range(1, 10)])
        self.close(order)
        self.assertEqual(self.names(self.backward(self.units[0])), truth['P00'])
        second = self.backward(self.units[1])
        self.assertEqual(self.names(second, exact=True), truth['P01'][:1])
        free = sorted(set(self.parts[:30].mapped('name'))
                      - set(truth['P00']) - set(truth['P01'][:1]))
        self.assertEqual(self.names(second, exact=False), free)
        self.assertEqual(self.names(self.backward(self.units[5]), exact=False), free)
        self.assertEqual(self._core_links(order)['P00'], truth['P00'])
        self.assertEqual(self._core_links(order)['P05'], free)

    def test_rule_assigns_the_next_parts_in_sequence(self):
        order = self._order(10)
        answer = order.med_assign_parts(rule='sequence')
        self.assertEqual((answer['recorded'], answer['open']), (30, []))
        self.close(order)
        truth = {f'P{n:02d}': [f'B{3 * n + k:03d}' for k in range(3)] for n in range(10)}
        self.assertExactly(order, truth)
        self.assertEqual(order.med_assign_parts()['recorded'], 0)

    def test_part_recorded_twice_is_refused_and_the_same_record_again_is_not(self):
        order = self._order(10)
        order.med_record_parts(parts=[{'unit': 'P00', 'part': 'B000'}])
        again = order.med_record_parts(parts=[{'unit': 'P00', 'part': 'B000'}])
        self.assertEqual((again['recorded'], again['already']), (0, 1))
        with self.assertRaisesRegex(UserError, "B000.*P00"):
            order.med_record_parts(parts=[
                {'unit': 'P01', 'part': 'B001'}, {'unit': 'P01', 'part': 'B000'}])

    def test_refused_record_changes_nothing(self):
        order = self.close(self._order(10))
        before = self.graph(), self._core_links(order)
        for parts in (
            [{'unit': 'P00', 'part': 'B000'}, {'unit': 'P99', 'part': 'B001'}],
            [{'unit': 'P00', 'part': 'B000'}, {'unit': 'P01', 'part': 'B149'}],
            [{'unit': 'P00', 'part': 'B000', 'quantity': 2}],
            [{'unit': 'P00', 'part': 'B000', 'quantity': 0}],
            [{'unit': 'P00', 'part': 'B000', 'quantity': -1}],
            [{'unit': 'P00', 'part': 'B000', 'quantity': float('nan')}],
            [{'unit': 'P00', 'part': 'B000', 'quantity': float('inf')}],
            [{'unit': 'P00', 'part': 'B000', 'quantity': 10 ** 400}],
            [{'unit': 'P00', 'part': 'B000', 'quantity': '1'}],
            [{'unit': 'P00', 'part': 'B000', 'quantity': True}],
            [{'unit': 'P00', 'part': 'B000', 'product_id': self.pump.id}],
            [{'unit': 'P00'}], [{'part': 'B000'}], [{}], ['P00'], 'P00', None, {'unit': 'P00'},
            [{'unit': ['P00'], 'part': {'name': 'B000'}}],
            [{'unit': True, 'part': True}], [{'unit': 10 ** 30, 'part': -1}],
        ):
            with self.assertRaises(UserError, msg=parts), self.env.cr.savepoint():
                order.med_record_parts(parts=parts)
        for source in ('rule', '', None, 5, ['scan']):
            with self.assertRaises(UserError):
                order.med_record_parts(parts=[], source=source)
        for rule in ('random', None, 5):
            with self.assertRaises(UserError):
                order.med_assign_parts(rule=rule)
        for link_id, reason in ((0, "x"), (True, "x"), ('1', "x"), (None, "x"), (10 ** 30, "x"),
                                (1, ""), (1, "  "), (1, None), (1, 5)):
            with self.assertRaises(UserError):
                order.med_remove_part(link_id=link_id, reason=reason)
        self.assertEqual((self.graph(), self._core_links(order)), before)
        self.assertFalse(order.env['med.genealogy.link'].with_context(active_test=False).search(
            [('production_id', '=', order.id)]))

    def test_wrong_name_is_answered_in_one_sentence_that_names_it(self):
        order = self._order(10)
        with self.assertRaisesRegex(UserError, "B-wrong"):
            order.med_record_parts(parts=[{'unit': 'P00', 'part': 'B-wrong'}])
        with self.assertRaisesRegex(UserError, "P-wrong"):
            order.med_record_parts(parts=[{'unit': 'P-wrong', 'part': 'B000'}])

    def test_removed_record_is_superseded_and_the_part_is_free_again(self):
        truth = self._truth(10)
        order = self.close(self._order(10))
        order.med_record_parts(parts=self._rows(truth))
        link = next(part['link_id'] for unit in order.med_parts()['units'] if unit['name'] == 'P03'
                    for part in unit['parts'] if part['name'] == truth['P03'][0])
        order.med_remove_part(link_id=link, reason="Scanned the wrong label")
        kept = self.env['med.genealogy.link'].browse(link)
        self.assertFalse(kept.active)
        self.assertEqual(kept.superseded_reason, "Scanned the wrong label")
        self.assertEqual(kept.superseded_uid, self.env.user)
        answer = self.backward(self.units[3])
        self.assertEqual(self.names(answer, exact=True), truth['P03'][1:])
        self.assertEqual(self.names(answer, exact=False), truth['P03'][:1])
        self.assertEqual(self.names(self.backward(self.units[4])), truth['P04'])
        order.med_record_parts(parts=[{'unit': 'P03', 'part': truth['P03'][0]}])
        self.assertExactly(order, truth)
        with self.assertRaises(UserError):
            order.med_remove_part(link_id=link, reason="Twice")

    def test_unbuilt_unit_gives_back_its_own_parts(self):
        truth = self._truth(10)
        order = self._order(10)
        order.med_record_parts(parts=self._rows(truth))
        self.close(order)
        self.unbuild(order, 1, self.units[4])
        back = self.parts.filtered(lambda lot: lot.product_qty)
        self.assertEqual(sorted((back & self.parts[:30]).mapped('name')), truth['P04'])
        self.assertInStep()
        for name in truth['P04']:
            self.assertTrue(self.balance(back.filtered(lambda lot, name=name: lot.name == name))[
                'balanced'])

    def test_controlled_unit_of_unknown_parts_is_not_unbuilt(self):
        truth = self._truth(10)
        order = self.close(self._order(10))
        with self.assertRaisesRegex(UserError, "P04"):
            self.unbuild(order, 1, self.units[4])
        order.med_record_parts(parts=self._rows({'P04': truth['P04']}))
        self.unbuild(order, 1, self.units[4])
        with self.assertRaisesRegex(UserError, "P05"):
            self.unbuild(order, 1, self.units[5])
        self.pump.med_controlled = False
        self.unbuild(order, 1, self.units[5])

    def test_shares_that_do_not_divide_evenly_are_still_recorded_in_full(self):
        """Ten kilograms of two lots in three units: a third has no end in decimals."""
        resin = self.product("Trace resin")
        lots = self.receive(resin, {'R1': 5, 'R2': 5})
        order = self.make(self.pump, 3, [(resin, lot, 5) for lot in lots], self.units[:3])
        self.assertEqual(order.med_assign_parts()['open'], [])
        self.assertTrue(all(unit['complete'] for unit in order.med_parts()['units']))
        found = {unit.name: self.names(self.backward(unit)) for unit in self.units[:3]}
        self.assertEqual(found, {'P00': ['R1'], 'P01': ['R1', 'R2'], 'P02': ['R2']})

    def test_parts_answer_tells_what_is_recorded_and_open(self):
        order = self._order(2)
        order.med_record_parts(parts=[{'unit': 'P00', 'part': 'B000'}])
        answer = order.med_parts()
        self.assertEqual(answer['production']['id'], order.id)
        first, second = answer['units']
        self.assertEqual([part['name'] for part in first['parts']], ['B000'])
        self.assertEqual((first['needs'][0]['quantity'], first['needs'][0]['recorded']), (3, 1))
        self.assertEqual((first['complete'], second['complete']), (False, False))
        self.assertEqual([row['unassigned'] for row in answer['available']], [0, 1, 1, 1, 1, 1])

    def test_name_of_two_products_must_be_told_apart(self):
        other = self.product("Trace second board", 'serial')
        self.receive(other, {'B000': 1})
        twin = self.env['stock.lot'].search([('product_id', '=', other.id)])
        order = self.order(self.pump, 1, [(self.board, self.parts[0], 1), (other, twin, 1)],
                           self.units[0])
        with self.assertRaisesRegex(UserError, "product"):
            order.med_record_parts(parts=[{'unit': 'P00', 'part': 'B000'}])
        answer = order.med_record_parts(
            parts=[{'unit': 'P00', 'part': 'B000', 'product_id': other.id}])
        self.assertEqual(answer['recorded'], 1)
        self.close(order)
        self.assertEqual(self.backward(self.units[0])['totals']['exact'], 3)
