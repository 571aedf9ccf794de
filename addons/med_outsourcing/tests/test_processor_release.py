from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import approved_deviation
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
        self.done_there(order, {name: quantity})
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
        self.done_there(order, {"KIT-2": 10})
        self.portal_sign(self.theirs(order, {"KIT-2": 10}), "released")
        coaters = self.approved(self.env["res.partner"].create({"name": "Coaters"}))
        paul = self.portal("paul", coaters)
        foreign = self.env["med.outsourcing.order"].create({
            "processor_id": coaters.id, "kind": "make", "process": "assembly",
            "product_id": self.kit.id, "quantity": 10})
        foreign._med_store({"revision": "R1", "state": "finished"})
        self.done_there(foreign, {"KIT-1": 10})
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

    # ------------------------------------------------------------------ on file

    def section(self, sections):
        return next(one for one in sections if one["key"] == "processor_releases")

    def test_their_release_and_its_withdrawal_are_in_batch_record_and_evidence(self):
        release, order = self.bought()
        self.assertFalse(self.section(release._med_record_sections())["rows"])
        theirs = self.theirs(order, {"KIT-1": 10}, note="Indicators read")
        lot = self.env["stock.lot"].search([("name", "=", "KIT-1")])
        self.assertFalse(self.section(lot._med_evidence_sections())["rows"], "not signed yet")
        self.portal_sign(theirs, "released")
        self.portal_sign(theirs, "withdrawn", note="Load 7 was too cold")
        again = self.theirs(order, {"KIT-1": 10})
        self.portal_sign(again, "released")
        again.with_user(self.anna).revoke_reason = "Records are missing"
        again.with_user(self.anna).action_revoke()
        for sections in (lot._med_evidence_sections(), release._med_record_sections()):
            rows = self.section(sections)["rows"]
            self.assertEqual(
                [(row["number"], row["person"], row["note"]) for row in rows],
                [(theirs.name, self.pia.name, ""),
                 (theirs.name, self.pia.name, "Load 7 was too cold"),
                 (again.name, self.pia.name, ""),
                 (again.name, self.anna.name, "Records are missing")])
            self.assertEqual({(row["lot"], row["revision"], row["quantity"]) for row in rows},
                             {("KIT-1", "R1", 10)})
            self.assertTrue(rows[0]["digest"] and rows[0]["signed"] and rows[0]["method"])
        for lang in ("en_US", "zh_CN"):
            for data in (lot.with_user(self.anna).with_context(lang=lang)._med_evidence_pdf(),
                         release.with_user(self.anna).with_context(lang=lang)._med_record_pdf()):
                self.assertTrue(data.startswith(b"%PDF-"))

    # ------------------------------------------------------------------ withdrawn

    def holds(self, theirs):
        return self.env["med.hold"].search([
            ("source_model", "=", theirs._name), ("source_id", "=", theirs.id)])

    def test_lots_of_a_withdrawn_release_are_held_with_who_and_why(self):
        release, order = self.bought()
        theirs = self.theirs(order, {"KIT-1": 10})
        self.portal_sign(theirs, "released")
        lot = self.env["stock.lot"].search([("name", "=", "KIT-1")])
        self.assertFalse(lot.med_hold_count)
        self.portal_sign(theirs, "withdrawn", note="Load 7 was too cold")
        hold = self.holds(theirs)
        self.assertEqual((hold.state, hold.line_ids.lot_id, lot.med_hold_count, theirs.hold_count),
                         ("open", lot, 1, 1))
        for words in (theirs.name, self.processor.display_name, self.pia.name, "too cold"):
            self.assertIn(words, hold.reason)
        self.assertEqual(hold.owner_id, theirs.activity_ids.user_id)
        self.assertTrue(hold.owner_id.has_group("med_base.med_base_group_qa"))
        # Neither by the step of discrepancies nor by less than was withdrawn.
        with self.assertRaisesRegex(UserError, "with a signature"):
            hold.with_user(self.anna).med_transition("settle")
        self.portal_sign(self.theirs(order, {"KIT-1": 9}), "released")
        self.assertEqual(hold.state, "open")
        self.portal_sign(self.theirs(order, {"KIT-1": 1}), "released")
        self.assertEqual((hold.state, lot.med_hold_count), ("lifted", 0))
        self.assertIn("released the lots anew", hold.conclusion)
        self.produce(release)

    def test_quality_assurance_lifts_the_hold_of_a_withdrawn_release_by_its_signature(self):
        release, order = self.bought()
        theirs = self.theirs(order, {"KIT-1": 10})
        self.portal_sign(theirs, "released")
        self.portal_sign(theirs, "withdrawn", note="Load 7 was too cold")
        hold = self.holds(theirs)
        hold.with_user(self.anna).write({"conclusion": "Load 7 is another lot"})
        self.sign(hold, self.anna, "approved")
        self.assertEqual((hold.state, hold.line_ids.lot_id.name), ("lifted", "KIT-1"))
        self.assertFalse(hold.line_ids.lot_id.med_hold_count)

    def test_lots_released_or_delivered_are_held_and_alarmed_and_not_lifted_by_the_processor(self):
        release, order = self.bought()
        theirs = self.theirs(order, {"KIT-1": 10})
        self.portal_sign(theirs, "released")
        self.produce(release)
        self.market(release)
        lot = release.line_ids.lot_id
        self.move([(self.kit, lot, 3)], self.stock, self.customers, partner=self.works)
        self.portal_sign(theirs, "withdrawn", note="Load 7 was too cold")
        hold = self.holds(theirs)
        self.assertEqual((hold.line_ids.lot_id, lot.med_hold_count), (lot, 1))
        [alarm] = theirs.activity_ids
        self.assertIn("delivered already: KIT-1", alarm.summary)
        self.assertIn("too cold", alarm.summary)
        self.assertTrue(alarm.user_id.has_group("med_base.med_base_group_qa"))
        self.portal_sign(self.theirs(order, {"KIT-1": 10}), "released")
        self.assertEqual(hold.state, "open", "what is out is decided by a person")
        self.assertIn("released the lots anew", " ".join(
            hold.activity_ids.mapped(lambda one: one.summary or "")))

    def test_we_withdraw_a_release_of_theirs_with_a_reason(self):
        release, order = self.bought()
        theirs = self.theirs(order, {"KIT-1": 10})
        own = theirs.with_user(self.anna)
        with self.assertRaisesRegex(UserError, "Only what the processor has released"):
            own.revoke_reason = "Audit"
        self.portal_sign(theirs, "released")
        with self.assertRaisesRegex(UserError, "say why"):
            own.action_revoke()
        with self.assertRaises(AccessError):
            theirs.with_user(self.carl).revoke_reason = "Audit"
        own.revoke_reason = "Records of load 7 are missing"
        for user in (self.carl, self.pia):
            with self.assertRaises(AccessError):
                theirs.with_user(user).action_revoke()
        for change in ({"revoked_by_id": self.anna.id}, {"state": "revoked"}):
            with self.assertRaises(AccessError):
                own.with_context(state="revoked").write(change)
        own.action_revoke()
        self.assertEqual((theirs.state, theirs.valid, theirs.revoked_by_id),
                         ("revoked", False, self.anna))
        hold = self.holds(theirs)
        self.assertIn(self.anna.name, hold.reason)
        self.assertEqual(hold.line_ids.lot_id.name, "KIT-1")
        self.assertIn("load 7", " ".join(
            order.event_ids.filtered(lambda one: one.kind == "note").mapped("note")))
        with self.assertRaisesRegex(UserError, "released 0 of 10"):
            self.produce(release)
        with self.assertRaisesRegex(UserError, "Only what"):
            own.action_revoke()

    def test_the_paper_of_a_withdrawn_release_says_so(self):
        _release, order = self.bought()
        ours, its = self.theirs(order, {"KIT-1": 6}), self.theirs(order, {"KIT-1": 4})

        def paper(one):
            return self.env["med.document"]._page(
                "med_outsourcing.release_document", one._med_paper_values())

        for one in (ours, its):
            self.portal_sign(one, "released")
            self.assertNotIn("counts no more", paper(one))
        ours.with_user(self.anna).revoke_reason = "Records of load 7 are missing"
        ours.with_user(self.anna).action_revoke()
        self.portal_sign(its, "withdrawn", note="Load 7 was too cold")
        for one, why, who in ((ours, "Records of load 7", self.anna.name),
                              (its, "Load 7 was too cold", its.processor_id.display_name)):
            self.assertIn("counts no more", paper(one))
            self.assertIn(why, paper(one))
            self.assertIn(who, paper(one))

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

    permit = approved_deviation

    def test_another_revision_is_released_under_a_deviation_for_the_order_or_lot_alone(self):
        one, two = self.in_stock(self.stent, "PR-6", "PR-7")
        order, other = self.processing((one, 10)), self.processing((two, 10))
        wide, elsewhere = self.permit(), self.permit(
            med_outsourcing_order_ids=[Command.set(other.ids)])
        late = self.permit(lot_ids=[Command.set(one.ids)], date_from="2029-01-01")
        for deviation, words in (
                ("", "only under an approved deviation"), ("DEV/0", "no deviation DEV/0"),
                (wide.name, "names neither"), (elsewhere.name, "not for"),
                (late.name, "begins only on")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words), \
                    self.env.cr.savepoint():
                self.theirs(order, {"PR-6": 10}, "R0", deviation=deviation)
        named = self.permit(lot_ids=[Command.set(one.ids)])
        theirs = self.theirs(order, {"PR-6": 6}, "R0", deviation=named.name)
        self.assertIn(named.name, theirs.statement)
        signature = self.portal_sign(theirs, "released")
        self.assertIn(named.name, signature.content)
        self.assertTrue(theirs.valid)
        self.assertEqual((theirs.deviation_id, named.used), (named, 6))
        more = self.theirs(order, {"PR-6": 4}, "R0", deviation=named.name)
        named.with_user(self.anna).med_transition("withdraw", "Wrong drawing")
        with self.assertRaisesRegex(UserError, "is not approved"):
            self.portal_sign(more, "released")
        self.assertEqual(more.state, "draft")

    def test_what_was_reported_under_a_deviation_is_used_once(self):
        lot = self.in_stock(self.stent, "PR-8")
        order = self.processing((lot, 10), done=False)
        named = self.permit(med_outsourcing_order_ids=[Command.set(order.ids)])
        self.done_there(order, {"PR-8": 10}, revision="R0", deviation_id=named.id)
        order._med_use_deviation(named)
        self.portal_sign(self.theirs(order, {"PR-8": 10}, "R0", deviation=named.name), "released")
        self.assertEqual(named.used, 10)

    def test_what_was_reported_as_ordered_under_a_deviation_is_released_under_it(self):
        one, two = self.in_stock(self.stent, "PR-9", "PR-10")
        order, other = self.processing((one, 10), done=False), self.processing((two, 10))
        material = self.permit()  # for other material: it names neither orders nor lots
        self.done_there(order, {"PR-9": 10}, revision="R1", deviation_id=material.id)
        order._med_use_deviation(material)
        theirs = self.theirs(order, {"PR-9": 10}, deviation=material.name)
        self.portal_sign(theirs, "released")
        self.assertEqual((theirs.valid, theirs.revision, material.used), (True, "R1", 10))
        # What was not reported under it uses up what was granted to another order.
        elsewhere = self.permit(med_outsourcing_order_ids=[Command.set(order.ids)])
        with self.assertRaisesRegex(UserError, f"^{elsewhere.name} is for {order.name}, not for"):
            self.theirs(other, {"PR-10": 10}, deviation=elsewhere.name)

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
