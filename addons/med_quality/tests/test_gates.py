from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from ..models.med_status_rule import STATES
from .common import QualityCase

# By the gate; for what has expired by the check of its label; where nothing is left to reserve.
REFUSED = "Not allowed now|expired on|cannot be taken"


@tagged("post_install", "-at_install")
class TestGates(QualityCase):
    """Each status against each way to move stock, posted through Odoo's own documents."""

    requirement = "ISO-7.5.8 ISO-8.2.6 ISO-8.3.1 CN-GSP-4 CN-GMP-REL T2 T3"

    def ways(self, lot):
        """Return use → what uses one piece of a lot."""
        product = lot.product_id
        other = self.stock.create({"name": "Other shelf", "location_id": self.stock.id})
        return {
            "ship": lambda: self.deliver([(product, lot, 1)]),
            "move": lambda: self.move([(product, lot, 1)], self.stock, other),
            "return": lambda: self.move([(product, lot, 1)], self.stock, self.suppliers, "out"),
            "scrap": lambda: self.scrap(lot, 1),
            "operation": lambda: self.make(
                self.tube, 1, [(product, lot, 1)], lots=self.lots_of(self.tube)),
            "rework": lambda: self.repack(
                "repack", [(lot, 1)], [(product, f"{lot.name}-re{next(self.numbers)}", 1)]),
            "pack": lambda: self.packed(lot),
        }

    def packed(self, lot):
        warehouse = self.warehouse
        warehouse.delivery_steps = "pick_pack_ship"
        return self.move([(lot.product_id, lot, 1)], self.stock, warehouse.wh_output_stock_loc_id,
                         picking_type_id=warehouse.pack_type_id.id)

    def test_every_status_stops_what_its_table_says_and_nothing_else(self):
        table = self.env["med.status.rule"]._forbidden()
        tried = 0
        for state, _label in STATES:
            lot = self.in_stock(self.stent, f"GATE-{state}", status=state)
            for use, way in self.ways(lot).items():
                with self.subTest(state=state, use=use):
                    tried += 1
                    if use in table[state]:
                        with self.assertRaisesRegex(UserError, REFUSED), self.env.cr.savepoint():
                            way()
                    else:
                        way()
        self.assertEqual(tried, len(STATES) * 7)
        self.assertIn("ship", table["quarantine"])
        self.assertFalse(table["released"])

    def test_the_refusal_names_lot_and_reason_and_says_what_to_do(self):
        lot = self.in_stock(self.stent, "NAMED", status="rejected")
        with self.assertRaisesRegex(
                UserError, r"(?s)Ship to a Consignee.*NAMED \(Stent\): Rejected.*Take other lots"):
            self.deliver([(self.stent, lot, 1)])

    def test_drop_shipping_is_shipping(self):
        lot = self.lots_of(self.stent, "DROP")
        with self.assertRaisesRegex(UserError, "Ship to a Consignee"):
            self.move([(self.stent, lot, 1)], self.suppliers, self.customers, "out")

    def test_to_another_company_is_shipping(self):
        lot = self.in_stock(self.stent, "SISTER", status="quarantine")
        between = self.env["stock.location"].create(
            {"name": "Between companies", "usage": "transit", "company_id": False})
        with self.assertRaisesRegex(UserError, "Ship to a Consignee"):
            self.move([(self.stent, lot, 1)], self.stock, between, "out")

    def test_receipts_and_counts_are_always_posted(self):
        for status in ("quarantine", "rejected", "held", "expired"):
            lot = self.in_stock(self.stent, f"MORE-{status}", status=status)
            self.receive(self.stent, {lot: 5})
            self.count_stock(self.stent, lot, 3)
            self.assertEqual(lot.product_qty, 3)

    def test_an_edited_posted_line_is_checked_too(self):
        good = self.in_stock(self.stent, "GOOD")
        bad = self.in_stock(self.stent, "BAD", status="quarantine")
        line = self.deliver([(self.stent, good, 1)]).move_line_ids
        with self.assertRaisesRegex(UserError, "BAD"), self.env.cr.savepoint():
            line.lot_id = bad
        with self.assertRaisesRegex(UserError, "BAD"), self.env.cr.savepoint():
            line.copy({"lot_id": bad.id, "picking_id": line.picking_id.id, "quantity": 1})
        self.assertEqual(line.lot_id, good)

    def test_stock_itself_is_not_moved_past_the_gate(self):
        lot = self.in_stock(self.stent, "QUANT", status="quarantine")
        quant = lot.quant_ids.filtered(lambda one: one.location_id == self.stock)
        worker = self.user("warehouse", login="shelf")
        for values in ({"location_id": self.customers.id}, {"quantity": 99},
                       {"lot_id": self.in_stock(self.stent, "OTHER").id}):
            with self.assertRaisesRegex(UserError, "moved by a transfer"):
                quant.with_user(worker).with_context(inventory_mode=False).write(values)
        with self.assertRaisesRegex(UserError, "moved by a transfer"):
            self.env["stock.quant"].with_user(worker).create({
                "product_id": self.stent.id, "location_id": self.customers.id, "quantity": 1,
                "lot_id": lot.id})
        values = {"product_id": self.stent.id, "location_id": self.customers.id, "lot_id": lot.id,
                  "inventory_quantity": 0}
        with self.assertRaisesRegex(UserError, "moved by a transfer"):
            self.env["stock.quant"].with_user(worker).create({**values, "quantity": 5})
        made = self.env["stock.quant"].with_user(worker).with_context(
            default_quantity=5).create(values)
        self.assertEqual(made.quantity, 0)
        self.env["ir.default"].with_user(worker).set(
            "stock.quant", "quantity", 7, user_id=worker.id)
        other = self.lots_of(self.stent, "COUNTED")
        made = self.env["stock.quant"].with_user(worker).create({**values, "lot_id": other.id})
        self.assertEqual(made.quantity, 0)

    def test_an_open_gate_lets_through_and_lists_it(self):
        gate = self.env["med.gate"].create({
            "product_tmpl_id": self.stent.product_tmpl_id.id, "mode": "warn"})
        lot = self.in_stock(self.stent, "WARNED", status="quarantine")
        picking = self.deliver([(self.stent, lot, 2)])
        [event] = self.env["med.gate.event"].search([
            ("lot_id", "=", lot.id), ("use", "=", "ship")])
        self.assertEqual((event.use, event.states, event.quantity, event.picking_id),
                         ("ship", "quarantine", 2, picking))
        self.assertIn("Would be stopped", "".join(picking.message_ids.mapped("body")))
        gate.mode = "observe"
        picking = self.deliver([(self.stent, lot, 1)])
        self.assertNotIn("Would be stopped", "".join(picking.message_ids.mapped("body")))
        self.assertEqual(self.env["med.gate.event"].search_count([
            ("lot_id", "=", lot.id), ("use", "=", "ship")]), 2)
        with self.assertRaisesRegex(UserError, "stays listed"):
            event.unlink()

    def test_a_hold_stops_behind_an_open_gate_as_well(self):
        self.company.med_gate_mode = "observe"
        lot = self.in_stock(self.stent, "OPEN", status="quarantine")
        self.hold(lot)
        with self.assertRaisesRegex(UserError, "OPEN"):
            self.deliver([(self.stent, lot, 1)])

    def test_the_gate_of_a_product_goes_before_that_of_the_warehouse_and_the_company(self):
        Gate = self.env["med.gate"]
        ids = (self.company.id, self.stent.product_tmpl_id.id, self.warehouse.id)
        self.assertEqual(Gate._mode(*ids, "ship"), "enforce")
        Gate.create({"warehouse_id": self.warehouse.id, "mode": "warn"})
        self.assertEqual(Gate._mode(*ids, "ship"), "warn")
        Gate.create({"product_tmpl_id": self.stent.product_tmpl_id.id, "mode": "observe"})
        self.assertEqual(Gate._mode(*ids, "ship"), "observe")
        Gate.create({"product_tmpl_id": self.stent.product_tmpl_id.id, "use": "ship",
                     "mode": "enforce"})
        self.assertEqual(Gate._mode(*ids, "ship"), "enforce")
        self.assertEqual(Gate._mode(*ids, "move"), "observe")

    def test_gates_are_set_by_quality_alone(self):
        for role in ("warehouse", "operator", "inspector", "viewer", "qa_release"):
            user = self.user(role, login=f"gate_{role}")
            with self.assertRaises(AccessError):
                self.env["med.gate"].with_user(user).create({"mode": "observe"})
            with self.assertRaises(AccessError):
                self.env["med.status.rule"].with_user(user).search([], limit=1).forbidden = False

    def test_other_products_are_as_before(self):
        plain = self.product("Plain")
        lot = self.in_stock(plain, "PLAIN", status=None)
        self.assertFalse(lot.med_status)
        self.deliver([(plain, lot, 1)])
        lot.quant_ids.filtered(lambda one: one.location_id == self.stock).sudo(False).write(
            {"quantity": 5})


@tagged("post_install", "-at_install")
class TestReservation(QualityCase):
    """Reservation takes other lots; posting finds the quants as they are (decision 6)."""

    requirement = "ISO-7.5.8 CN-GSP-4 T2"

    def waiting(self, quantity, product=None):
        product = product or self.stent
        picking = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.out_type_id.id, "location_id": self.stock.id,
            "location_dest_id": self.customers.id, "partner_id": self.hospital.id,
            "move_ids": [Command.create({
                "product_id": product.id, "product_uom_qty": quantity,
                "location_id": self.stock.id, "location_dest_id": self.customers.id})]})
        picking.action_confirm()
        picking.action_assign()
        return picking

    def test_only_lots_that_may_be_shipped_are_reserved(self):
        for status in ("quarantine", "rejected", "conditional", "held", "expired"):
            self.in_stock(self.stent, f"R-{status}", status=status)
        good = self.in_stock(self.stent, "R-good", quantity=4)
        picking = self.waiting(7)
        self.assertEqual(picking.move_line_ids.lot_id, good)
        self.assertEqual(picking.move_line_ids.quantity, 4)
        self.assertEqual(picking.move_ids.state, "partially_available")

    def test_an_open_gate_reserves_all_but_what_is_held(self):
        self.company.med_gate_mode = "observe"
        lot = self.in_stock(self.stent, "O-quarantine", status="quarantine")
        self.in_stock(self.stent, "O-held", status="held")
        self.assertEqual(self.waiting(20).move_line_ids.lot_id, lot)

    def test_what_goes_elsewhere_is_reserved_by_its_own_rule(self):
        lot = self.in_stock(self.stent, "Q-move", status="quarantine")
        picking = self.waiting(1)
        self.assertFalse(picking.move_line_ids)
        other = self.stock.create({"name": "Cage", "location_id": self.stock.location_id.id})
        move = self.env["stock.move"].create({
            "product_id": self.stent.id, "product_uom_qty": 3, "location_id": self.stock.id,
            "location_dest_id": other.id, "picking_type_id": self.warehouse.int_type_id.id})
        move._action_confirm()
        move._action_assign()
        self.assertEqual(move.move_line_ids.lot_id, lot)

    def test_no_context_of_a_caller_frees_or_hides_stock(self):
        lot = self.in_stock(self.stent, "C-quarantine", status="quarantine")
        picking = self.waiting(1)
        forged = {"name": "move", "mode": "observe"}
        picking.with_context(med_use=forged).action_assign()
        self.assertFalse(picking.move_line_ids)
        quants = self.env["stock.quant"].with_context(med_use=forged)._gather(
            self.stent, self.stock, lot_id=lot)
        self.assertTrue(quants)

    def test_posting_leaves_one_quant_a_lot(self):
        lot = self.in_stock(self.stent, "ONE", quantity=10)
        picking = self.waiting(4)
        self.decide(lot, "quarantine")
        picking.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "ONE"), self.env.cr.savepoint():
            picking._action_done()
        self.decide(lot, "released")
        picking._action_done()
        quants = lot.quant_ids.filtered(lambda one: one.location_id == self.stock)
        self.assertEqual(quants.mapped("quantity"), [6])
        self.assertEqual(quants.mapped("reserved_quantity"), [0])

    def test_checking_costs_the_same_number_of_queries_for_many_lots(self):
        counts = []
        for size in (5, 40):
            lots = self.in_stock(self.stent, *[f"N{size}-{n}" for n in range(size)])
            lines = self.deliver([(self.stent, lot, 1) for lot in lots]).move_line_ids
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines._med_check_gate()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestStatus(QualityCase):
    """The status of a lot follows from signed decisions alone."""

    requirement = "ISO-7.5.8 ISO-8.2.6 CN-GMP-REL P11-10f R1 DI-PICS-2"

    def test_a_controlled_lot_is_born_in_quarantine(self):
        lot = self.receive(self.stent, {"BORN": 1})
        self.assertEqual((lot.med_status, lot.med_condition), ("quarantine", "Quarantine"))
        made = self.lots_of(self.tube, "MADE")
        self.make(self.tube, 1, [(self.stent, self.in_stock(self.stent, "PART"), 1)], lots=made)
        self.assertEqual(made.med_status, "quarantine")

    def test_nobody_writes_the_status(self):
        lot = self.receive(self.stent, {"WRITTEN": 1})
        for record in (lot, lot.sudo(), lot.with_user(self.release)):
            for values in ({"med_status": "released"}, {"med_hold_count": 0}):
                with self.assertRaises(AccessError):
                    record.write(values)
        with self.assertRaises(AccessError):
            self.env["stock.lot"].create({
                "name": "FORGED", "product_id": self.stent.id, "med_status": "released"})
        forged = self.env["stock.lot"].with_context(
            default_med_status="released", default_med_hold_count=-1).create(
                {"name": "DEFAULT", "product_id": self.stent.id})
        self.assertRecordValues(forged, [{"med_status": "quarantine", "med_hold_count": 0}])

    def test_a_thousand_serials_are_one_decision(self):
        serial = self.product("Serial stent", tracking="serial", med_controlled=True)
        lots = self.env["stock.lot"].create([
            {"name": f"S{number}", "product_id": serial.id} for number in range(1000)])
        decision = self.decide(lots, "released")
        self.assertEqual(set(lots.mapped("med_status")), {"released"})
        self.assertEqual(len(decision.med_signature_ids), 1)
        self.assertEqual(decision.med_signature_status, "valid")

    def test_who_rejects_does_not_release(self):
        lot = self.receive(self.stent, {"WHO": 1})
        decision = self.env["med.disposition"].with_user(self.anna).create({
            "note": "seen",
            "line_ids": [Command.create({"lot_id": lot.id, "status": "released"})]})
        with self.assertRaisesRegex(UserError, "who releases signs"):
            self.sign(decision, self.anna, "rejected")
        with self.assertRaisesRegex(UserError, "none of the roles"):
            self.grant(self.anna, "released")
            self.sign(decision, self.anna, "released")
        self.assertEqual(lot.med_status, "quarantine")

    def test_a_status_that_changed_meanwhile_is_decided_anew(self):
        lot = self.receive(self.stent, {"TWICE": 1})
        first, second = self.env["med.disposition"].with_user(self.release).create([
            {"note": "one", "line_ids": [Command.create({"lot_id": lot.id, "status": status})]}
            for status in ("rejected", "released")])
        self.sign(first, self.release, "rejected")
        with self.assertRaisesRegex(UserError, "has changed since"):
            self.sign(second, self.release, "released")
        self.assertEqual(lot.med_status, "rejected")

    def test_a_lot_of_another_company_is_not_decided_here(self):
        other = self.env["res.company"].create({"name": "Another maker"})
        lot = self.env["stock.lot"].create({
            "name": "FOREIGN", "product_id": self.stent.id, "company_id": other.id})
        with self.assertRaisesRegex(UserError, "FOREIGN: a lot of another company"):
            self.decide(lot, "released")
        self.assertEqual(lot.med_status, "quarantine")

    def test_a_held_lot_is_not_released(self):
        lot = self.receive(self.stent, {"HELD": 1})
        self.hold(lot)
        with self.assertRaisesRegex(UserError, "Held: HELD"):
            self.decide(lot, "released")

    def test_every_lot_is_decided_and_nothing_is_decided_by_itself(self):
        lot = self.receive(self.stent, {"UNDECIDED": 1})
        action = lot.with_user(self.release).action_med_decide()
        decision = self.env["med.disposition"].browse(action["res_id"])
        with self.assertRaisesRegex(UserError, "Lots / To"):
            self.sign(decision, self.release, "released")

    def test_what_has_expired_is_not_released(self):
        lot = self.receive(self.stent, {"LATE": 1})
        lot.expiration_date = "2026-01-01 00:00:00"
        with self.assertRaisesRegex(UserError, "Expired: LATE"):
            self.decide(lot, "released")

    def test_what_a_consignee_returns_is_in_quarantine(self):
        lot = self.in_stock(self.stent, "BACK")
        self.take_back(self.deliver([(self.stent, lot, 2)]), {lot: 1})
        self.assertEqual(lot.med_status, "quarantine")

    def test_expiry_is_read_not_stored(self):
        lot = self.in_stock(self.stent, "AGES")
        lot.expiration_date = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.deliver([(self.stent, lot, 1)])
        self.clock.tick(3 * 3600)
        lot.invalidate_recordset()
        self.assertEqual(lot.med_condition, "Released, Expired")

    def test_the_product_of_a_lot_with_a_status_stays(self):
        lot = self.receive(self.stent, {"STAYS": 1})
        with self.assertRaises(UserError):
            lot.sudo().product_id = self.tube

    def test_quality_sets_the_default_gate_without_being_administrator(self):
        self.company.med_gate_mode = "observe"
        lot = self.in_stock(self.stent, "DEFAULT-GATE", status="quarantine")
        self.assertFalse(self.anna.has_group("base.group_system"))
        gate = self.env["med.gate"].with_user(self.anna).create({"mode": "enforce"})
        with self.assertRaisesRegex(UserError, "Not allowed now"), self.env.cr.savepoint():
            self.deliver([(self.stent, lot, 1)])
        self.env["med.gate"].create({
            "product_tmpl_id": self.stent.product_tmpl_id.id, "mode": "warn"})
        self.deliver([(self.stent, lot, 1)])
        gate.unlink()
        with self.assertRaises(AccessError):
            self.env["med.gate"].with_user(self.user("warehouse", login="gate_w")).create(
                {"mode": "observe"})
