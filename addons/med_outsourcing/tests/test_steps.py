import json

from odoo.addons.med_base.tools.evidence import canonical_json, digest
from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestSteps(OrderCase):
    """Every step of a lot wherever it was done, and the order on paper (V7, V4, Q6)."""

    requirement = "V4 V7 Q6 ISO-7.4.2 ISO-7.5.1 CN-OUT-2 CN-GMP-61"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lots = cls.in_stock(cls.stent, "E-1", "E-2")
        cls.order = cls.begun(cls.process_order(cls.lots))
        cls.step = cls.report(
            cls.order, "step", [("E-1", 10, "good")], operation="Load 7", equipment="EO-3",
            parameters=[{"name": "Temperature", "value": "55.0", "unit": "°C"}])

    def rows(self, lot, key="steps"):
        [section] = [one for one in lot._med_evidence_sections() if one["key"] == key]
        return section["rows"]

    def test_a_step_is_in_the_evidence_of_its_lot_with_person_parameters_and_both_times(self):
        [row] = [row for row in self.rows(self.lots[0]) if row["name"] == "Load 7"]
        self.assertEqual(
            (row["equipment"], row["person"], row["parameters"], row["partner"], row["place"]),
            ("EO-3", "Li Wei", "Temperature: 55.0 °C", "Sterile Works", "Processor"))
        self.assertLess(row["date"], row["entered"])
        names = [row["name"] for row in self.rows(self.lots[1])]
        self.assertNotIn("Load 7", names, "it was not in that load")
        self.assertIn(self.order.name, names, "what names no lot is of all lots of the order")
        [order] = self.rows(self.lots[1], "processor_orders")
        self.assertEqual((order["revision"], order["digest"]),
                         (self.order.revision, self.order.contract_digest))

    def test_a_corrected_step_is_not_a_step(self):
        self.report(self.order, "step", [("E-1", 10, "good")], operation="Load 8",
                    supersedes=self.step.reference)
        names = [row["name"] for row in self.rows(self.lots[0])]
        self.assertNotIn("Load 7", names)
        self.assertIn("Load 8", names)

    def test_the_view_has_our_own_work_as_well(self):
        batch = self.env["med.process.batch"].create({
            "process": "coating", "number": "C-1", "started_at": "2026-03-01 08:00:00",
            "ended_at": "2026-03-01 09:00:00",
            "line_ids": [(0, 0, {"lot_id": self.lots[0].id, "quantity": 10})]})
        self.sign(batch, self.olga, "performed")
        steps = self.env["med.lot.step"].search([("lot_id", "=", self.lots[0].id)])
        here = steps.filtered(lambda one: one.kind == "batch")
        self.assertEqual((here.place, here.res_model, here.res_id, here.person),
                         ("here", "med.process.batch", batch.id, self.olga.name))
        self.assertEqual(len(set(steps.ids)), len(steps))
        self.assertEqual(self.lots[0].med_step_count, len(steps))

    def test_the_paper_embeds_what_was_frozen(self):
        data = self.order._med_order_pdf()
        self.assertTrue(data.startswith(b"%PDF"))
        self.assertIn("E-1", self.order.contract_text)
        kept = canonical_json(self.order.contract)
        self.assertEqual(digest(kept), self.order.contract_digest)
        self.assertNotIn("float", {type(one).__name__ for one in _leaves(json.loads(kept))})
        action = self.order.action_mail()
        self.assertEqual(action["context"]["default_partner_ids"], self.site.ids)

    def test_lots_begin_an_order(self):
        lots = self.in_stock(self.stent, "N-1", "N-2")
        action = lots.action_med_outsource()
        order = self.env["med.outsourcing.order"].with_context(**action["context"]).create({
            "processor_id": self.processor.id, "process": "sterilisation_eo"})
        self.assertEqual({line.lot_id.name: line.quantity for line in order.line_ids},
                         {"N-1": 10, "N-2": 10})

    def test_who_may_do_what(self):
        buyer, viewer = self.user("purchasing"), self.user("viewer")
        order = self.order.with_user(viewer)
        self.assertTrue(order.contract_text and order.event_ids[0].display_name)
        for action in ("action_release", "action_cancel", "action_return", "action_mail"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(order, action)()
        with self.assertRaises(AccessError):
            order.event_ids.with_user(buyer).create({"order_id": self.order.id})
        with self.assertRaises(AccessError):
            order.write({"note": "x"})

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = self.user("qa", login="elsewhere", company_id=other.id,
                         company_ids=[(6, 0, other.ids)])
        for model in ("med.outsourcing.order", "med.outsourcing.event",
                      "med.outsourcing.event.lot", "med.outsourcing.lot", "med.lot.step"):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(user).search([]))

    def test_to_which_order_goods_belong_is_not_written(self):
        keeper = self.user("warehouse")
        keeper.group_ids += self.env.ref("stock.group_stock_user")
        move = self.env["stock.move"].create({
            "product_id": self.stent.id, "product_uom_qty": 1, "location_id": self.stock.id,
            "location_dest_id": self.place.id})
        with self.assertRaises(AccessError):
            move.with_user(keeper).med_outsourcing_transfer_id = self.order
        with self.assertRaises(AccessError):
            self.env["stock.move"].with_user(keeper).create({
                "product_id": self.tube.id, "product_uom_qty": 1, "location_id": self.stock.id,
                "location_dest_id": self.place.id, "med_outsourcing_transfer_id": self.order.id})


def _leaves(data):
    if isinstance(data, dict):
        data = data.values()
    if isinstance(data, (str, int, float)) or data is None:
        yield data
        return
    for one in data:
        yield from _leaves(one)
