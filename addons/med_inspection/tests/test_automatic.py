from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import InspectCase


@tagged("post_install", "-at_install")
class TestAutomatic(InspectCase):
    """Inspections begin where goods come in, are made, come back, or are due."""

    requirement = "ISO-7.4.3 ISO-8.2.6 SMP-12 I1 R3"

    def of(self, *stages, **values):
        return self.env["med.inspection"].search([
            ("stage", "in", stages), *((name, "=", value) for name, value in values.items())])

    def test_a_receipt_begins_one_inspection_a_product_and_lot(self):
        self.plan()
        lots = self.receive(self.stent, {"A-1": 2, "A-2": 3})
        found = self.of("incoming")
        self.assertEqual(found.lot_id, lots)
        self.assertEqual(set(found.mapped("quantity")), {2, 3})
        self.assertEqual(found.partner_id, self.supplier)
        self.assertTrue(all(one.picking_id and len(one.seed) == 32 for one in found))
        self.assertFalse(self.of("incoming", product_id=self.tube.id))

    def test_moving_and_shipping_begin_none_and_a_return_begins_its_own(self):
        self.plan("return")
        lot = self.in_stock(self.stent, "A-3")
        delivery = self.deliver([(self.stent, lot, 2)])
        self.assertFalse(self.of("return"))
        self.take_back(delivery, {lot: 2})
        self.assertRecordValues(self.of("return"), [{"lot_id": lot.id, "partner_id": False}])

    def test_uncontrolled_products_are_left_alone(self):
        plain = self.product("Plain")
        self.plan(product_tmpl_ids=[])
        lot = self.receive(plain, {"A-4": 2})
        self.assertFalse(self.of("incoming"))
        self.assertFalse(lot.med_inspection_count)

    def test_an_order_begins_its_shop_floor_inspections_and_one_final_inspection(self):
        center, other = self.env["mrp.workcenter"].create([{"name": "Laser"}, {"name": "Wash"}])
        lot_text = {"key": "clean", "name": "Clean", "kind": "check", "scope": "lot"}
        self.plan("clearance", [lot_text], [], workcenter_ids=[Command.set(center.ids)])
        self.plan("process", [self.length(scope="lot")], [])
        self.plan("final")
        self.plan("environment", [lot_text], [], workcenter_ids=[Command.set(other.ids)],
                  interval_days=7)
        tube = self.in_stock(self.tube, "A-T")
        lot = self.lots_of(self.stent, "A-5")
        order = self.order(self.stent, 4, [(self.tube, tube, 4)], lot, workorder_ids=[
            Command.create({"name": "Cut", "workcenter_id": center.id, "sequence": 1}),
            Command.create({"name": "Wash", "workcenter_id": other.id, "sequence": 2})])
        found = self.of("clearance", "process", "environment")
        self.assertEqual(sorted(found.mapped("stage")), ["clearance", "process"])
        clearance = self.of("clearance")
        self.assertEqual(clearance.workorder_id, order.workorder_ids[0])
        self.assertFalse(self.of("process").workorder_id)
        self.assertEqual(found.lot_id, lot)
        order.action_confirm()
        self.assertEqual(len(self.of("clearance", "process")), 2)
        self.close(order)
        final = self.of("final")
        self.assertRecordValues(final, [{
            "lot_id": lot.id, "production_id": order.id, "quantity": 4}])
        self.finish(final)
        with self.assertRaisesRegex(UserError, "A-5: .* is Open"):
            self.decide(lot, "released")
        self.enter(clearance, [{"characteristic": "clean", "value": "pass"}], self.olga)
        self.enter(self.of("process"), [{"characteristic": "len", "value": "10"}], self.olga)
        for one in found:
            self.submit(one, self.olga)
            self.accept(one, self.olga)
        self.decide(lot, "released")
        self.assertEqual(lot.med_status, "released")

    def test_a_rejected_shop_floor_inspection_stops_the_lots_of_its_order(self):
        self.plan("process", [self.length(scope="lot")], [])
        tube = self.in_stock(self.tube, "A-T2")
        lot = self.lots_of(self.stent, "A-6")
        order = self.order(self.stent, 1, [(self.tube, tube, 1)], lot)
        one = self.of("process")
        self.enter(one, [{"characteristic": "len", "value": "12"}], self.olga)
        self.submit(one, self.olga)
        one.with_user(self.olga).write({"conclusion": "Too hot"})
        self.sign(one, self.olga, "rejected")
        self.close(order)
        self.assertTrue(lot.med_hold_count)
        lot.med_hold_line_ids.hold_id.with_user(self.anna).lift(
            "anna", "anna-secret", conclusion="x")
        with self.assertRaisesRegex(UserError, "A-6: .* is Rejected"):
            self.decide(lot, "released")
        with self.assertRaisesRegex(AccessError, "has it inspected again"):
            one.with_user(self.ines).inspect_again()
        told = one.with_user(self.anna).inspect_again()
        again = self.of("process") - one
        self.assertEqual((told["inspection"], told["name"]), (again.id, again.name))
        self.assertRecordValues(again, [{
            "resubmission_of_id": one.id, "production_id": order.id, "lot_id": lot.id,
            "quantity": 1, "state": "open", "plan_id": one.plan_id.id}])
        with self.assertRaisesRegex(UserError, f"{again.name} was begun after {one.name}"):
            one.with_user(self.anna).inspect_again()
        with self.assertRaisesRegex(UserError, "neither rejected nor cancelled"):
            again.with_user(self.anna).inspect_again()
        with self.assertRaisesRegex(UserError, "A-6: .* is Rejected"):
            self.decide(lot, "released")
        self.enter(again, [{"characteristic": "len", "value": "10"}], self.olga)
        self.submit(again, self.olga)
        self.accept(again, self.olga)
        self.decide(lot, "released")

    def test_a_clearance_without_a_lot_is_done_again_for_its_order_by_the_newest_version(self):
        check = {"key": "clean", "name": "Clean", "kind": "check", "scope": "lot"}
        plan = self.plan("clearance", [check], [])
        tube = self.in_stock(self.tube, "A-T4")
        order = self.order(self.stent, 1, [(self.tube, tube, 1)])
        one = self.of("clearance")
        self.assertFalse(one.lot_ids)
        one.with_user(self.olga).write({"conclusion": "Chips on the table"})
        self.sign(one, self.olga, "rejected")
        newer = self.env["med.inspection.plan"].browse(
            plan.with_user(self.bert).action_new_version()["res_id"])
        self.sign(newer, self.anna, "approved")
        action = one.with_user(self.anna).action_inspect_again()
        again = self.env["med.inspection"].browse(action["res_id"])
        self.assertEqual((again.plan_id, again.production_id), (newer, order))
        self.close(order)
        lot = order.lot_producing_ids
        with self.assertRaisesRegex(UserError, f"{one.name} is Rejected"):
            self.decide(lot, "released")
        self.enter(again, [{"characteristic": "clean", "value": "pass"}], self.olga)
        self.submit(again, self.olga)
        self.accept(again, self.olga)
        self.decide(lot, "released")

    def test_a_rejected_lot_is_inspected_again_from_its_inspection_too(self):
        self.plan()
        bad = self.finish(self.inspected("A-12"), bad=("1",), decide="reject")
        again = self.env["med.inspection"].browse(
            bad.with_user(self.anna).inspect_again()["inspection"])
        self.assertEqual((again.resubmission_of_id, again.stage), (bad, "incoming"))

    def test_what_is_left_of_an_order_begins_its_own_inspections(self):
        self.plan("clearance", [
            {"key": "clean", "name": "Clean", "kind": "check", "scope": "lot"}], [])
        tube = self.in_stock(self.tube, "A-T5")
        order = self.order(self.stent, 4, [(self.tube, tube, 4)])
        rest = order._split_productions({order: [1, 3]}) - order
        found = self.of("clearance")
        self.assertEqual(found.production_id, order | rest)
        self.assertEqual(found.filtered(lambda one: one.production_id == rest).quantity, 3)

    def test_serials_of_one_order_are_one_lot_of_units_drawn_by_their_names(self):
        pump = self.product("Pump", tracking="serial", med_controlled=True)
        self.plan("final", classes=[{"defect_class": "major", "method": "aql", "aql": "1.5"}],
                  product_tmpl_ids=[Command.set(pump.product_tmpl_id.ids)])
        self.plan("process", product_tmpl_ids=[Command.set(pump.product_tmpl_id.ids)])
        tube = self.in_stock(self.tube, "A-T3", quantity=20)
        lots = self.lots_of(pump, *(f"PU-{number:03}" for number in range(10)))
        order = self.order(pump, 10, [(self.tube, tube, 10)], lots)
        process = self.of("process", product_id=pump.id)
        self.assertEqual(process.sample_ids.mapped("unit"), lots.mapped("name"))
        self.close(order)
        final = self.of("final", product_id=pump.id)
        self.assertEqual((final.quantity, final.lot_ids), (10, lots))
        self.assertEqual(len(final.sample_ids), 8)
        self.assertLessEqual(set(final.sample_ids.mapped("unit")), set(lots.mapped("name")))
        self.enter(final, self.values(final, "12"))
        self.submit(final)
        self.reject(final)
        self.assertEqual(set(lots.mapped("med_hold_count")), {1})

    def test_the_draw_is_repeated_by_seed_and_names_alone(self):
        import hashlib
        self.plan(classes=[{"defect_class": "major", "method": "aql", "aql": "1.5"}])
        one = self.inspected("A-7", 400)
        rank = sorted(range(1, 401), key=lambda unit: hashlib.sha256(
            f"{one.seed}\n{unit}".encode()).digest())[:50]
        self.assertEqual(one.sample_ids.mapped("unit"), [str(unit) for unit in sorted(rank)])

    def test_containers_are_the_packages_of_the_receipt(self):
        self.plan(classes=[{"defect_class": "major", "method": "containers"}])
        lot = self.lots_of(self.stent, "A-8")
        packages = self.env["stock.package"].create([
            {"name": f"DRUM-{number}"} for number in range(9)])
        picking = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.in_type_id.id, "location_id": self.suppliers.id,
            "location_dest_id": self.stock.id, "partner_id": self.supplier.id,
            "move_ids": [Command.create({
                "product_id": self.stent.id, "product_uom_qty": 90,
                "location_id": self.suppliers.id, "location_dest_id": self.stock.id,
                "move_line_ids": [Command.create({
                    "product_id": self.stent.id, "lot_id": lot.id, "quantity": 10,
                    "result_package_id": package.id, "location_id": self.suppliers.id,
                    "location_dest_id": self.stock.id}) for package in packages]})]})
        picking.move_ids.picked = True
        picking._action_done()
        one = self.of("incoming", lot_id=lot.id)
        self.assertEqual((one.quantity, len(one.sample_ids)), (90, 4))
        self.assertLessEqual(set(one.sample_ids.mapped("unit")), set(packages.mapped("name")))

    def test_periodic_inspections_of_lots_and_places_begin_when_due_and_once(self):
        center = self.env["mrp.workcenter"].create({"name": "Clean room"})
        lot = self.in_stock(self.stent, "A-9", quantity=2)
        rejected = self.in_stock(self.stent, "A-10", status="rejected")
        self.plan("periodic", interval_days=30)
        self.plan("environment", [{
            "key": "cfu", "name": "Settle plate", "kind": "counted", "upper": "5",
            "scope": "lot"}], [], workcenter_ids=[Command.set(center.ids)], interval_days=7,
            product_tmpl_ids=[])
        run = self.env["med.inspection"]._begin_periodic
        run()
        self.assertFalse(self.of("periodic"))
        self.assertEqual(self.of("environment").workcenter_id, center)
        for days in (31, 1):
            self.clock.tick(days * 86400)
            self.env.cr.execute(
                "UPDATE stock_lot SET create_date = '2026-03-02 08:00:00' WHERE id IN %s",
                [tuple((lot | rejected).ids)])
            self.env.invalidate_all()
            run()
        self.assertRecordValues(self.of("periodic"), [{"lot_id": lot.id, "quantity": 2}])
        self.assertEqual(len(self.of("environment")), 1)
        one = self.of("environment")
        self.enter(one, [{"characteristic": "cfu", "value": "9"}], self.olga)
        self.submit(one, self.olga)
        one.with_user(self.olga).write({"conclusion": "Too many"})
        self.sign(one, self.olga, "rejected")

    def test_the_inspector_sees_what_others_wait_for(self):
        self.plan()
        one = self.inspected("A-11")
        self.assertEqual((one.priority, one.needed_at), (0, False))
        move = self.env["stock.move"].create({
            "product_id": self.stent.id, "product_uom_qty": 1, "location_id": self.stock.id,
            "location_dest_id": self.customers.id, "date": "2026-03-01 08:00:00"})
        move._action_confirm()
        move._action_assign()
        self.env.invalidate_all()
        self.assertEqual((one.priority, one.needed_at), (2, move.date))

    def test_documents_of_many_inspections_are_made_at_once(self):
        self.plan(document_ids=[Command.create({"name": name}) for name in ("CoA", "Photo")])

        def queries(count):
            before = self.env.cr.sql_log_count
            self.receive(self.stent, {f"D-{count}-{number}": 1 for number in range(count)})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(1)
        few, many = queries(5), queries(25)
        self.assertEqual(len(self.of("incoming").document_ids), 62)
        self.plan(partner_ids=[Command.set(self.supplier.ids)])
        bare_few, bare_many = queries(6), queries(26)
        each = ((many - few) - (bare_many - bare_few)) / 20
        self.assertLess(each, 1, (few, many, bare_few, bare_many))

    def test_five_hundred_lots_are_received_with_a_constant_number_of_queries_each(self):
        self.plan(classes=[{"defect_class": "major", "method": "aql", "aql": "1.5"}])

        def queries(count):
            before = self.env.cr.sql_log_count
            self.receive(self.stent, {f"Q-{count}-{number}": 50 for number in range(count)})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.receive(self.stent, {"Q-0": 1})
        plain = self.product("Plain Q", med_controlled=True)
        few, many = queries(10), queries(60)

        def bare(count):
            before = self.env.cr.sql_log_count
            self.receive(plain, {f"B-{count}-{number}": 50 for number in range(count)})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        bare(1)
        base_few, base_many = bare(10), bare(60)
        each = ((many - few) - (base_many - base_few)) / 50
        self.assertLess(each, 4, (few, many, base_few, base_many))
