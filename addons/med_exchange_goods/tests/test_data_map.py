from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange.tests.told import neither
from odoo.fields import Command
from odoo.tests.common import tagged
from odoo.tools import SQL

from .common import SCHEMAS, GoodsExchangeCase
from .test_inbound import LOADED, amount

DIGEST = f"sha256:{'a' * 64}"
# Told by an addon above this one; where that is installed, there is no exception.
VERSIONS = ("/revision",)


@tagged("post_install", "-at_install")
class TestDataMap(GoodsExchangeCase):
    """Every field of the data map is told by us or read of what others tell."""

    requirement = "X1 X2 G4"

    def told(self, schema, records):
        return list(self.export(schema, records).values())

    def check(self, schema):
        """Assert that each field of a schema is told in its example, or read of it."""
        left = neither(schema, *getattr(self, f"full_{schema}")())
        if "med_version_ids" not in self.env["product.template"]._fields:
            left = [one for one in left if one not in VERSIONS]
        self.assertEqual(left, [])

    # ------------------------------------------------------------------ full examples

    def full_product(self):
        self.stent.write({"barcode": "6901234567892"})
        self.stent.product_tmpl_id.write({"use_expiration_date": True, "expiration_time": 730})
        basic = self.env["med.udi.basic"].create({
            "issuer": "gs1", "name": "1987654Ad4X4bL5ttr2310c2K", "risk_class": "1"})
        di = self.env["med.udi.di"].create({
            "name": "09506000134352", "product_id": self.stent.id, "basic_id": basic.id,
            "storage_ids": [
                Command.create({"kind": "temperature", "low": 2, "high": 30, "unit": "celsius"}),
                Command.create({"kind": "temperature", "has_low": False, "high": 77,
                                "unit": "fahrenheit"})],
            "registration_ids": [Command.create({
                "jurisdiction_id": self.env.ref("med_base.med_jurisdiction_cn").id,
                "device_class": "3"})]})
        di.state = "active"
        self.version_of(self.stent)
        return self.told("product", self.stent), []

    def version_of(self, *products):
        if "med.product.version" in self.env:
            for product in products:
                if not product.product_tmpl_id.med_version_ids:
                    self.env["med.product.version"]._med_take(product.product_tmpl_id)

    def bill(self, **values):
        centre = self.env["mrp.workcenter"].create({"name": "Laser", "code": "LAS"})
        bom = self.env["mrp.bom"].create({
            "product_tmpl_id": self.stent.product_tmpl_id.id, "code": "BOM-1",
            "operation_ids": [Command.create({
                "name": "Cut", "workcenter_id": centre.id, "time_cycle_manual": 12.5})],
            "bom_line_ids": [Command.create({"product_id": self.tube.id, "product_qty": 2})],
            **values})
        bom.bom_line_ids.operation_id = bom.operation_ids
        return bom

    def full_bom(self):
        bom = self.bill()
        self.plan("in_process", [
            self.length(nominal="10.0"),
            {"key": "look", "name": "Look", "kind": "check", "method": "By eye"}],
            operation_ids=[Command.set(bom.operation_ids.ids)])
        self.version_of(self.stent)
        return self.told("bom", bom), []

    def full_order(self):
        bom, processor = self.bill(), {}
        if "subcontractor_id" in self.env["mrp.production"]._fields:
            processor = {"subcontractor_id": self.supplier.id}
        self.supplier.ref = "SUP-1"
        self.version_of(self.stent)
        tube = self.in_stock(self.tube, "T-1")
        made = self.lots_of(self.stent, "S-1")
        order = self.order(self.stent, 2, [(self.tube, tube, 2)], made, origin="SO-1")
        open_one = self.told("order", order)
        self.close(order)
        # What other tests show one by one stands in one order here.
        values = {"bom_id": bom.id, **processor}
        if "med_version_id" in order._fields and not order.med_version_id:
            values["med_version_id"] = order.product_tmpl_id.med_version_ids[:1].id
        self.set_by_sql(order, values)
        return open_one + self.told("order", order), []

    def set_by_sql(self, record, values):
        self.env.flush_all()
        for name, value in values.items():
            self.env.cr.execute(SQL("UPDATE %s SET %s = %s WHERE id = %s", SQL.identifier(
                record._table), SQL.identifier(name), value, record.id))
        record.invalidate_recordset()

    def full_lot(self):
        self.supplier.ref = "SUP-1"
        payload = {
            "product": "ST-1", "lot": "FULL", "reference": "R-1", "batch": "B-1",
            "tracking": "lot", "supplier": "SUP-1", "supplier_lot": "SL-1",
            "manufactured": "2026-02-01", "expires": "2028-02-01T00:00:00Z",
            "status": "quarantine", "held": False,
            "part_of": [{"product": "ST-1", "lot": "WHOLE", "exact": False}],
            "made_of": [{"product": "TB-1", "lot": "T-1", "exact": False,
                         "quantity": amount("2")}],
            "certificates": [{"number": "COA-7", "digest": DIGEST}]}
        if "med.product.version" in self.env:
            self.version_of(self.stent)
            payload["revision"] = self.handler("lot")._med_revision(self.stent, ["FULL"])
        lot, watched = self.read("lot", payload)
        said = " ".join(lot.message_ids.mapped("body"))
        for text in ("TB-1/T-1 2 1 (possibly)", f"COA-7 {DIGEST}", "ST-1/WHOLE"):
            self.assertIn(text, said)
        return self.told("lot", lot), [watched]

    def full_process_record(self):
        self.in_stock(self.tube, "T-1", status="quarantine")
        measured = {name: {"value": "5", "unit": unit} for name, unit in (
            ("temperature_low", "Cel"), ("temperature_high", "Cel"), ("pressure_low", "kPa"),
            ("pressure_high", "kPa"), ("humidity_low", "%"), ("humidity_high", "%"),
            ("dose_low", "kGy"), ("dose_high", "kGy"), ("exposure", "min"))}
        payload = {
            **LOADED, **measured, "state": "open", "equipment": "EO-1", "indicator": "pass",
            "indicator_lot": "BI-9", "indicator_read": "2026-03-02T07:00:00Z",
            "aeration_started": "2026-03-02T06:10:00Z", "aeration_ended": "2026-03-02T07:00:00Z",
            "residuals": "within", "processor": "SUP-1", "parameters": [{
                "name": "gas", "measured": amount("600", "mg/L"), "low": amount("550", "mg/L"),
                "high": amount("650", "mg/L"), "text": "by weight",
                "time": "2026-03-02T02:00:00Z"}],
            "lots": [{"product": "TB-1", "lot": "T-1", "quantity": amount("10"),
                      "containers": "Pallet 1"}]}
        self.supplier.ref = "SUP-1"
        words = dict(self.env["med.process.batch"]._fields["indicator_result"].selection)
        payload["indicator"] = next(iter(words))
        batch, watched = self.read("process_record", payload, self.processor)
        batch.conclusion = "Nothing to remark"
        return self.told("process_record", batch), [watched]

    def full_inspection_result(self):
        self.version_of(self.stent)
        self.plan(characteristics=[
            self.length(gauge_kind="caliper"),
            {"key": "look", "name": "Look", "kind": "check", "defect_class": "minor",
             "defect_code_ids": [Command.set(self.scratch.ids)]}],
            classes=[{"defect_class": one, "method": "full"} for one in ("major", "minor")])
        inspection = self.inspected("LAB-1")
        units = inspection.sample_ids.mapped("unit")
        common = {"time": "2026-03-02T08:00:30Z", "person": "A. Curie"}
        lengths = [{"characteristic": "len", "unit": unit, "place": 0, "value": "10.0",
                    "uom": "mm", "gauge": "C-7", "outcome": "pass", **common} for unit in units]
        looks = [{"characteristic": "look", "unit": unit, "value": "fail", "outcome": "fail",
                  "defects": [{"code": "T-SCR", "count": 1}], **common} for unit in units]
        payload = {
            "number": inspection.name, "stage": "incoming", "product": "ST-1",
            "plan": f"{inspection.plan_id.code}.{inspection.plan_version}",
            "lots": [{"product": "ST-1", "lot": "LAB-1"}],
            "lot_size": amount(str(inspection.quantity)), "sample_size": len(units),
            "laboratory": "Lab", "report": "R-7", "readings": lengths + looks}
        lengths[0]["note"] = "In the shade"
        if "med_version_id" in inspection.lot_id._fields:
            self.set_by_sql(inspection.lot_id, {
                "med_version_id": self.stent.product_tmpl_id.med_version_ids.id})
        revision = self.handler("inspection_result")._med_revision(inspection.lot_id)
        found, watched = self.read("inspection_result", payload | (
            {"revision": revision} if revision else {}))
        self.assertEqual(set(found.reading_ids.mapped("person")), {"A. Curie"})
        self.assertEqual({row["person"] for row in found.sheet()["readings"]}, {"A. Curie"})
        self.assertIn("In the shade", " ".join(found.message_ids.mapped("body")))
        _found, again = self.read("inspection_result", {"number": found.name, "stage": "incoming",
                                  "readings": [{**lengths[0], "value": "12", "outcome": "fail",
                                                "note": "Read again", "person": "P. Curie"}]})
        self.assertEqual((found.reading_ids - found.reading_ids.corrects_id).filtered(
            lambda row: row.person == "P. Curie").note, "Read again")
        self.submit(found)
        self.reject(found)
        # Of an inspection on the shop floor; here any order does.
        order = self.order(self.stent, 1, [])
        self.set_by_sql(found, {"production_id": order.id})
        return self.told("inspection_result", found), [watched, again]

    def full_equipment_state(self):
        centre = self.env["mrp.workcenter"].create({
            "name": "Laser", "code": "LAS", "med_calibrated": "2026-01-10",
            "med_calibration_due": "2027-01-09"})
        bom = self.bill()
        order = self.env["mrp.production"].create({
            "product_id": self.stent.id, "product_qty": 1, "bom_id": bom.id})
        order.workorder_ids.workcenter_id = centre
        Loss = self.env["mrp.workcenter.productivity.loss"]
        times = self.env["mrp.workcenter.productivity"]
        times.create([
            {"workcenter_id": centre.id, "workorder_id": order.workorder_ids[:1].id,
             "loss_id": Loss.search([("loss_type", "=", "productive")], limit=1).id},
            {"workcenter_id": centre.id, "description": "Lens broken",
             "loss_id": Loss.search([("loss_type", "=", "availability")], limit=1).id}])
        centre.invalidate_recordset()
        self.env.add_to_compute(centre._fields["working_state"], centre)
        [told] = self.told("equipment_state", centre)
        self.assertEqual(told["state"], "blocked")
        self.assertTrue(told["reason"].endswith(": Lens broken"))
        return [told], []

    def full_shipment(self):
        lot = self.in_stock(self.stent, "S-1")
        lot.expiration_date = "2028-06-30 00:00:00"
        self.hospital.ref = "HOS-1"
        picking = self.deliver([(self.stent, lot, 4)])
        picking.origin = "SO-1"
        picking.move_line_ids.result_package_id = self.env["stock.package"].create(
            {"name": "PAL-1"})
        told = {"number": picking.name, "carrier": "SF Express", "tracking": "SF123", "lines": [
            {"product": "ST-1", "lot": "S-1", "quantity": amount("4")}]}
        self.read("shipment", told, self.dealer)
        [found] = self.told("shipment", picking)
        self.assertEqual((found["carrier"], found["tracking"], found["lines"][0]["containers"]),
                         ("SF Express", "SF123", "PAL-1"))
        with self.assertRaisesRegex(Refused, "goes by “SF123” here"):
            self.read("shipment", {**told, "tracking": "SF999"}, self.dealer)
        return [found], []

    def full_hold(self):
        line = self.hold(self.in_stock(self.stent, "H-1"))[0]
        placed = self.told("hold", line.line_ids)
        line.with_user(self.anna).write({"conclusion": "Fine"})
        self.sign(line, self.anna, "approved")
        return placed + self.told("hold", line.line_ids), []

    def full_disposition(self):
        lot = self.in_stock(self.stent, "D-1", status="quarantine")
        decision = self.decide(lot, "conditional", note="For training alone")
        return self.told("disposition", decision.line_ids), []

    def full_stock_statement(self):
        place = self.stock.create({"name": "Third Party", "location_id": self.stock.id,
                                   "barcode": "3PL-1", "usage": "internal"})
        lot = self.in_stock(self.stent, "A-1")
        self.move([(self.stent, lot, 6)], self.stock, place)
        self.hospital.ref = "HOS-1"
        found, watched = self.read("stock_statement", {
            "number": "ST-7", "place": "3PL-1", "complete": True, "time": self.now(),
            "lines": [{"owner": "HOS-1", "place": "A-01", "product": "ST-1", "lot": "A-1",
                       "quantity": amount("6"), "status": "blocked",
                       "expires": "2020-01-01T00:00:00Z"}]})
        return self.told("stock_statement", found), [watched]

    def now(self):
        return self.env["med.stock.statement"]._fields["moment"].now().strftime(
            "%Y-%m-%dT%H:%M:%SZ")

    def full_delivery_proof(self):
        lot = self.in_stock(self.stent, "P-1")
        picking = self.deliver([(self.stent, lot, 4)])
        proof, watched = self.read("delivery_proof", {
            "number": "POD-9", "shipment": picking.name, "state": "recorded",
            "outcome": "partly", "person": "Dr. Weiss", "time": self.now(), "note": "At the gate",
            "temperature": amount("5.2", "Cel"), "photo": DIGEST, "lines": [{
                "product": "ST-1", "lot": "P-1", "delivered": amount("4"),
                "received": amount("3"), "refused": amount("1"), "reason": "damaged",
                "note": "Torn"}]}, self.dealer)
        self.assertEqual((proof.their_number, proof.picture_digest), ("POD-9", DIGEST))
        return self.told("delivery_proof", proof), [watched]


def _test_of(schema):
    def test(self):
        self.check(schema)
    return test


for _schema in SCHEMAS:
    setattr(TestDataMap, f"test_every_field_of_{_schema}_is_told_or_read", _test_of(_schema))
