from odoo.exceptions import ValidationError
from odoo.tests.common import tagged

from .common import SCHEMAS, GoodsExchangeCase


@tagged("post_install", "-at_install")
class TestOutbound(GoodsExchangeCase):
    """What happens to goods is told where it becomes true."""

    requirement = "X1 X2 X5"

    def test_every_schema_has_its_handler(self):
        known = self.env["med.exchange.handler"]._med_handlers()
        self.assertLessEqual(set(SCHEMAS), set(known))

    def test_a_product_is_told_with_code_unit_and_identifiers(self):
        with self.heard("product") as heard:
            self.stent.name = "Stent 2"
            self.stent.description = "Nobody is told of this"
        self.assertEqual(heard.records, self.stent)
        told = self.export("product", self.stent)[self.stent.id]
        self.assertEqual((told["code"], told["unit"], told["tracking"], told["controlled"]),
                         ("ST-1", "1", "lot", True))
        found = self.handler("product")._med_find(self.mes, ["ST-1", "NONE", "product-7"])
        self.assertEqual({code: one.id for code, one in found.items()}, {"ST-1": self.stent.id})

    def test_what_was_told_before_is_told_anew(self):
        self.env.cr.execute("""
            INSERT INTO med_exchange_event_object (schema, model, res_id, version, digest)
            VALUES ('product', 'product.product', %s, 1, 'told')
                ON CONFLICT (schema, model, res_id) DO UPDATE SET digest = 'told'""",
            [self.stent.id])
        with self.heard("product") as heard:
            self.handler("product")._med_tell_anew(self.stent)
        self.assertEqual(heard.records, self.stent)
        self.env.cr.execute("SELECT digest FROM med_exchange_event_object WHERE schema = 'product'"
                            " AND model = 'product.product' AND res_id = %s", [self.stent.id])
        self.assertEqual(self.env.cr.fetchone()[0], "!")

    def test_a_code_that_two_products_have_names_neither(self):
        self.product("Another", default_code="ST-1")
        self.assertFalse(self.handler("product")._med_find(self.mes, ["ST-1"]))

    def test_a_lot_is_told_at_birth_and_with_every_change_of_status(self):
        with self.heard("lot") as heard:
            lot = self.receive(self.stent, {"L-1": 3})
        self.assertEqual(heard.records, lot)
        with self.heard("lot") as heard, self.heard("disposition") as decided:
            self.decide(lot, "released")
        self.assertEqual(decided.records.lot_id, lot)
        told = self.export("lot", lot)[lot.id]
        self.assertEqual((told["product"], told["lot"], told["status"], told["held"]),
                         ("ST-1", "L-1", "released", False))
        code = self.handler("lot")._med_object_id(lot)[lot.id]
        self.assertEqual(self.handler("lot")._med_find(self.mes, [code])[code].id, lot.id)

    def test_a_hold_is_told_when_it_is_placed_and_when_it_is_lifted(self):
        lots = self.in_stock(self.stent, "L-1", "L-2")
        with self.heard("hold") as heard:
            hold, _told = self.hold(lots)
        self.assertEqual(heard.records, hold.line_ids)
        told = self.export("hold", hold.line_ids)
        self.assertEqual([row["lots"] for row in told.values()],
                         [[{"product": "ST-1", "lot": "L-1"}], [{"product": "ST-1", "lot": "L-2"}]])
        self.assertEqual({row["state"] for row in told.values()}, {"placed"})
        hold.with_user(self.anna).write({"conclusion": "Fine"})
        with self.heard("hold") as heard:
            self.sign(hold, self.anna, "approved")
        self.assertEqual(heard.records, hold.line_ids)
        self.assertEqual({row["state"] for row in self.export("hold", hold.line_ids).values()},
                         {"lifted"})

    def test_an_inspection_is_told_when_it_is_submitted_and_decided(self):
        self.plan()
        inspection = self.inspected("L-1")
        with self.heard("inspection_result") as heard:
            self.finish(inspection)
        self.assertEqual(heard.records, inspection)
        told = self.export("inspection_result", inspection)[inspection.id]
        self.assertEqual((told["state"], told["verdict"], told["lots"]),
                         ("accepted", "accepted", [{"product": "ST-1", "lot": "L-1"}]))
        self.assertEqual([row["value"] for row in told["readings"]], ["10.0"] * 3)

    def test_a_shipment_is_told_when_it_is_posted_with_lots_and_consignee(self):
        lot = self.in_stock(self.stent, "L-1")
        self.hospital.ref = "HOS-1"
        with self.heard("shipment") as heard:
            picking = self.deliver([(self.stent, lot, 4)])
            self.receive(self.tube, {"T-9": 1})
        self.assertEqual(heard.records, picking)
        told = self.export("shipment", picking)[picking.id]
        self.assertEqual((told["consignee"], told["state"]), ("HOS-1", "done"))
        [line] = told["lines"]
        self.assertEqual((line["product"], line["lot"], line["quantity"]),
                         ("ST-1", "L-1", {"value": "4", "unit": "1"}))

    def test_an_order_is_told_confirmed_and_done_with_its_genealogy(self):
        tube = self.in_stock(self.tube, "T-1")
        made = self.lots_of(self.stent, "S-1")
        with self.heard("order") as heard:
            order = self.order(self.stent, 2, [(self.tube, tube, 2)], made)
        self.assertEqual(heard.records, order)
        self.assertNotIn("genealogy", self.export("order", order)[order.id])
        with self.heard("order") as heard:
            self.close(order)
        self.assertEqual(heard.records, order)
        told = self.export("order", order)[order.id]
        self.assertEqual(told["genealogy"], [{
            "input": {"product": "TB-1", "lot": "T-1"}, "output": {"product": "ST-1", "lot": "S-1"},
            "exact": True, "quantity": {"value": "2", "unit": "1"}}])
        self.assertNotIn("part_of", self.export("lot", made)[made.id])

    def test_a_cancelled_order_is_told(self):
        tube = self.in_stock(self.tube, "T-1")
        order = self.order(self.stent, 2, [(self.tube, tube, 2)])
        with self.heard("order") as heard:
            order.action_cancel()
        self.assertEqual(heard.records, order)

    def test_a_changed_quantity_or_date_of_an_open_order_is_told(self):
        tube = self.in_stock(self.tube, "T-1")
        order = self.order(self.stent, 2, [(self.tube, tube, 2)])
        for values in ({"product_qty": 3}, {"date_start": "2026-03-09 08:00:00"},
                       {"origin": "SO-9"}):
            with self.heard("order") as heard:
                order.write(values)
            self.assertEqual(heard.records, order, values)
        told = self.export("order", order)[order.id]
        self.assertEqual((told["quantity"]["value"], told["planned_start"], told["origin"]),
                         ("3", "2026-03-09T08:00:00Z", "SO-9"))
        self.assertGreaterEqual(told["planned_end"], told["planned_start"])
        with self.heard("order") as heard:
            order.write({"priority": "1"})
        self.assertFalse(heard.records)
        draft = self.env["mrp.production"].create({"product_id": self.stent.id, "product_qty": 1})
        with self.heard("order") as heard:
            draft.product_qty = 5
        self.assertFalse(heard.records)
        self.close(order)
        with self.heard("order") as heard:
            order.origin = "SO-10"
        self.assertFalse(heard.records)

    def test_a_bill_of_materials_is_told_with_each_change_of_a_line(self):
        with self.heard("bom") as heard:
            bom = self.env["mrp.bom"].create({
                "product_tmpl_id": self.stent.product_tmpl_id.id, "bom_line_ids": [
                    (0, 0, {"product_id": self.tube.id, "product_qty": 2})]})
        self.assertEqual(heard.records, bom)
        for change in (lambda: bom.bom_line_ids.write({"product_qty": 3}),
                       lambda: bom.bom_line_ids.unlink()):
            with self.heard("bom") as heard:
                change()
            self.assertEqual(heard.records, bom)
        told = self.export("bom", bom)[bom.id]
        self.assertEqual(told["products"], ["ST-1"])

    def test_an_operation_that_comes_changes_moves_or_goes_is_told(self):
        centre = self.env["mrp.workcenter"].create({"name": "Laser", "code": "LAS"})
        bom, other = (self.env["mrp.bom"].create({
            "product_tmpl_id": one.product_tmpl_id.id}) for one in (self.stent, self.tube))
        with self.heard("bom") as heard:
            step = self.env["mrp.routing.workcenter"].create({
                "name": "Cut", "workcenter_id": centre.id, "bom_id": bom.id,
                "time_cycle_manual": 12.5})
        self.assertEqual(heard.records, bom)
        [told] = self.export("bom", bom)[bom.id]["operations"]
        self.assertEqual(told["duration"], {"value": "12.50", "unit": "min"})
        with self.heard("bom") as heard:
            step.bom_id = other
        self.assertEqual(heard.records, bom | other)
        with self.heard("bom") as heard:
            step.unlink()
        self.assertEqual(heard.records, other)

    def test_what_an_operation_has_to_keep_to_is_told_once_its_plan_is_signed(self):
        centre = self.env["mrp.workcenter"].create({"name": "Laser"})
        bom = self.env["mrp.bom"].create({
            "product_tmpl_id": self.stent.product_tmpl_id.id, "operation_ids": [
                (0, 0, {"name": "Cut", "workcenter_id": centre.id})]})
        plan = self.draft("in_process", [self.length(nominal="10")], operation_ids=[
            (6, 0, bom.operation_ids.ids)])
        self.assertNotIn("parameters", self.export("bom", bom)[bom.id]["operations"][0])
        with self.heard("bom") as heard:
            self.sign(plan, self.anna, "approved")
        self.assertEqual(heard.records, bom)
        [told] = self.export("bom", bom)[bom.id]["operations"]
        self.assertEqual(told["parameters"], [{
            "name": "len", "target": {"value": "10", "unit": "mm"},
            "low": {"value": "9.9", "unit": "mm"}, "high": {"value": "10.1", "unit": "mm"}}])

    def test_a_plan_that_was_signed_ahead_is_told_when_it_comes_into_force(self):
        centre = self.env["mrp.workcenter"].create({"name": "Laser"})
        bom = self.env["mrp.bom"].create({
            "product_tmpl_id": self.stent.product_tmpl_id.id, "operation_ids": [
                (0, 0, {"name": "Cut", "workcenter_id": centre.id})]})
        self.plan("in_process", [self.length(nominal="10")], date_from="2026-03-10",
                  operation_ids=[(6, 0, bom.operation_ids.ids)])
        [told] = self.handler("bom")._med_object_id(bom).values()

        def heard_daily():
            """Return whether the bill is told anew by what runs each day, and with limits."""
            self.env.cr.flush()
            # What was told so far counts as told by an earlier transaction.
            self.env.cr.execute("UPDATE med_exchange_event_object"
                                " SET transaction_began = transaction_began - interval '1 day'")
            found = [("schema", "=", "bom"), ("res_id", "=", bom.id)]
            events = self.env["med.exchange.event"].sudo()
            before = events.search_count(found)
            self.env["med.inspection"]._begin_periodic()
            [step] = self.fed(self.mes, "bom")[told]["operations"]
            return events.search_count(found) - before, "parameters" in step

        self.assertEqual(heard_daily(), (0, False))
        self.clock.move_to("2026-03-12 09:00:00")  # the days between were missed
        self.assertEqual(heard_daily(), (1, True))
        self.assertEqual(heard_daily(), (0, True), "it has heard that")

    def test_what_a_company_measures_is_not_told_to_partners_of_another(self):
        far = self.env["res.company"].create({"name": "Far Away"})
        centre = self.env["mrp.workcenter"].create({
            "name": "Laser", "company_id": False, "resource_calendar_id": False})
        bom = self.env["mrp.bom"].create({
            "product_tmpl_id": self.stent.product_tmpl_id.id, "operation_ids": [
                (0, 0, {"name": "Cut", "workcenter_id": centre.id})]})
        self.plan("in_process", [self.length(nominal="10")], operation_ids=[
            (6, 0, bom.operation_ids.ids)])

        def measured(company):
            bom.company_id = company
            return "parameters" in self.export("bom", bom)[bom.id]["operations"][0]

        self.assertTrue(measured(self.company))
        self.assertFalse(measured(far), "a plan of ours in a bill of theirs")
        self.assertTrue(measured(False), "nobody of another company hears of it")
        self.env["med.exchange.partner"].create({
            "name": "Far", "code": "FAR", "company_id": far.id, "partner_id": far.partner_id.id})
        self.assertFalse(measured(False))
        self.assertTrue(measured(self.company))

    def test_the_temperatures_of_storage_are_those_of_the_labels(self):
        di = self.env["med.udi.di"].create({
            "name": "09506000134352", "product_id": self.stent.id})
        di.state = "active"
        with self.heard("product") as heard:
            row = self.env["med.udi.storage"].create({
                "di_id": di.id, "kind": "temperature", "low": 36, "high": 77,
                "unit": "fahrenheit"})
        self.assertEqual(heard.records, self.stent)
        told = self.export("product", self.stent)[self.stent.id]
        self.assertEqual((told["storage_low"], told["storage_high"]), (
            {"value": "2.3", "unit": "Cel"}, {"value": "25", "unit": "Cel"}))
        with self.heard("product") as heard:
            row.write({"low": 2, "high": 30, "unit": "celsius"})
        self.assertEqual(heard.records, self.stent)
        row.create({"di_id": di.id, "kind": "temperature", "low": 40, "has_high": False,
                    "unit": "celsius"})
        self.assertNotIn("storage_low", self.export("product", self.stent)[self.stent.id])
        with self.heard("product") as heard:
            row.unlink()
        self.assertEqual(heard.records, self.stent)

    def test_the_number_of_the_carrier_is_told_when_it_is_known(self):
        lot = self.in_stock(self.stent, "L-1")
        picking = self.deliver([(self.stent, lot, 4)])
        with self.heard("shipment") as heard:
            picking.write({"med_carrier": "SF", "med_tracking": "SF1"})
        self.assertEqual(heard.records, picking)
        told = self.export("shipment", picking)[picking.id]
        self.assertEqual((told["carrier"], told["tracking"]), ("SF", "SF1"))

    def test_how_long_a_calibration_holds_is_told_and_never_ends_before_it_begins(self):
        centre = self.env["mrp.workcenter"].create({"name": "Laser", "code": "LAS"})
        with self.heard("equipment_state") as heard:
            centre.write({"med_calibrated": "2026-01-10", "med_calibration_due": "2027-01-09"})
        self.assertEqual(heard.records, centre)
        told = self.export("equipment_state", centre)[centre.id]
        self.assertEqual((told["calibrated"], told["calibration_due"]),
                         ("2026-01-10", "2027-01-09"))
        with self.assertRaisesRegex(ValidationError, "ended before"):
            centre.med_calibration_due = "2026-01-09"

    def test_a_work_centre_is_told_when_it_is_blocked(self):
        centre = self.env["mrp.workcenter"].create({"name": "Laser", "code": "LAS"})
        with self.heard("equipment_state") as heard:
            self.env["mrp.workcenter.productivity"].create({
                "workcenter_id": centre.id, "date_start": "2026-03-02 08:00:00",
                "loss_id": self.env["mrp.workcenter.productivity.loss"].search(
                    [("loss_type", "=", "availability")], limit=1).id})
        self.assertEqual(heard.records, centre)
        told = self.export("equipment_state", centre)[centre.id]
        self.assertEqual((told["code"], told["state"]), ("LAS", "blocked"))

    def test_nothing_is_looked_up_where_nobody_listens(self):
        self.env["med.exchange.right"].search([("direction", "=", "out")]).unlink()
        handler = self.env["med.exchange.lot"]
        handler._med_heard()
        self.env.flush_all()

        def never():
            raise AssertionError("looked up")

        with self.assertQueryCount(0):
            handler._med_tell(never)
        with self.heard("lot") as heard:
            self.receive(self.stent, {"L-1": 3})
        self.assertFalse(heard.records)
