from odoo.addons.med_traceability.models import med_genealogy_history
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TraceCase

CHAIN = 100_000


@tagged('post_install', '-at_install')
class TestPosting(TraceCase):
    """What Odoo posts, the genealogy says, and nothing else."""

    requirement = "T1 T7 TRC-1 TRC-4 ISO-7.5.9.1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.resin, cls.wire, cls.kit = map(cls.product, ("Resin", "Wire", "Kit"))
        cls.tube = cls.product("Tube", 'none')
        cls.r1, cls.r2 = cls.receive(cls.resin, {'R1': 100, 'R2': 100})
        cls.w1, cls.w2 = cls.receive(cls.wire, {'W1': 100, 'W2': 100})

    def _kit(self, components, quantity=2, name=None, **kw):
        """Return (order, lot) of a kit that was made."""
        lot = self.lots_of(self.kit, *([name] if name else []))
        return self.make(self.kit, quantity, components, lot, **kw), lot

    def tearDown(self):
        """After whatever a test did, genealogy and stock moves say the same."""
        super().tearDown()
        if self._outcome.success and not getattr(self, 'differs', False):
            self.assertInStep()

    # ------------------------------------------------------------------ orders

    def test_order_of_one_lot_is_exact_with_quantities_and_document(self):
        order, kit = self._kit([(self.resin, self.r1, 3), (self.wire, self.w1, 4)])
        answer = self.backward(kit)
        self.assertEqual(self.names(answer, exact=True), ['R1', 'W1'])
        self.assertEqual({(edge['from'], edge['to']): edge['quantity']
                          for edge in answer['edges']},
                         {(self.r1.id, kit.id): 3, (self.w1.id, kit.id): 4})
        [made] = [row for row in answer['events'] if row['kind'] == 'manufacture']
        self.assertEqual((made['name'], made['model'], made['res_id']),
                         (order.name, 'mrp.production', order.id))
        self.assertEqual({row['partner'] for row in answer['suppliers']}, {self.supplier.name})

    def test_partial_posting_and_backorder_keep_their_own_lots(self):
        order = self.order(self.kit, 4, [(self.resin, self.r1, 4)], self.lots_of(self.kit, 'K1'))
        order.qty_producing = 1
        self._set_lines(order.move_raw_ids, [(self.resin, self.r1, 1)])
        self.close(order, backorder=True)
        rest = order.production_group_id.production_ids - order
        rest.lot_producing_ids = self.lots_of(self.kit, 'K2')
        rest.qty_producing = 3
        self._set_lines(rest.move_raw_ids, [(self.resin, self.r2, 3)])
        self.close(rest)
        self.assertEqual(self.names(self.backward(order.lot_producing_ids)), ['R1'])
        self.assertEqual(self.names(self.backward(rest.lot_producing_ids)), ['R2'])

    def test_byproduct_comes_from_the_same_order(self):
        waste = self.product("Regrind")
        lot = self.lots_of(waste, 'G1')
        _order, kit = self._kit([(self.resin, self.r1, 3)], byproducts=[(waste, lot, 1)])
        self.assertEqual(self.names(self.forward(self.r1), exact=True), sorted(['G1', kit.name]))
        self.assertEqual(self.names(self.backward(lot), exact=True), ['R1'])

    def test_several_lots_in_and_several_lots_out_are_possible(self):
        order, kit = self._kit([(self.resin, self.r1, 1), (self.resin, self.r2, 1),
                                (self.wire, self.w1, 1)])
        self.assertEqual(self.names(self.backward(kit), exact=True), ['R1', 'R2', 'W1'])
        line = order.move_finished_ids.move_line_ids
        line.quantity = 1
        line.copy({'lot_id': self.lots_of(self.kit, 'K-other').id, 'quantity': 1})
        self.assertEqual(sum(order.move_finished_ids.move_line_ids.mapped('quantity')), 2)
        answer = self.backward(kit)
        self.assertEqual(self.names(answer, exact=True), ['W1'], "the only lot of its product")
        self.assertEqual(self.names(answer, exact=False), ['R1', 'R2'])
        self.assertEqual(self.names(self.forward(self.w1), exact=True),
                         sorted([kit.name, 'K-other']))

    def test_lot_made_again_by_another_order_has_the_parts_of_both(self):
        _order, kit = self._kit([(self.resin, self.r1, 1)])
        self.make(self.kit, 2, [(self.resin, self.r2, 1)], kit)
        self.assertEqual(self.names(self.backward(kit), exact=True), ['R1', 'R2'])

    def test_unbuilt_lot_is_a_possible_source_of_what_came_back(self):
        order, kit = self._kit([(self.resin, self.r1, 2), (self.tube, None, 2)])
        unbuild = self.unbuild(order, 1, kit)
        answer = self.backward(self.r1)
        self.assertEqual(self.names(answer, exact=False), [kit.name])
        self.assertIn(unbuild.name, [row['name'] for row in answer['events']])
        self.assertEqual(self.balance(self.r1)['recovered'], 1)
        self.assertEqual(self.balance(kit)['consumed'], 1)

    def test_recorded_parts_do_not_hide_an_untracked_component(self):
        pump = self.product("Pump", 'serial')
        units = self.lots_of(pump, 'P1', 'P2')
        self.make(self.tube, 4, [(self.resin, self.r1, 4)])
        order = self.make(pump, 2, [
            (self.tube, None, 2), (self.wire, self.w1, 1), (self.wire, self.w2, 1)], units)
        order.med_record_parts(parts=[{'unit': 'P1', 'part': 'W1'}, {'unit': 'P2', 'part': 'W2'}])
        answer = self.backward(units[0])
        self.assertEqual(self.names(answer, exact=True), ['W1'])
        self.assertEqual(self.names(answer, exact=False), ['R1'])
        self.assertEqual(self.names(self.forward(self.r1)), ['P1', 'P2'])

    # ------------------------------------------------------------------ untracked stock

    def test_untracked_intermediate_is_crossed_as_possible(self):
        self.make(self.tube, 5, [(self.resin, self.r1, 5)])
        _order, kit = self._kit([(self.tube, None, 2)])
        answer = self.forward(self.r1)
        self.assertEqual(self.names(answer, exact=False), [kit.name])
        self.assertEqual([row['kind'] for row in answer['lots']], ['lot', 'pool', 'lot'])
        self.assertEqual(self.names(self.backward(kit), exact=False), ['R1'])

    def test_pool_that_ran_empty_cuts_the_chain(self):
        self.make(self.tube, 5, [(self.resin, self.r1, 5)])
        _order, first = self._kit([(self.tube, None, 5)])
        self.make(self.tube, 5, [(self.resin, self.r2, 5)])
        _order, second = self._kit([(self.tube, None, 4)])
        self.assertEqual(self.names(self.backward(first)), ['R1'])
        self.assertEqual(self.names(self.backward(second)), ['R2'])
        self.make(self.tube, 5, [(self.resin, self.r1, 5)])
        _order, third = self._kit([(self.tube, None, 4)])
        self.assertEqual(self.names(self.backward(third)), ['R1', 'R2'])

    def test_stock_booked_out_before_it_came_in_came_from_the_next_receipt(self):
        _order, early = self._kit([(self.tube, None, 2)])
        self.make(self.tube, 5, [(self.resin, self.r1, 5)])
        self.assertEqual(self.names(self.forward(self.r1)), [early.name])
        _order, empty = self._kit([(self.tube, None, 9)])
        self.make(self.tube, 5, [(self.resin, self.r2, 5)])
        self.assertIn(empty.name, self.names(self.forward(self.r2)))
        self.assertIn(empty.name, self.names(self.forward(self.r1)))
        self.assertEqual(self.names(self.backward(empty)), ['R1', 'R2'])

    def test_untracked_stock_that_came_back_brings_its_origin_along(self):
        self.make(self.tube, 5, [(self.resin, self.r1, 5)])
        picking = self.deliver([(self.tube, None, 5)])
        self.make(self.tube, 5, [(self.resin, self.r2, 5)])
        self.take_back(picking, {None: 2})
        _order, kit = self._kit([(self.tube, None, 7)])
        self.assertEqual(self.names(self.backward(kit)), ['R1', 'R2'])
        self.assertIn(kit.name, self.names(self.forward(self.r1)))
        row = self.forward(self.r1)['consignees']
        self.assertEqual((sum(r['shipped'] for r in row), sum(r['returned'] for r in row)), (5, 2))

    def test_untracked_stock_found_by_a_count_was_there_before(self):
        self.make(self.tube, 5, [(self.resin, self.r1, 5)])
        self._kit([(self.tube, None, 5)])
        self.count_stock(self.tube, None, 3)
        _order, kit = self._kit([(self.tube, None, 3)])
        self.assertEqual(self.names(self.backward(kit)), ['R1'])

    def test_inflow_that_did_not_happen_leaves_the_pool_to_what_was_there(self):
        self.make(self.tube, 5, [(self.resin, self.r1, 5)])
        wrong = self.make(self.tube, 5, [(self.resin, self.r2, 5)])
        _order, kit = self._kit([(self.tube, None, 2)])
        self.assertEqual(self.names(self.backward(kit)), ['R1', 'R2'])
        wrong.move_finished_ids.move_line_ids.quantity = 0
        wrong.move_raw_ids.move_line_ids.quantity = 0
        self.assertEqual(self.names(self.backward(kit)), ['R1'])

    def test_consumable_is_no_obstacle(self):
        glove = self.product("Gloves", 'none', is_storable=False)
        _order, kit = self._kit([(glove, None, 2), (self.resin, self.r1, 1)])
        self.assertEqual(self.names(self.backward(kit), exact=True), ['R1'])

    # ------------------------------------------------------------------ edits

    def test_quantity_edited_after_posting_supersedes_and_keeps_the_old_line(self):
        order, kit = self._kit([(self.resin, self.r1, 3)])
        line = order.move_raw_ids.move_line_ids
        line.quantity = 5
        rows = self.env['med.genealogy.line'].with_context(active_test=False).search(
            [('move_line_id', '=', line.id)])
        self.assertEqual([(row.quantity, row.active) for row in rows], [(3, False), (5, True)])
        self.assertTrue(rows[0].superseded_date)
        self.assertEqual(rows[0].superseded_uid, self.env.user)
        self.assertEqual(self.backward(kit)['edges'][0]['quantity'], 5)
        self.assertEqual(self.balance(self.r1)['consumed'], 5)
        self.assertTrue(self.balance(self.r1)['balanced'])

    def test_lot_edited_after_posting_moves_the_edge(self):
        order, kit = self._kit([(self.resin, self.r1, 3)])
        order.move_raw_ids.move_line_ids.lot_id = self.r2
        self.assertEqual(self.names(self.backward(kit)), ['R2'])
        self.assertEqual(self.names(self.forward(self.r1)), [])
        self.assertTrue(self.balance(self.r1)['balanced'] and self.balance(self.r2)['balanced'])

    def test_lot_edited_back_and_forth_ends_where_it_is(self):
        order, kit = self._kit([(self.resin, self.r1, 3)])
        line = order.move_raw_ids.move_line_ids
        for lot in (self.r2, self.r1, self.r2, self.r1):
            line.lot_id = lot
        self.assertEqual(self.names(self.backward(kit)), ['R1'])
        self.assertEqual(self.env['med.genealogy.line'].with_context(
            active_test=False).search_count([('move_line_id', '=', line.id)]), 5)

    def test_finished_lot_edited_after_posting_moves_all_edges(self):
        order, kit = self._kit([(self.resin, self.r1, 3), (self.wire, self.w1, 3)])
        right = self.lots_of(self.kit, 'K-right')
        order.move_finished_ids.move_line_ids.lot_id = right
        self.assertEqual(self.names(self.backward(kit)), [])
        self.assertEqual(self.names(self.backward(right)), ['R1', 'W1'])
        self.assertEqual(self.names(self.forward(self.r1)), ['K-right'])

    def test_line_emptied_after_posting_takes_the_lot_out(self):
        order, kit = self._kit([(self.resin, self.r1, 3), (self.wire, self.w1, 3)])
        order.move_raw_ids.move_line_ids.filtered(lambda line: line.lot_id == self.r1).quantity = 0
        self.assertEqual(self.names(self.backward(kit)), ['W1'])

    def test_line_added_to_a_done_move_is_posted(self):
        order, kit = self._kit([(self.resin, self.r1, 3)])
        order.move_raw_ids.move_line_ids.copy({'lot_id': self.r2.id, 'quantity': 2})
        self.assertEqual(self.names(self.backward(kit)), ['R1', 'R2'])
        self.assertEqual(self.balance(self.r2)['consumed'], 2)

    def test_quantity_of_a_done_move_raised_is_posted(self):
        order, _kit = self._kit([(self.resin, self.r1, 3)])
        order.move_raw_ids.quantity = 4
        self.assertEqual(sum(self.balance(lot)['consumed'] for lot in self.r1 + self.r2), 4)

    def test_delivered_lot_edited_after_posting_changes_the_consignee(self):
        picking = self.deliver([(self.resin, self.r1, 3)])
        picking.move_line_ids.lot_id = self.r2
        self.assertEqual(self.shipped(self.r1), {})
        self.assertEqual(self.shipped(self.r2), {(self.hospital.name, 'R2'): 3})

    def test_recorded_part_whose_lot_was_edited_away_no_longer_counts(self):
        pump = self.product("Pump", 'serial')
        units = self.lots_of(pump, 'P1', 'P2')
        order = self.make(pump, 2, [(self.wire, self.w1, 1), (self.wire, self.w2, 1)], units)
        order.med_record_parts(parts=[{'unit': 'P1', 'part': 'W1'}, {'unit': 'P2', 'part': 'W2'}])
        third = self.receive(self.wire, {'W3': 5})
        order.move_raw_ids.move_line_ids.filtered(
            lambda line: line.lot_id == self.w1).lot_id = third
        self.assertEqual(self.names(self.forward(self.w1)), [])
        self.assertEqual(self.names(self.backward(units[0]), exact=True), [])
        self.assertEqual(self.names(self.backward(units[0]), exact=False), ['W3'])
        self.assertEqual(self.names(self.backward(units[1])), ['W2'])

    @mute_logger('odoo.addons.stock.models.stock_move')
    def test_state_written_to_done_by_hand_does_not_lie(self):
        """A user can write a move's state without moving stock: nobody received anything."""
        self.differs = True
        picking = self.env['stock.picking'].create({
            'picking_type_id': self.warehouse.out_type_id.id, 'location_id': self.stock.id,
            'location_dest_id': self.customers.id, 'partner_id': self.hospital.id,
            'move_ids': [Command.create({
                'product_id': self.resin.id, 'product_uom_qty': 4, 'location_id': self.stock.id,
                'location_dest_id': self.customers.id, 'move_line_ids': [Command.create({
                    'product_id': self.resin.id, 'quantity': 4, 'lot_id': self.r1.id,
                    'location_id': self.stock.id, 'location_dest_id': self.customers.id})]})]})
        picking.move_ids.write({'state': 'done'})
        self.env.flush_all()
        self.assertEqual(self.shipped(self.r1), {})
        self.assertEqual(self.balance(self.r1)['shipped'], 0)
        self.assertTrue(self.balance(self.r1)['balanced'])
        [difference] = self.env['med.genealogy']._differences()
        self.assertEqual((difference['difference'], difference['kind'], difference['lot_id']),
                         ('missing', 'delivery', self.r1.id))

    # ------------------------------------------------------------------ deliveries

    def test_return_and_reshipment_are_netted_per_consignee(self):
        picking = self.deliver([(self.resin, self.r1, 10)])
        self.take_back(picking, {self.r1: 4})
        self.deliver([(self.resin, self.r1, 3)], self.clinic)
        self.assertEqual(self.shipped(self.r1), {
            (self.hospital.name, 'R1'): 6, (self.clinic.name, 'R1'): 3})
        answer = self.forward(self.r1)
        self.assertEqual((answer['totals']['consignees'], answer['totals']['countries']), (2, 2))
        row = self.balance(self.r1)
        self.assertEqual((row['shipped'], row['returned'], row['on_hand'], row['difference']),
                         (13, 4, 91, 0))

    def test_return_to_the_supplier_is_netted(self):
        self.move([(self.resin, self.r1, 10)], self.stock, self.suppliers, 'out', self.supplier)
        [row] = self.backward(self.r1)['suppliers']
        self.assertEqual((row['received'], row['returned'], row['net']), (100, 10, 90))
        self.assertEqual(self.balance(self.r1)['vendor_returned'], 10)

    def test_kit_delivered_by_its_parts_names_the_consignee_of_each(self):
        self.env['mrp.bom'].create({
            'product_tmpl_id': self.kit.product_tmpl_id.id, 'type': 'phantom',
            'bom_line_ids': [Command.create({'product_id': self.resin.id, 'product_qty': 2}),
                             Command.create({'product_id': self.wire.id, 'product_qty': 1})]})
        picking = self.env['stock.picking'].create({
            'picking_type_id': self.warehouse.out_type_id.id, 'location_id': self.stock.id,
            'location_dest_id': self.customers.id, 'partner_id': self.clinic.id,
            'move_ids': [Command.create({
                'product_id': self.kit.id, 'product_uom_qty': 1, 'location_id': self.stock.id,
                'location_dest_id': self.customers.id})]})
        picking.action_confirm()
        for move in picking.move_ids:
            self._set_lines(move, [(self.resin, self.r1, 2), (self.wire, self.w1, 1)])
        picking._action_done()
        self.assertEqual(self.shipped(self.r1), {(self.clinic.name, 'R1'): 2})
        self.assertEqual(self.shipped(self.w1), {(self.clinic.name, 'W1'): 1})

    def test_drop_shipment_knows_the_supplier_and_the_consignee(self):
        """Odoo's own drop-ship picking bears the vendor; its moves bear the address."""
        lot = self.lots_of(self.resin, 'R-drop')
        self.tick()
        picking = self.env['stock.picking'].create({
            'picking_type_id': self.warehouse.in_type_id.id, 'location_id': self.suppliers.id,
            'location_dest_id': self.customers.id, 'partner_id': self.supplier.id,
            'move_ids': [Command.create({
                'product_id': self.resin.id, 'product_uom_qty': 4, 'partner_id': self.clinic.id,
                'location_id': self.suppliers.id, 'location_dest_id': self.customers.id,
                'picked': True, 'move_line_ids': [Command.create({
                    'product_id': self.resin.id, 'quantity': 4, 'lot_id': lot.id,
                    'location_id': self.suppliers.id,
                    'location_dest_id': self.customers.id})]})]})
        picking._action_done()
        self.assertEqual(picking.partner_id, self.supplier)
        self.assertEqual(self.shipped(lot), {(self.clinic.name, 'R-drop'): 4})
        [supplier] = self.backward(lot)['suppliers']
        self.assertEqual((supplier['partner'], supplier['received']), (self.supplier.name, 4))
        self.assertTrue(self.balance(lot)['balanced'])

    def test_picking_of_several_consignees_names_each_one(self):
        """Odoo wipes the partner of a picking that serves several; its moves keep theirs."""
        self.tick()
        picking = self.env['stock.picking'].create({
            'picking_type_id': self.warehouse.out_type_id.id, 'location_id': self.stock.id,
            'location_dest_id': self.customers.id, 'partner_id': False,
            'move_ids': [Command.create({
                'product_id': self.resin.id, 'product_uom_qty': 2, 'partner_id': partner.id,
                'location_id': self.stock.id, 'location_dest_id': self.customers.id,
                'picked': True, 'move_line_ids': [Command.create({
                    'product_id': self.resin.id, 'quantity': 2, 'lot_id': lot.id,
                    'location_id': self.stock.id, 'location_dest_id': self.customers.id})]})
                for partner, lot in ((self.hospital, self.r1), (self.clinic, self.r2),
                                     (self.clinic, self.r1))]})
        self.assertFalse(picking.partner_id)
        picking._action_done()
        self.assertEqual(self.shipped(self.r1), {
            (self.hospital.name, 'R1'): 2, (self.clinic.name, 'R1'): 2})
        self.assertEqual(self.shipped(self.r2), {(self.clinic.name, 'R2'): 2})
        self.assertEqual({row['name'] for row in self.forward(self.r1)['events']
                          if row['kind'] == 'delivery'}, {picking.name})

    def test_delivery_without_a_partner_is_told_as_nobody_known(self):
        self.move([(self.resin, self.r1, 2)], self.stock, self.customers, 'out')
        [row] = self.forward(self.r1)['consignees']
        self.assertEqual((row['partner_id'], row['partner'], row['net']), (0, '', 2))

    # ------------------------------------------------------------------ other postings

    def test_scrap_loss_and_gain_are_told_apart(self):
        self.scrap(self.r1, 2)
        self.count_stock(self.resin, self.r1, 95)
        self.count_stock(self.resin, self.r2, 103)
        self.assertEqual(self.balance(self.r1)['scrapped'], 2)
        self.assertEqual(self.balance(self.r1)['lost'], 3)
        self.assertEqual(self.balance(self.r2)['gained'], 3)

    def test_scrap_of_an_order_names_its_own_document(self):
        order = self.order(self.kit, 1, [(self.resin, self.r1, 1)], self.lots_of(self.kit))
        scrap = self.env['stock.scrap'].create({
            'product_id': self.resin.id, 'lot_id': self.r2.id, 'scrap_qty': 1,
            'production_id': order.id, 'location_id': self.stock.id})
        scrap.do_scrap()
        self.close(order)
        self.assertEqual(self.names(self.backward(order.lot_producing_ids)), ['R1'])
        [posting] = [row for row in self.balance(self.r2)['postings'] if row['kind'] == 'scrap']
        self.assertEqual(posting['name'], scrap.name)

    def test_internal_move_leaves_no_trace(self):
        shelf = self.env['stock.location'].create({
            'name': "Shelf", 'location_id': self.stock.id, 'usage': 'internal'})
        before = self.graph()
        self.move([(self.resin, self.r1, 5)], self.stock, shelf)
        self.assertEqual(self.graph(), before)

    def test_two_units_of_measure_are_added_up_in_the_products_own(self):
        kilogram, gram = self.env.ref('uom.product_uom_kgm'), self.env.ref('uom.product_uom_gram')
        powder = self.product("Powder", uom_id=kilogram.id)
        lot = self.receive(powder, {'PW': 10})
        picking = self.deliver([(powder, lot, 1)])
        line = picking.move_line_ids
        line.write({'product_uom_id': gram.id, 'quantity': 2500})
        row = self.balance(lot)
        self.assertEqual((row['uom'], row['shipped'], row['on_hand']), (kilogram.name, 2.5, 7.5))
        self.assertTrue(row['balanced'])
        dozen = self.env.ref('uom.product_uom_dozen')
        units = self.receive(self.kit, {'K12': 30})
        picking = self.deliver([(self.kit, units, 1)])
        picking.move_line_ids.write({'product_uom_id': dozen.id, 'quantity': 2})
        self.assertEqual(self.balance(units)['shipped'], 24)
        self.assertEqual(self.shipped(units), {(self.hospital.name, 'K12'): 24})

    def test_operator_and_work_centre_stand_on_the_event(self):
        center = self.env['mrp.workcenter'].create({'name': "Welding"})
        user = self.user('operator', name="Wei Welder")
        bom = self.env['mrp.bom'].create({
            'product_tmpl_id': self.kit.product_tmpl_id.id, 'product_qty': 1,
            'bom_line_ids': [Command.create({'product_id': self.resin.id, 'product_qty': 1})],
            'operation_ids': [Command.create({'name': "Weld", 'workcenter_id': center.id})]})
        self.tick()
        order = self.env['mrp.production'].create({
            'product_id': self.kit.id, 'product_qty': 1, 'bom_id': bom.id})
        order.action_confirm()
        order.lot_producing_ids = self.lots_of(self.kit)
        order.workorder_ids.with_user(user).button_start()
        order.workorder_ids.with_user(user).button_finish()
        order.qty_producing = 1
        self._set_lines(order.move_raw_ids, [(self.resin, self.r1, 1)])
        self.close(order)
        [event] = [row for row in self.backward(order.lot_producing_ids)['events']
                   if row['kind'] == 'manufacture']
        self.assertEqual((event['workcenters'], event['operators']), (["Welding"], ["Wei Welder"]))


@tagged('post_install', '-at_install')
class TestCompanies(TraceCase):
    """Two companies of one database, each with a lot record of its own for the same goods."""

    requirement = "T6 TRC-1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.foreign_company()
        cls.resin, cls.wire = cls.product("Resin"), cls.product("Wire")
        cls.r1 = cls.lots_of(cls.resin, 'R1')
        cls.r1.company_id = cls.company
        cls.there = cls.lots_of(cls.resin, 'R1-second')
        cls.there.write({'company_id': cls.second.id, 'name': 'R1'})
        cls.receive(cls.resin, {cls.r1: 100})

    def tearDown(self):
        super().tearDown()
        if self._outcome.success:
            self.assertInStep()

    def test_lot_of_each_company_is_joined_and_returned(self):
        """Each company keeps a lot record of its own; the number is the same."""
        second, there = self.second, self.there
        self.deliver([(self.resin, self.r1, 10)], second.partner_id)
        self.receive(self.resin, {there: 10}, self.company.partner_id, second)
        picking = self.deliver([(self.resin, there, 8)], self.clinic, second)
        self.assertEqual(self.shipped(self.r1), {
            (second.partner_id.name, 'R1'): 10, (self.clinic.name, 'R1'): 8})
        self.assertEqual(self.backward(there)['roots'], [there.id])
        self.assertIn(self.r1.id, [row['id'] for row in self.backward(there)['lots']])
        self.take_back(picking, {there: 8})
        self.assertEqual(self.shipped(there), {(self.clinic.name, 'R1'): 0})

    def test_lots_are_joined_whichever_company_posts_first(self):
        second, there = self.second, self.there
        self.receive(self.resin, {there: 10}, self.company.partner_id, second)
        self.deliver([(self.resin, self.r1, 10)], second.partner_id)
        self.assertIn(there.id, [row['id'] for row in self.forward(self.r1)['lots']])

    def test_lot_sent_back_to_the_first_company_is_joined_again(self):
        second, there = self.second, self.there
        sent = self.deliver([(self.resin, self.r1, 10)], second.partner_id)
        self.receive(self.resin, {there: 10}, self.company.partner_id, second)
        opened = self.product("Opened")
        lot = self.lots_of(opened)
        self.make(opened, 2, [(self.resin, there, 2)], lot, company=second)
        self.receive(self.wire, {'W9': 5}, company=second)
        wire = self.env['stock.lot'].search([('name', '=', 'W9')])
        self.make(self.resin, 2, [(opened, lot, 2), (self.wire, wire, 1)], there, company=second)
        self.move([(self.resin, there, 8)], self._warehouse(second).lot_stock_id, self.suppliers,
                  'out', self.company.partner_id, second)
        self.take_back(sent, {self.r1: 8})
        self.deliver([(self.resin, self.r1, 1)], self.clinic)
        self.assertIn((self.clinic.name, 'R1'), self.shipped(wire))


@tagged('post_install', '-at_install')
class TestHistory(TraceCase):
    """A database that has a history, a rebuild, and graphs that nobody would draw."""

    requirement = "T1 TRC-1 TRC-4"

    def _history(self):
        """Return the lots of a flow with everything in it."""
        resin, kit, pump = self.product("Resin"), self.product("Kit"), self.product(
            "Pump", 'serial')
        tube = self.product("Tube", 'none')
        lots = self.receive(resin, {'R1': 50, 'R2': 50})
        self.make(tube, 5, [(resin, lots[0], 5)])
        kits = self.lots_of(kit, 'K1', 'K2')
        first = self.make(kit, 6, [(tube, None, 5), (resin, lots[0], 1)], kits[0])
        self.make(tube, 5, [(resin, lots[1], 5)])
        self.make(kit, 6, [(tube, None, 3), (resin, lots[1], 1)], kits[1])
        units = self.lots_of(pump, 'P1', 'P2')
        order = self.make(pump, 2, [(kit, kits[0], 1), (kit, kits[1], 1)], units)
        order.med_record_parts(parts=[{'unit': 'P1', 'part': 'K1'}])
        picking = self.deliver([(kit, kits[0], 2), (pump, units[0], 1)])
        self.take_back(picking, {kits[0]: 1})
        self.unbuild(first, 1, kits[0])
        self.scrap(kits[1], 1)
        self.repack('merge', [(kits[0], 1), (kits[1], 1)], [(kit, 'K3', 2)])
        picking.move_line_ids.filtered(lambda line: line.lot_id == kits[0]).quantity = 1
        first.move_raw_ids.move_line_ids.filtered('lot_id').lot_id = lots[1]
        return lots | kits | units | self.env['stock.lot'].search([('name', '=', 'K3')])

    def _answers(self, lots):
        return [(lot.name, way, [(row['id'] > 0 and row['name'], row['exact'])
                                 for row in lot.med_trace(direction=way)['lots']],
                 sorted((row['partner'], row['shipped'], row['returned'])
                        for row in lot.med_trace(direction=way)['consignees']))
                for lot in lots for way in ('forward', 'backward')]

    def test_backfill_finds_what_was_posted_live(self):
        lots = self._history()
        live, graph = self._answers(lots), self.graph()
        genealogy = self.env['med.genealogy']
        self.env.cr.execute("DELETE FROM med_genealogy_line; DELETE FROM med_genealogy_event")
        self.env.invalidate_all()
        self.assertTrue(genealogy._differences())
        genealogy._backfill()
        self.env.invalidate_all()
        self.assertInStep()
        self.assertEqual(self.graph(), graph)
        self.assertEqual(self._answers(lots), live)

    def test_backfill_in_many_batches_is_the_same(self):
        lots = self._history()
        live, graph = self._answers(lots), self.graph()
        self.patch(med_genealogy_history, 'BATCH', 3)
        self.env.cr.execute("DELETE FROM med_genealogy_line; DELETE FROM med_genealogy_event")
        self.env['med.genealogy']._backfill()
        self.env.invalidate_all()
        self.assertInStep()
        self.assertEqual(self.graph(), graph)
        self.assertEqual(self._answers(lots), live)

    def test_backfill_twice_changes_nothing(self):
        self._history()
        self.env.cr.execute("SELECT count(*), max(id) FROM med_genealogy_line")
        before = self.env.cr.fetchone()
        self.env['med.genealogy']._backfill()
        self.env['med.genealogy']._backfill()
        self.env.cr.execute("SELECT count(*), max(id) FROM med_genealogy_line")
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_rebuild_mends_what_was_damaged(self):
        lots = self._history()
        live, graph = self._answers(lots), self.graph()
        genealogy = self.env['med.genealogy']
        genealogy._rebuild()
        self.assertEqual((self.graph(), self._answers(lots)), (graph, live))
        self.env.cr.execute(
            "DELETE FROM med_genealogy_line WHERE id % 3 = 0;"
            "UPDATE med_genealogy_line SET quantity = quantity + 1 WHERE id % 3 = 1")
        self.env.invalidate_all()
        found = genealogy._differences()
        self.assertEqual({row['difference'] for row in found}, {'missing', 'extra'})
        genealogy._rebuild()
        self.assertInStep()
        self.assertEqual(self.graph(), graph)
        self.assertEqual(self._answers(lots), live)

    # ------------------------------------------------------------------ loops and length

    def _insert_edges(self, edges):
        """Insert one event for each (from, to) pair of lot ids, past everything that posts."""
        product = self.product("Node")
        self.env.cr.execute(
            """
            INSERT INTO med_genealogy_event (name, kind, date, res_model, res_id, company_id)
            SELECT 'E', 'merge', now(), 'med.repack', -n, %s FROM generate_series(1, %s) n
         RETURNING id
            """, [self.company.id, len(edges)])
        events = [event for (event,) in self.env.cr.fetchall()]
        # foreign keys checked with a plan made for empty tables read them whole for each row
        self.env.cr.execute("ANALYZE stock_lot, med_genealogy_event")
        # Foreign keys were planned for small tables: 100,000 checks would scan them whole.
        self.env.cr.execute("ANALYZE med_genealogy_event, stock_lot")
        self.env.cr.execute(
            """
            INSERT INTO med_genealogy_line (event_id, kind, side, active, date, product_id, lot_id,
                   quantity, transform, certain, linked, open, node, company_id)
            SELECT event, 'merge', side.name, TRUE, now(), %s, side.lot, 1, TRUE, TRUE, FALSE,
                   TRUE, side.lot, %s
              FROM unnest(%s, %s, %s) p(event, source, target)
        CROSS JOIN LATERAL (VALUES ('in', source), ('out', target)) side(name, lot)
            """, [product.id, self.company.id, events, [edge[0] for edge in edges],
                  [edge[1] for edge in edges]])
        self.env.cr.execute("ANALYZE med_genealogy_line")

    def _many_lots(self, count):
        self.env.cr.execute(
            """
            INSERT INTO stock_lot (name, product_id, company_id)
            SELECT 'N' || n, %s, %s FROM generate_series(1, %s) n RETURNING id
            """, [self.product("Node").id, self.company.id, count])
        return [lot for (lot,) in self.env.cr.fetchall()]

    def test_chain_of_a_hundred_thousand_lots_ends(self):
        nodes = self._many_lots(CHAIN)
        self._insert_edges(list(zip(nodes, nodes[1:], strict=False)))
        lot = self.env['stock.lot']
        answer = lot.browse(nodes[0]).med_trace(direction='forward')
        self.assertEqual(answer['totals']['lots'], CHAIN)
        self.assertEqual(answer['lots'][-1]['level'], CHAIN - 1)
        self.assertTrue(answer['lots'][-1]['exact'])
        answer = lot.browse(nodes[-1]).med_trace(direction='backward')
        self.assertEqual(answer['totals']['lots'], CHAIN)
        answer = lot.browse(nodes[0]).med_trace(direction='forward', depth=3)
        self.assertEqual([row['level'] for row in answer['lots']], [0, 1, 2, 3])
        self.assertEqual(len(answer['edges']), 3)

    def test_loops_end_at_any_depth(self):
        nodes = self._many_lots(300)
        ring = [*zip(nodes, nodes[1:], strict=False), (nodes[-1], nodes[0]), (nodes[5], nodes[5]),
                *((node, nodes[0]) for node in nodes[::7]),
                *((nodes[0], node) for node in nodes[::11])]
        self._insert_edges(ring)
        lot = self.env['stock.lot'].browse(nodes[0])
        for depth in (0, 300, 100_000):
            answer = lot.med_trace(direction='both', depth=depth)
            for way in ('forward', 'backward'):
                self.assertEqual(answer[way]['totals']['lots'], 300)
        answer = lot.med_trace(direction='forward', depth=1)
        self.assertEqual({row['id'] for row in answer['lots']}, {nodes[0], nodes[1], *nodes[::11]})

    def test_depth_cuts_where_it_says(self):
        nodes = self._many_lots(80)
        self._insert_edges(list(zip(nodes, nodes[1:], strict=False)))
        lot = self.env['stock.lot'].browse(nodes[0])
        for depth in (1, 2, 31, 32, 33, 63, 64, 65, 79, 80):
            answer = lot.med_trace(direction='forward', depth=depth)
            self.assertEqual(answer['totals']['lots'], min(depth, 79) + 1)
            self.assertEqual(len(answer['edges']), min(depth, 79))
