from types import SimpleNamespace

from odoo.addons.med_exchange.exceptions import Refused
from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .common import GoodsExchangeCase

LOADED = {"process": "sterilisation_eo", "number": "EO-17", "cycle": "EO 3 rev. 2",
          "started": "2026-03-02T00:00:00Z", "ended": "2026-03-02T06:00:00Z"}


def amount(value, unit="1"):
    return {"value": value, "unit": unit}


@tagged("post_install", "-at_install")
class TestInbound(GoodsExchangeCase):
    """What comes in goes by the business methods, and decides nothing."""

    requirement = "X2 X3 X5 ISO-8.2.6 ISO-8.3.2"

    # ------------------------------------------------------------------ lots

    def test_a_lot_is_made_in_quarantine_with_its_dates(self):
        lot = self.apply("lot", {
            "product": "ST-1", "lot": "IN-1", "supplier_lot": "S-9", "manufactured": "2026-02-01",
            "expires": "2028-02-01T00:00:00Z"})
        self.assertEqual((lot.med_status, lot.med_supplier_lot, str(lot.expiration_date)),
                         ("quarantine", "S-9", "2028-02-01 00:00:00"))
        self.assertEqual(lot.company_id, self.company)

    def test_a_status_never_comes_from_outside(self):
        told = {"product": "ST-1", "lot": "IN-1", "status": "released"}
        self.assertRefused("/status", "decided here by signature", "lot", told)
        lot = self.in_stock(self.stent, "IN-1", status="quarantine")
        self.assertRefused("/status", "quarantine", "lot", told, record=lot)
        self.assertRefused("/held", "Send a hold", "lot", {
            "product": "ST-1", "lot": "IN-1", "held": True}, record=lot)
        self.assertEqual((lot.med_status, lot.med_hold_count), ("quarantine", 0))

    def test_lots_that_look_alike_are_not_made(self):
        for name in ("LA\u03081", "L1 ", "L1\u200b", "\u202eL1"):
            self.assertRefused("/lot", "not seen", "lot", {"product": "ST-1", "lot": name})

    def test_the_label_of_a_decided_lot_is_not_changed_from_outside(self):
        lot = self.in_stock(self.stent, "DONE")
        before = lot.expiration_date
        self.assertRefused("", "decided already", "lot", {
            "product": "ST-1", "lot": "DONE", "expires": "2030-01-01T00:00:00Z"}, record=lot)
        self.assertEqual(lot.expiration_date, before)

    def test_what_a_maker_says_of_origin_and_papers_is_kept_with_the_lot(self):
        told = {"product": "ST-1", "lot": "IN-1", "tracking": "serial",
                "certificates": [{"number": "COA-7", "digest": f"sha256:{'a' * 64}"}],
                "made_of": [{"product": "TB-1", "lot": "T-1", "quantity": amount("2.5")}]}
        self.assertRefused("/tracking", "told apart by “lot”", "lot", told)
        lot = self.apply("lot", {**told, "tracking": "lot"})
        said = " ".join(lot.message_ids.mapped("body"))
        self.assertIn(f"COA-7 sha256:{'a' * 64}", said)
        self.assertIn("TB-1/T-1 2.5 1", said)

    def test_a_lot_of_another_product_revision_or_time_is_refused(self):
        lot = self.in_stock(self.stent, "IN-1", status="quarantine")
        for pointer, text, told in (
                ("/product", "neither is changed", {"product": "TB-1", "lot": "IN-1"}),
                ("/lot", "neither is changed", {"product": "ST-1", "lot": "IN-2"}),
                ("/revision", "revision “B”", {"product": "ST-1", "lot": "IN-1",
                                                "revision": "B"}),
                ("/expires", "no time", {"product": "ST-1", "lot": "IN-1", "expires": "soon"}),
                ("/expires", "before it was made", {
                    "product": "ST-1", "lot": "IN-1", "manufactured": "2026-02-01",
                    "expires": "2026-01-01T00:00:00Z"}),
                ("/supplier", "not known", {"product": "ST-1", "lot": "IN-1",
                                            "supplier": "NOBODY"})):
            self.assertRefused(pointer, text, "lot", told, record=lot)
        self.assertRefused("/product", "no product with lots", "lot",
                           {"product": "NONE", "lot": "IN-9"})

    def test_a_lot_that_a_message_made_is_never_removed(self):
        lot = self.apply("lot", {"product": "ST-1", "lot": "IN-1"})
        handler = self.handler("lot")
        with self.assertRaisesRegex(Refused, "never removed"):
            handler._med_compensate(self.mes, lot.with_env(handler.env), {}, None)
        self.assertTrue(lot.exists())

    # ------------------------------------------------------------------ process records

    def run_of(self, lot, quantity="10", unit="1", **changes):
        return {**LOADED, "lots": [{"product": "TB-1", "lot": lot, "quantity": amount(
            quantity, unit)}], **changes}

    def test_a_processor_reports_a_run_that_we_record_and_accept(self):
        lot = self.in_stock(self.tube, "T-1", status="quarantine")
        batch = self.apply("process_record", self.run_of("T-1"), self.processor)
        self.assertEqual((batch.state, batch.partner_id, batch.line_ids.lot_id,
                          batch.line_ids.quantity), ("open", self.supplier, lot, 10))
        self.assertEqual(batch.create_uid, self.processor.user_id)
        exposure = {"value": "240.00", "unit": "min"}
        self.apply("process_record", self.run_of(
            "T-1", "4", residuals="within", exposure=exposure), self.processor, batch)
        self.assertEqual((batch.line_ids.quantity, batch.residuals), (4, "within"))
        self.assertEqual(batch.reported_text, "exposure, 240.00 min")
        self.assertEqual(self.export("process_record", batch)[batch.id]["exposure"], exposure)
        with self.assertRaises(AccessError):
            batch.with_user(self.olga).write({"reported": {"exposure": {}}})
        with self.assertRaises(AccessError):
            batch.with_user(self.olga).create({"reported": {"exposure": {}}})

    def test_nobody_outside_records_or_accepts_a_run(self):
        self.in_stock(self.tube, "T-1", status="quarantine")
        self.assertRefused("/state", "signed here", "process_record",
                           self.run_of("T-1", state="accepted"), self.processor)
        batch = self.apply("process_record", self.run_of("T-1"), self.processor)
        self.tick()
        self.sign(batch, self.olga, "performed")
        self.assertRefused("/state", "not changed from outside", "process_record",
                           self.run_of("T-1", "9"), self.processor, batch)
        self.assertEqual(batch.line_ids.quantity, 10)

    def test_a_run_with_a_wrong_lot_unit_or_process_is_refused(self):
        self.in_stock(self.tube, "T-1", status="quarantine")
        for pointer, text, told in (
                ("/lots/0/lot", "not known", self.run_of("T-2")),
                ("/lots/0/quantity/unit", "cannot be converted", self.run_of("T-1", "1", "kg")),
                ("/lots/0/quantity/unit", "cannot be converted", self.run_of("T-1", "1", "kpc")),
                ("/lots/0/quantity/value", "not a quantity", self.run_of("T-1", "NaN")),
                ("/lots/0/quantity/value", "not a quantity", self.run_of("T-1", "-1")),
                ("/process", "no process", self.run_of("T-1", process="frying")),
                ("/ended", "before it starts", self.run_of(
                    "T-1", ended="2026-03-01T00:00:00Z")),
                ("/indicator", "not known", self.run_of("T-1", indicator="green"))):
            self.assertRefused(pointer, text, "process_record", told, self.processor)
        twice = self.run_of("T-1")
        twice["lots"] *= 2
        self.assertRefused("/lots/1/lot", "twice", "process_record", twice, self.processor)
        self.assertFalse(self.env["med.process.batch"].search_count([]))

    def test_a_party_speaks_of_its_own_lots_and_runs_alone(self):
        self.receive(self.tube, {"THEIRS": 5}, self.other_supplier)
        self.assertRefused("/lots/0/lot", "not known", "process_record", self.run_of("THEIRS"),
                           self.processor)
        self.in_stock(self.tube, "T-1", status="quarantine")
        batch = self.apply("process_record", self.run_of("T-1"), self.processor)
        self.assertRefused("", "Nothing of yours", "process_record", self.run_of("T-1"),
                           self.dealer, batch)
        self.other_supplier.ref = "SUP-2"
        self.assertRefused("/processor", "not known", "process_record",
                           self.run_of("T-1", processor="SUP-2"), self.processor)

    def test_a_run_of_a_message_that_is_taken_back_is_cancelled(self):
        self.in_stock(self.tube, "T-1", status="quarantine")
        batch = self.apply("process_record", self.run_of("T-1"), self.processor)
        handler = self.handler("process_record", self.processor)
        handler._med_compensate(self.processor, batch.with_env(handler.env), {}, None)
        self.assertEqual(batch.state, "cancelled")

    # ------------------------------------------------------------------ inspection results

    def readings(self, inspection, value="10.0", **more):
        return [{"characteristic": "len", "unit": sample.unit, "value": value, "uom": "mm",
                 "time": "2026-03-02T08:00:30Z", **more} for sample in inspection.sample_ids]

    def test_a_laboratory_enters_readings_and_the_verdict_follows(self):
        self.plan()
        inspection = self.inspected("LAB-1")
        self.apply("inspection_result", {
            "number": inspection.name, "readings": self.readings(inspection)})
        self.assertEqual((inspection.verdict, inspection.state), ("accepted", "open"))
        self.assertEqual(inspection.reading_ids.user_id, self.mes.user_id)
        # The same again is no second reading.
        self.apply("inspection_result", {
            "number": inspection.name, "readings": self.readings(inspection)})
        self.assertEqual(len(inspection.reading_ids), 3)

    def test_who_measured_is_kept_with_the_inspection(self):
        self.plan()
        inspection = self.inspected("LAB-1")
        self.apply("inspection_result", {
            "number": inspection.name, "product": "ST-1",
            "lot_size": amount(f"{inspection.quantity}.0"),
            "readings": self.readings(inspection, person="A. Curie")})
        self.assertEqual(set(inspection.reading_ids.mapped("person")), {"A. Curie"})
        self.assertEqual(inspection.reading_ids.user_id, self.mes.user_id)
        # Who names nobody does not take the name away; who names another one corrects.
        self.apply("inspection_result", {
            "number": inspection.name, "readings": self.readings(inspection)})
        self.assertEqual(len(inspection.reading_ids), 3)
        self.assertRefused("/readings/0", "reason of the correction", "inspection_result", {
            "number": inspection.name, "readings": self.readings(inspection, person="P. Curie")})

    def test_a_laboratory_neither_decides_nor_speaks_of_another_plan_or_lot(self):
        self.plan()
        inspection = self.inspected("LAB-1")
        told = {"number": inspection.name, "readings": self.readings(inspection)}
        for pointer, text, more in (
                ("/state", "decides by signature", {"state": "accepted"}),
                ("/verdict", "decides by signature", {"verdict": "accepted"}),
                ("/plan", "goes by", {"plan": "OTHER.9"}),
                ("/stage", "one of the stage", {"stage": "final"}),
                ("/revision", "revision “7”", {"revision": "7"}),
                ("/order", "not “WO-NONE”", {"order": "WO-NONE"}),
                ("/product", "is about “ST-1”", {"product": "TB-1"}),
                ("/lot_size", "not “77777”", {"lot_size": amount("77777")}),
                ("/sample_size", "about “3”, not “999”", {"sample_size": 999}),
                ("/lots/0", "not about", {"lots": [{"product": "ST-1", "lot": "LAB-2"}]})):
            self.assertRefused(pointer, text, "inspection_result", {**told, **more})
        self.assertFalse(inspection.reading_ids)

    def test_a_bad_reading_is_named_by_its_place_and_none_is_entered(self):
        self.plan()
        inspection = self.inspected("LAB-1")
        rows = self.readings(inspection)
        rows[1] = {**rows[1], "uom": "kg"}
        self.assertRefused("/readings/1", "cannot be converted", "inspection_result",
                           {"number": inspection.name, "readings": rows})
        worse = [{**row, "uom": "mm"} for row in rows]
        worse[2]["outcome"] = "fail"
        self.assertRefused("/readings/2/outcome", "it is “pass”", "inspection_result",
                           {"number": inspection.name, "readings": worse})
        worse[2] = {**rows[2], "defects": [{"code": "T-SCR", "count": 2}]}
        self.assertRefused("/readings/2/defects/0/count", "one reading a unit",
                           "inspection_result", {"number": inspection.name, "readings": worse})
        rows[1] = {**rows[1], "uom": "mm", "unit": "77"}
        self.assertRefused("/readings/1", "not drawn", "inspection_result",
                           {"number": inspection.name, "readings": rows})
        self.assertRefused("/number", "not known", "inspection_result", {
            "number": "NONE", "readings": []})

    def test_nothing_is_entered_once_an_inspection_is_decided(self):
        self.plan()
        inspection = self.finish(self.inspected("LAB-1"))
        self.assertRefused("/number", "is decided", "inspection_result", {
            "number": inspection.name, "readings": self.readings(inspection, "9.0")})

    # ------------------------------------------------------------------ holds

    def hold_of(self, *names, **changes):
        return {"reason": "Seal broken", "source": "excursion", "state": "placed",
                "lots": [{"product": "ST-1", "lot": name} for name in names], **changes}

    def test_a_partner_holds_lots_at_once_and_somebody_here_owns_it(self):
        lots = self.in_stock(self.stent, "H-1", "H-2")
        line = self.apply("hold", self.hold_of("H-1", "H-2"), self.processor)
        hold = line.hold_id
        self.assertEqual((hold.line_ids.lot_id, hold.source, hold.owner_id, hold.placed_by_id),
                         (lots, "excursion", self.env.user, self.processor.user_id))
        self.assertEqual(lots.mapped("med_hold_count"), [1, 1])
        self.assertIn("STERILE: Seal broken", hold.reason)

    def test_a_hold_is_lifted_by_quality_assurance_alone(self):
        lot = self.in_stock(self.stent, "H-1")
        line = self.apply("hold", self.hold_of("H-1"), self.processor)
        self.assertRefused("/state", "signature of quality assurance", "hold",
                           self.hold_of("H-1", state="lifted"), self.processor, line)
        ours, _told = self.hold(lot)
        self.assertRefused("/state", "signature of quality assurance", "hold",
                           self.hold_of("H-1", state="lifted"), self.processor, ours.line_ids)
        handler = self.handler("hold", self.processor)
        with self.assertRaisesRegex(Refused, "signature of quality assurance"):
            handler._med_compensate(self.processor, line.with_env(handler.env), {}, None)
        self.assertEqual(lot.med_hold_count, 2)

    def test_a_hold_of_unknown_or_other_lots_holds_nothing(self):
        lot = self.in_stock(self.stent, "H-1")
        self.receive(self.stent, {"H-X": 5}, self.other_supplier)
        for name in ("NONE", "H-X"):
            self.assertRefused("/lots/1/lot", "not known", "hold",
                               self.hold_of("H-1", name), self.processor)
        self.assertRefused("/source", "no ground", "hold",
                           self.hold_of("H-1", source="mood"), self.processor)
        self.assertEqual(lot.med_hold_count, 0)

    # ------------------------------------------------------------------ shipments, one way

    def test_a_shipment_is_confirmed_lot_by_lot_and_posts_nothing(self):
        lot = self.in_stock(self.stent, "S-1")
        picking = self.deliver([(self.stent, lot, 4)])
        told = {"number": picking.name, "lines": [
            {"product": "ST-1", "lot": "S-1", "quantity": amount("4")}]}
        self.apply("shipment", told, self.dealer)
        self.assertIn("confirms this shipment", picking.message_ids[0].body)
        lot.expiration_date = "2028-06-30 00:00:00"
        line = {**told["lines"][0], "expires": "2028-06-30T08:00:00Z"}
        self.env["res.partner"].create({"name": "Another", "ref": "HOS-2"})
        self.hospital.ref = "HOS-1"
        self.apply("shipment", {**told, "state": "done", "consignee": "HOS-1", "lines": [line]},
                   self.dealer)
        for pointer, text, more in (
                ("/state", "is “done” here", {"state": "cancel"}),
                ("/consignee", "did not go to “HOS-2”", {"consignee": "HOS-2"}),
                ("/consignee", "did not go to “NOBODY”", {"consignee": "NOBODY"}),
                ("/lines/0/expires", "expires at 2028-06-30", {"lines": [
                    {**line, "expires": "1999-01-01T00:00:00Z"}]})):
            self.assertRefused(pointer, text, "shipment", {**told, **more}, self.dealer)
        self.apply("shipment", {**told, "carrier": "SF", "tracking": "SF1"}, self.dealer)
        self.apply("shipment", {**told, "carrier": "sf "}, self.dealer)
        self.assertEqual((picking.med_carrier, picking.med_tracking), ("SF", "SF1"))
        self.assertRefused("/tracking", "goes by “SF1”", "shipment", {**told, "tracking": "SF2"},
                           self.dealer)
        told["lines"][0]["quantity"] = amount("3")
        self.assertRefused("/lines", "differs by 1", "shipment", told, self.dealer)
        told["lines"][0]["lot"] = "S-2"
        self.assertRefused("/lines/0", "was not in", "shipment", told, self.dealer)
        self.assertRefused("/number", "not known", "shipment", told, self.processor)
        self.assertRefused("/number", "not known", "shipment", {**told, "number": "X"})

    def test_the_number_of_a_carrier_is_kept_where_it_is_read(self):
        # Odoo's addon of deliveries is not needed here: this has the fields that it adds.
        picking = SimpleNamespace(
            _fields={"carrier_tracking_ref": None}, name="OUT/1", carrier_tracking_ref=False,
            carrier_id=self.env["res.partner"].create({"name": "SF"}), med_carrier=False,
            med_tracking=False)
        picking.write = vars(picking).update
        shipment = self.handler("shipment")
        shipment._med_take_carrier(picking, {"carrier": "sf", "tracking": "SF1 "})
        self.assertEqual(shipment._med_carrier(picking), {"carrier": "SF", "tracking": "SF1"})
        self.assertFalse(picking.med_tracking)
        with self.assertRaisesRegex(Refused, "goes by “SF1”"):
            shipment._med_take_carrier(picking, {"tracking": "SF2"})
        picking.carrier_id = self.env["res.partner"]
        shipment._med_take_carrier(picking, {"carrier": "DHL", "tracking": "D1"})
        self.assertEqual((picking.med_carrier, picking.med_tracking), ("DHL", "D1"))

    def test_what_is_only_sent_is_not_received(self):
        for schema in ("product", "bom", "order", "equipment_state", "disposition"):
            self.assertRefused("", "only sent by us", schema, {})
