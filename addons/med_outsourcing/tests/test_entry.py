from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .processor_common import ProcessorCase


@tagged("post_install", "-at_install")
class TestEntry(ProcessorCase):
    """A processor without systems reports on paper, which a person of ours enters."""

    requirement = "V5 R4 X3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.product("Kit", med_controlled=True)
        cls.env["mrp.bom"].create({
            "product_tmpl_id": cls.kit.product_tmpl_id.id, "type": "subcontract",
            "subcontractor_ids": [Command.link(cls.works.id)],
            "bom_line_ids": [Command.create({"product_id": cls.case_part.id, "product_qty": 1})]})
        cls.identified(cls.kit)
        cls.send((cls.part, 100))
        purchase = cls.env["purchase.order"].create({
            "partner_id": cls.works.id, "order_line": [Command.create({
                "product_id": cls.kit.id, "product_qty": 10, "price_unit": 1})]})
        purchase.button_confirm()
        cls.order = purchase.picking_ids.move_ids.med_outsourcing_order_id
        cls.order._med_store({"date_released": fields.Datetime.now() - timedelta(days=2)})

    def enter(self, kind, lots=(), user=None, **values):
        order = self.order.with_user(user or self.carl)
        action = order.action_enter()
        entry = self.env[action["res_model"]].with_user(user or self.carl).with_context(
            **action["context"]).create({
                "kind": kind, "reference": f"P-{kind}", "person": "Mr. Li",
                "event_time": fields.Datetime.now() - timedelta(hours=1),
                "line_ids": [Command.create({
                    "lot_name": name, "quantity": quantity, "outcome": outcome,
                    **({"product_id": self.case_part.id} if outcome == "used" else {})})
                    for name, quantity, outcome in lots], **values})
        entry.action_enter()
        return self.order.event_ids.filtered(lambda one: one.reference == entry.reference)

    def test_what_is_on_paper_is_entered_and_released_by_paper(self):
        self.processor.user_ids = False
        self.enter("acknowledged")
        self.enter("started")
        step = self.enter("step", operation="Weld", parameter_ids=[Command.create(
            {"name": "Current", "value": "15", "unit": "A"})])
        self.assertEqual((step.parameters[0]["value"], step.origin, step.user_id),
                         ("15", "own", self.carl))
        with self.assertRaisesRegex(UserError, "no lot NONE"), self.env.cr.savepoint():
            self.enter("finished", [("KIT-1", 10, "good"), ("NONE", 10, "used")])
        event = self.enter("finished", [("KIT-1", 10, "good"), ("PART-1", 10, "used")])
        self.assertEqual(event.lot_ids.mapped("outcome"), ["good", "used"])
        theirs = self.theirs(self.order, {"KIT-1": 10}, self.order.revision)
        self.sign(self.paper(theirs).with_user(self.anna), self.anna, "verified")
        self.assertTrue(theirs.valid)

    def test_the_paper_may_come_after_the_goods(self):
        self.processor.user_ids = False
        picking = self.order.move_ids.picking_id
        picking.move_ids.quantity = 10
        picking.move_ids.move_line_ids.lot_name = "KIT-1"
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual((picking.state, self.order.state), ("done", "received"))
        release = self.order.production_ids.med_release_ids
        self.assertIn("10 of it are not reported as good", " ".join(
            self.texts(self.check(release, "reports"))))
        self.enter("acknowledged")
        self.enter("started")
        for lots, words in (([("KIT-1", 11, "good")], "10 are ordered"),
                            ([("KIT-2", 1, "good")], "Nothing more of")):
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                self.enter("finished", lots)
        self.enter("finished", [("KIT-1", 10, "good")])
        self.assertEqual(self.order.state, "received")
        self.assertEqual(self.check(release, "reports")["state"], "ok")
        self.portal_paper()
        self.produce(release)

    def portal_paper(self):
        theirs = self.theirs(self.order, {"KIT-1": 10}, self.order.revision)
        self.sign(self.paper(theirs).with_user(self.anna), self.anna, "verified")

    def test_nobody_reports_in_the_place_of_one_that_reports_itself(self):
        with self.assertRaisesRegex(UserError, "reports itself"):
            self.order.with_user(self.carl).action_enter()
        self.processor.user_ids = False
        self.assertTrue(self.order.with_user(self.carl).action_enter())
        with self.assertRaises(AccessError):
            self.order.with_user(self.person("inspector", "entry_ines")).action_enter()
        self.env.cr.execute("UPDATE med_processor SET connection = 'api' WHERE id = %s",
                            [self.processor.id])
        self.env.invalidate_all()
        entry = self.env["med.outsourcing.entry"].with_user(self.carl).create({
            "order_id": self.order.id, "kind": "acknowledged", "reference": "X", "person": "Li"})
        with self.assertRaisesRegex(UserError, "reports itself"):
            entry.action_enter()
