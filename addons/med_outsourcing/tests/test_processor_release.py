from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .processor_common import ProcessorCase


@tagged("post_install", "-at_install")
class TestProcessorRelease(ProcessorCase):
    """Production release is the processor's, market release ours and waits for it."""

    requirement = "R4 CN-GMP-OUT CN-OUT-2 V5 V6"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.product("Kit", med_controlled=True)
        cls.bom = cls.env["mrp.bom"].create({
            "product_tmpl_id": cls.kit.product_tmpl_id.id, "type": "subcontract",
            "subcontractor_ids": [Command.link(cls.works.id)],
            "bom_line_ids": [Command.create({"product_id": cls.case_part.id, "product_qty": 1})]})
        cls.identified(cls.kit)
        cls.send((cls.part, 100))

    def bought(self, name="KIT-1", quantity=10):
        """Buy, let make and receive a lot; return our release of it and the order to them."""
        purchase = self.env["purchase.order"].create({
            "partner_id": self.works.id, "order_line": [Command.create({
                "product_id": self.kit.id, "product_qty": quantity, "price_unit": 1})]})
        purchase.button_confirm()
        move = purchase.picking_ids.move_ids
        order = move.med_outsourcing_order_id or self.env["med.outsourcing.order"].create({
            "processor_id": self.processor.id, "kind": "make", "process": "assembly",
            "product_id": self.kit.id, "quantity": quantity})
        order._med_store({"revision": "R1", "state": "finished"})
        move.sudo().med_outsourcing_order_id = order
        production = move._get_subcontract_production()
        production.action_assign()
        move.quantity = quantity
        move.move_line_ids.lot_name = name
        move.picked = True
        purchase.picking_ids.button_validate()
        self.assertEqual(purchase.picking_ids.state, "done")
        return move._get_subcontract_production().med_release_ids, order

    # ------------------------------------------------------------------ made there

    def test_what_a_processor_made_waits_for_its_release(self):
        release, order = self.bought()
        self.assertEqual(release.level, "market")
        row = self.check(release, "processor")
        self.assertEqual(self.texts(row), ["KIT-1: the processor has released 0 of 10"])
        with self.assertRaisesRegex(UserError, "the processor has released 0 of 10"):
            self.produce(release)
        theirs = self.theirs(order, {"KIT-1": 10})
        with self.assertRaisesRegex(UserError, "the processor has released 0 of 10"):
            self.produce(release)
        self.portal_sign(theirs, "released")
        self.assertEqual(self.check(release, "processor")["state"], "ok")
        self.produce(release)
        self.market(release)
        self.assertEqual(release.state, "market_released")
        self.assertEqual(release.line_ids.lot_id.med_status, "released")
        [told] = release._med_certificate(None)["processors"]
        self.assertEqual((told["name"], told["revision"], told["lots"]),
                         (self.processor.display_name, "R1", "KIT-1"))
        self.assertIn(self.pia.name, told["signed"])
        html = self.env["med.document"]._page("med_release.certificate_document", {
            "title": "C", "company": "C", "subject": "S", "consignee": "", "delivery": "",
            "certificates": [release._med_clean()._med_certificate(None)]})
        self.assertIn("Production release by processors", html)

    def test_less_than_all_of_it_is_not_enough(self):
        release, order = self.bought()
        self.portal_sign(self.theirs(order, {"KIT-1": 9}), "released")
        with self.assertRaisesRegex(UserError, "released 9 of 10"):
            self.produce(release)
        self.portal_sign(self.theirs(order, {"KIT-1": 1}), "released")
        self.produce(release)

    def test_a_release_of_another_lot_or_processor_does_not_count(self):
        release, order = self.bought()
        self.portal_sign(self.theirs(order, {"KIT-2": 10}), "released")
        coaters = self.approved(self.env["res.partner"].create({"name": "Coaters"}))
        paul = self.portal("paul", coaters)
        foreign = self.env["med.outsourcing.order"].create({
            "processor_id": coaters.id, "kind": "make", "process": "assembly",
            "product_id": self.kit.id, "quantity": 10})
        foreign._med_store({"revision": "R1", "state": "finished"})
        self.portal_sign(self.theirs(foreign, {"KIT-1": 10}), "released", paul, coaters)
        with self.assertRaisesRegex(UserError, "released 0 of 10"):
            self.produce(release)

    def test_a_withdrawn_release_stops_the_market_release(self):
        release, order = self.bought()
        theirs = self.theirs(order, {"KIT-1": 10})
        self.portal_sign(theirs, "released")
        self.produce(release)
        with self.assertRaisesRegex(UserError, "Say why"):
            self.portal_sign(theirs, "withdrawn")
        self.portal_sign(theirs, "withdrawn", note="Load 7 was too cold")
        self.assertEqual(theirs.state, "withdrawn")
        self.assertTrue(theirs.activity_ids)
        self.assertIn("too cold", "".join(release.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "released 0 of 10"):
            self.market(release)

    def test_a_signature_that_no_longer_holds_stops_the_market_release(self):
        release, order = self.bought()
        theirs = self.theirs(order, {"KIT-1": 10})
        self.portal_sign(theirs, "released")
        self.produce(release)
        self.env.cr.execute("UPDATE med_processor_release SET revision = 'R9' WHERE id = %s",
                            [theirs.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "released 0 of 10"):
            self.market(release)

    def test_a_product_that_asks_for_no_release_is_not_blocked(self):
        self.kit.med_release_level = "none"
        release, _order = self.bought()
        self.assertFalse(release)
        lot = self.env["stock.lot"].search([("name", "=", "KIT-1")])
        self.decide(lot, "released")
        self.assertEqual(lot.med_status, "released")

    def test_what_we_make_ourselves_does_not_ask_for_a_processor(self):
        release = self.made("PUMP-9")
        self.assertNotIn("processor", [row["key"] for row in release._med_checks()])
        self.produce(release)

    # ------------------------------------------------------------------ processed there

    def test_our_lot_that_was_processed_waits_for_that_processor(self):
        release = self.made("PUMP-2")
        self.produce(release)
        lot = release.line_ids.lot_id
        order = self.processing((lot, 10))
        key = "processed"
        self.assertEqual(self.texts(self.check(release, key, "market")),
                         ["PUMP-2: Sterile works has released 0 of 10"])
        self.env["res.partner"].browse(self.works.id).with_user(self.anna).sudo().write({
            "med_quarantine_agreement": "QA-17", "med_quarantine_until": "2030-01-01"})
        self.send((lot, 10))
        self.env["stock.scrap"].create({
            "product_id": lot.product_id.id, "lot_id": lot.id, "scrap_qty": 2,
            "location_id": self.place.id}).do_scrap()
        self.take((lot, 8))
        self.assertEqual(self.texts(self.check(release, key, "market")),
                         ["PUMP-2: Sterile works has released 0 of 8"])
        with self.assertRaisesRegex(UserError, "has released 0 of 8"):
            self.market(release)
        self.portal_sign(self.theirs(order, {"PUMP-2": 8}), "released")
        self.assertEqual(self.check(release, key, "market")["state"], "ok")
        self.market(release)

    # ------------------------------------------------------------------ what they may release

    def test_another_revision_lot_quantity_or_order_is_refused(self):
        lot = self.in_stock(self.stent, "PR-1")
        order = self.processing((lot, 10))
        for lots, revision, words in (
                ({"PR-1": 10}, "R0", "to revision R1, not R0"),
                ({"PR-1": 10}, False, "to revision R1, not -"),
                ({"PR-2": 10}, "R1", "is not a lot of"),
                ({"PR-1": 11}, "R1", "11 released, but 10"),
                ({"PR-1": 0}, "R1", "above zero"), ({}, "R1", "above zero")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words), \
                    self.env.cr.savepoint():
                self.theirs(order, lots, revision)
        self.portal_sign(self.theirs(order, {"PR-1": 6}), "released")
        with self.assertRaisesRegex(UserError, "11 released, but 10"):
            self.theirs(order, {"PR-1": 5})
        order._med_store({"state": "cancelled"})
        with self.assertRaisesRegex(UserError, "is not with the processor"):
            self.theirs(order, {"PR-1": 4})

    def test_who_is_not_approved_now_releases_nothing(self):
        lot = self.in_stock(self.stent, "PR-3")
        theirs = self.theirs(self.processing((lot, 10)), {"PR-3": 10})
        self.processor.with_user(self.anna).med_transition("suspend", "Audit failed")
        with self.assertRaisesRegex(UserError, "is not approved"):
            self.portal_sign(theirs, "released")

    # ------------------------------------------------------------------ guards

    def test_nobody_of_ours_releases_for_the_processor(self):
        lot = self.in_stock(self.stent, "PR-4")
        order = self.processing((lot, 10))
        theirs = self.theirs(order, {"PR-4": 10})
        for user in (self.anna, self.carl, self.env.ref("base.user_root"), self.keeper):
            own = theirs.with_user(user).with_context(med_permit=True, state="released")
            with self.subTest(user.login), self.assertRaises(AccessError):
                own.write({"state": "released"})
        made = self.env["med.processor.release"].with_user(self.anna).with_context(
            default_state="released").create({"order_id": order.id, "state": "released"})
        self.assertEqual(made.state, "draft")
        self.assertEqual(made.revision, "R1")
        made.action_cancel()
        self.assertEqual(made.state, "cancelled")

    def test_what_is_signed_stays_as_it_is(self):
        lot = self.in_stock(self.stent, "PR-5")
        theirs = self.theirs(self.processing((lot, 10)), {"PR-5": 10})
        self.portal_sign(theirs, "released")
        own = theirs.with_user(self.anna)
        for change in (
                lambda: own.write({"revision": "R2"}), lambda: own.write({"note": "x"}),
                lambda: own.line_ids.write({"quantity": 1}), lambda: own.line_ids.unlink(),
                lambda: own.write({"line_ids": [Command.create({
                    "product_id": self.stent.id, "lot_name": "X", "quantity": 1})]}),
                lambda: own.line_ids.create({"release_id": own.id, "quantity": 1,
                                             "product_id": self.stent.id, "lot_name": "X"}),
                own.action_cancel, own.unlink, own.sudo().unlink, own.copy):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        self.env.invalidate_all()
        self.assertTrue(theirs.valid)
