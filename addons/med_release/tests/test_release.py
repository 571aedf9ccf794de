from unittest.mock import patch

from odoo.addons.med_signature.tools.machine import Signer
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReleaseCase


@tagged("post_install", "-at_install")
class TestRelease(ReleaseCase):
    """Two persons release what an order made, and nobody gets around them."""

    requirement = "ISO-8.2.6 CN-GMP-REL CN-GMP-OUT R1 R3"

    def test_an_order_of_a_device_with_a_bill_of_materials_waits_for_its_release(self):
        release = self.made()
        self.assertEqual((release.state, release.level, release.lot_count), ("open", "market", 1))
        self.assertTrue(release.name.startswith("REL/"))

    def test_an_order_without_bill_of_materials_or_control_has_no_release(self):
        self.assertFalse(self.made("X-1", product=self.product("Plain")))
        self.assertFalse(self.made("X-2", product=self.product("Bare", med_controlled=True)))

    def test_the_maker_and_then_the_registrant_release_and_the_lot_has_its_status(self):
        release = self.made()
        lot = release._med_output_lots()
        self.produce(release)
        self.assertEqual((release.state, lot.med_status), ("production_released", "quarantine"))
        self.market(release)
        self.assertEqual((release.state, lot.med_status), ("market_released", "released"))
        decision = release.disposition_ids
        self.assertEqual((decision.state, decision.kind, decision.line_ids.lot_id),
                         ("done", "release", lot))
        self.assertEqual(release.med_signature_ids.mapped("status"), ["valid", "valid"])

    def test_the_registrant_does_not_release_before_the_maker(self):
        with self.assertRaisesRegex(UserError, "not asked for now"):
            self.market(self.made())

    def test_one_person_does_not_sign_both(self):
        release = self.made()
        self.produce(release)
        with self.assertRaisesRegex(UserError, "another person"):
            self.market(release, self.maker)
        self.assertEqual(release.state, "production_released")

    def test_no_signing_rule_lets_one_person_sign_both(self):
        """A rule may put another meaning in the maker's place; the person still counts."""
        release = self.made()
        self.grant(self.maker, "approved")
        machine = type(release)._med_machine
        first = machine.transitions[0].__class__(**{
            **machine.transitions[0].__dict__, "signers": (Signer("approved"),)})
        changed = machine.__class__(**{
            **machine.__dict__, "transitions": (first, *machine.transitions[1:])})
        with patch.object(type(release), "_med_machine", changed):
            self.sign(release, self.maker, "approved", transition="produce")
            with self.assertRaisesRegex(UserError, "another person"):
                self.market(release, self.maker)

    def test_only_the_release_role_signs(self):
        release = self.made()
        self.grant(self.anna, "released")
        with self.assertRaisesRegex(UserError, "none of the roles"):
            self.produce(release, self.anna)

    def test_the_makers_person_belongs_to_the_maker_and_the_registrants_to_the_registrant(self):
        other = self.env["res.company"].create({"name": "Registrant Ltd"})
        self.registered(self.pump, self.cn, registrant_id=other.partner_id.id)
        release = self.made()
        self.assertEqual(release.registrant_company_id, other)
        pure = self.person("qa_release", "petra", company_ids=[Command.set(other.ids)],
                           company_id=other.id)
        self.grant(pure, "market_released")
        self.produce(release)
        with self.assertRaisesRegex(UserError, "does not belong to Registrant Ltd"):
            self.market(release)
        lot = release._med_output_lots()
        self.market(release.with_context(allowed_company_ids=other.ids), pure)
        self.env.invalidate_all()
        self.assertEqual((release.state, lot.med_status), ("market_released", "released"))

    def test_the_registrants_people_refuse_and_withdraw_too(self):
        other = self.env["res.company"].create({"name": "Registrant Ltd"})
        self.registered(self.pump, self.cn, registrant_id=other.partner_id.id)
        release = self.made()
        pure = self.person("qa_release", "petra", company_ids=[Command.set(other.ids)],
                           company_id=other.id)
        self.grant(pure, "rejected", "approved")
        pure.group_ids += self.env.ref("med_base.med_base_group_qa")
        self.produce(release)
        there = release.with_context(allowed_company_ids=other.ids)
        there.with_user(pure).grounds = "Recalled design"
        self.sign(there, pure, "rejected")
        self.assertEqual(release.state, "refused")
        self.sign(there, pure, "approved", reason="Refused in error")
        self.assertEqual((release.state, release.line_ids.ids), ("open", []))
        stranger = self.env["res.company"].create({"name": "Elsewhere"})
        pure.write({"company_ids": [Command.set(stranger.ids)], "company_id": stranger.id})
        self.env.flush_all()
        with self.assertRaises(AccessError):
            self.sign(release, pure, "rejected", caller=self.maker)

    def test_who_the_registrant_is_is_read_anew_before_the_maker_signs(self):
        partner = self.env["res.partner"].create({"name": "Registrant Ltd", "is_company": True})
        self.registered(self.pump, self.cn, registrant_id=partner.id)
        release = self.made()
        self.assertEqual(release.registrant_company_id, self.company)

        def digests():
            told = release.with_user(self.maker).med_sign_preview("produce")
            return [told["records"][0]["steps"][0]["digest"]]
        seen = digests()
        other = self.env["res.company"].create(
            {"name": "Registrant Ltd", "partner_id": partner.id})
        with self.assertRaisesRegex(UserError, "has changed since it was shown"), (
                self.env.cr.savepoint()):
            self.sign(release, self.maker, "released", digests=seen)
        self.env.invalidate_all()
        self.assertEqual(release.registrant_company_id, self.company)
        self.sign(release, self.maker, "released", digests=digests())
        self.assertEqual((release.state, release.registrant_company_id),
                         ("production_released", other))

    def test_somebody_of_another_company_does_not_sign_for_the_maker(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.person("qa_release", "stan", company_ids=[Command.set(other.ids)],
                               company_id=other.id)
        self.grant(stranger, "released")
        release = self.made()
        with self.assertRaises(AccessError):
            self.produce(release, stranger)
        with self.assertRaises(AccessError):
            self.sign(release, stranger, "released", caller=self.maker)
        self.registered(self.pump, self.cn, registrant_id=other.partner_id.id)
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "does not belong"):
            self.produce(release.with_context(allowed_company_ids=other.ids), stranger)
        self.assertEqual(release.state, "open")

    def test_a_lot_made_here_is_not_released_by_a_decision(self):
        release = self.made()
        lot = release._med_output_lots()
        for status in ("released", "conditional"):
            with self.assertRaisesRegex(UserError, "release of their order alone"):
                self.decide(lot, status)
        self.produce(release)
        with self.assertRaisesRegex(UserError, "release of their order alone"):
            self.decide(lot, "released")
        self.assertEqual(lot.med_status, "quarantine")

    def test_an_opening_status_is_no_way_around_the_release(self):
        lot = self.made()._med_output_lots()
        opening = self.env["med.disposition"].with_user(self.maker).create({
            "kind": "opening", "line_ids": [
                Command.create({"lot_id": lot.id, "status": "released"})]})
        with self.assertRaisesRegex(UserError, "release of their order alone"):
            self.sign(opening, self.maker, "released")

    def test_what_was_made_before_control_began_gets_its_opening_status(self):
        old = self.product("Old pump")
        self.env["mrp.bom"].create({"product_tmpl_id": old.product_tmpl_id.id, "product_qty": 1})
        lot = self.lots_of(old, "OLD-1")
        self.make(old, 3, [(self.case_part, self.part, 3)], lots=lot)
        old.med_controlled = True
        self.assertFalse(lot.med_status)
        self.decide(lot, "released")
        self.assertEqual(lot.med_status, "released")

    def test_a_refused_batch_stays_in_quarantine(self):
        release = self.made()
        with self.assertRaisesRegex(UserError, "Still to be filled in"):
            self.sign(release, self.maker, "rejected")
        release.with_user(self.maker).grounds = "Particles"
        self.sign(release, self.maker, "rejected")
        self.assertEqual(release.state, "refused")
        with self.assertRaisesRegex(UserError, "release of their order alone"):
            self.decide(release._med_output_lots(), "released")

    def test_a_withdrawn_release_puts_its_lots_in_quarantine(self):
        release = self.released()
        lot = release._med_output_lots()
        self.sign(release, self.anna, "approved", reason="Complaint about the seal")
        self.assertEqual((release.state, lot.med_status), ("open", "quarantine"))
        self.assertFalse(release.line_ids)
        self.produce(release)
        self.market(release)
        self.assertEqual(lot.med_status, "released")

    def test_a_rejected_serial_stays_rejected_and_the_others_are_released(self):
        device = self.device("Serial pump", "serial")
        release = self.made([f"SN-{n}" for n in range(4)], 4, product=device)
        lots = release._med_output_lots()
        self.decide(lots[0], "rejected")
        row = self.check(release, "goods")
        self.assertEqual(row["state"], "excepted")
        self.assertTrue(row["exception"].startswith("DEC/"))
        self.produce(release)
        self.market(release)
        self.assertEqual(lots.mapped("med_status"), ["rejected"] + ["released"] * 3)

    def test_a_scrapped_serial_is_not_released(self):
        device = self.device("Serial pump", "serial")
        release = self.made(["SN-A", "SN-B"], 2, product=device)
        lots = release._med_output_lots()
        self.scrap(lots[0], 1)
        self.produce(release)
        self.market(release)
        self.assertEqual(lots.mapped("med_status"), ["quarantine", "released"])

    def test_an_intermediate_is_released_by_the_maker_alone(self):
        part = self.device("Sub-assembly")
        part.product_tmpl_id.with_user(self.anna).sudo().med_release_level = "production"
        release = self.made(product=part)
        self.produce(release)
        self.assertEqual(release._med_output_lots().med_status, "released")

    def test_which_release_a_product_needs_is_set_by_quality(self):
        manager = self.user("warehouse")
        manager.group_ids += self.env.ref("stock.group_stock_manager") + self.env.ref(
            "product.group_product_manager")
        with self.assertRaisesRegex(AccessError, "set by quality"):
            self.pump.product_tmpl_id.with_user(manager).med_release_level = "none"
        with self.assertRaisesRegex(AccessError, "set by quality"):
            self.env["product.template"].with_user(manager).with_context(
                default_med_release_level="none").create({"name": "X"})


@tagged("post_install", "-at_install")
class TestTwoOrders(ReleaseCase):
    """One lot, two orders: it is released when both are."""

    requirement = "ISO-8.2.6 ISO-7.5.8"

    def test_a_lot_of_two_orders_is_released_with_the_last_of_them(self):
        first = self.made("TWICE", 4)
        second = self.made("TWICE", 6)
        lot = first._med_output_lots()
        self.assertEqual(lot, second._med_output_lots())
        self.assertIn("made TWICE too", self.texts(self.check(first, "goods"), "note")[0])
        self.produce(first)
        self.market(first)
        self.assertEqual((first.state, lot.med_status), ("market_released", "quarantine"))
        self.assertFalse(first.disposition_ids)
        self.produce(second)
        self.market(second)
        self.assertEqual(lot.med_status, "released")

    def test_more_of_a_released_lot_goes_back_to_quarantine(self):
        first = self.released("MORE", 4)
        lot = first._med_output_lots()
        self.assertEqual(lot.med_status, "released")
        second = self.made("MORE", 6)
        self.assertEqual(lot.med_status, "quarantine")
        with self.assertRaisesRegex(UserError, "is not released"):
            self.decide(lot, "released")
        self.produce(second)
        self.market(second)
        self.assertEqual(lot.med_status, "released")

    def test_the_backorder_has_a_release_of_its_own(self):
        lot = self.lots_of(self.pump, "SPLIT")
        order = self.order(self.pump, 10, [(self.case_part, self.part, 10)], lots=lot)
        order.qty_producing = 4
        self.close(order, backorder=True)
        release = order.med_release_ids
        self.assertEqual(list(release._med_made().values()), [4])
        rest = order.production_group_id.production_ids - order
        self.assertFalse(rest.med_release_ids)
        self.produce(release)
        self.market(release)
        self.assertEqual(lot.med_status, "released")

    def test_an_order_changed_after_the_makers_release_is_not_released(self):
        release = self.made("CHANGED", 5)
        self.produce(release)
        line = release.production_id.move_finished_ids.move_line_ids
        line.quantity = 7
        with self.assertRaisesRegex(UserError, "other lots or quantities"):
            self.market(release)

    def test_a_quantity_raised_after_the_release_brings_the_lot_back(self):
        release = self.released("RAISED", 5)
        lot = release._med_output_lots()
        release.production_id.move_finished_ids.move_line_ids.quantity = 9
        self.assertEqual(lot.med_status, "quarantine")
        with self.assertRaisesRegex(UserError, "another quantity"):
            self.decide(lot, "released")


@tagged("post_install", "-at_install")
class TestAttacks(ReleaseCase):
    """What somebody would try who wants a lot released without its signatures."""

    requirement = "ISO-8.2.6 P11-10g DI-+"

    def users(self):
        return {
            "operator": self.user("operator"), "qa": self.anna, "release": self.maker,
            "admin": self.user("system_admin"), "superuser": None}

    def as_user(self, record, user):
        return record.with_user(user) if user else record.sudo()

    def test_nobody_writes_the_state_or_what_it_rests_on(self):
        release = self.made()
        self.produce(release)
        hostile = {"default_state": "market_released", "med_step": "market", "install_mode": True}
        for name, user in self.users().items():
            for values in ({"state": "market_released"}, {"production_frozen": {"en_US": []}},
                           {"market_frozen": {"en_US": []}}, {"trail_digest": "0" * 64},
                           {"med_signature_round": 7}):
                with self.subTest(user=name, values=values), self.assertRaises(AccessError):
                    self.as_user(release, user).with_context(**hostile).write(values)
        self.assertEqual(release.state, "production_released")

    def test_nobody_moves_a_release_to_another_order_or_makes_one(self):
        release, order = self.made("A-1"), self.made("A-2").production_id
        for name, user in self.users().items():
            if not user:
                continue
            for values in ({"production_id": order.id}, {"company_id": 1}, {"name": "X"},
                           {"registrant_company_id": self.company.id},
                           {"product_id": self.case_part.id}, {"date_done": "2020-01-01 00:00:00"},
                           {"level": "production"}):
                with self.subTest(user=name, values=values), self.assertRaises(AccessError):
                    release.with_user(user).write(values)
            with self.subTest(user=name), self.assertRaises(AccessError):
                self.env["med.release"].with_user(user).create({
                    "production_id": order.id, "state": "market_released"})

    def test_nobody_writes_or_removes_lines_signed_or_not(self):
        release = self.released()
        line = release.line_ids
        other = self.lots_of(self.pump, "SMUGGLED")
        for name, user in self.users().items():
            rows = self.as_user(line, user)
            with self.subTest(user=name), self.assertRaises(AccessError):
                rows.write({"quantity": 1000})
            with self.subTest(user=name), self.assertRaises(AccessError):
                rows.unlink()
            with self.subTest(user=name), self.assertRaises(AccessError):
                rows.create({"release_id": release.id, "lot_id": other.id, "quantity": 1})
            with self.subTest(user=name), self.assertRaises(UserError):
                self.as_user(release, user).unlink()
            with self.subTest(user=name), self.assertRaises(UserError):
                self.as_user(release, user).copy()

    def test_a_default_of_the_caller_gets_nothing_into_a_release(self):
        lot = self.lots_of(self.pump, "DEFAULTS")
        order = self.order(self.pump, 2, [(self.case_part, self.part, 2)], lots=lot)
        hostile = {"default_state": "market_released", "default_note": "fine",
                   "default_production_frozen": {"en_US": []}, "default_company_id": 99,
                   "default_trail_digest": "0" * 64, "default_name": "REL/1"}
        order.with_context(**hostile).action_med_release()
        release = order.med_release_ids
        self.assertEqual((release.state, release.note, release.production_frozen,
                          release.company_id, release.trail_digest),
                         ("open", False, False, order.company_id, False))

    def test_the_release_of_an_order_is_opened_by_those_who_may_see_it(self):
        release = self.made()
        order = release.production_id
        nobody = self.person("warehouse", "willy")
        nobody.group_ids = [Command.set(self.env.ref("mrp.group_mrp_user").ids)]
        for record, name in ((order, "action_med_release"), (release, "action_open_lots")):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(record.with_user(nobody), name)()
        self.assertEqual(order.with_user(self.anna).action_med_release()["res_id"], release.id)
        idle = self.env["mrp.production"].create({"product_id": self.pump.id, "product_qty": 1})
        with self.assertRaisesRegex(UserError, "makes nothing yet"):
            idle.action_med_release()
        self.assertFalse(idle.med_release_ids)

    def test_the_list_gathers_nothing(self):
        release = self.made()
        fields = {name: {} for name in release.get_view(view_type="list")["models"]["med.release"]}
        with patch.object(type(release), "_med_checks", side_effect=AssertionError):
            told = release.web_search_read([("id", "=", release.id)], fields)
        self.assertEqual(told["records"][0]["state"], "open")

    def test_a_row_of_the_list_costs_few_queries(self):
        releases = self.env["med.release"].union(*(self.made(f"LIST-{n}") for n in range(6)))
        fields = {name: {} for name in releases.get_view(view_type="list")["models"]["med.release"]}

        def cost(rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows.web_search_read([("id", "in", rows.ids)], fields)
            return self.cr.sql_log_count - before
        cost(releases)
        self.assertLessEqual(cost(releases) - cost(releases[:1]), 5 * 4)

    def test_a_decision_does_not_call_itself_a_release(self):
        release = self.made()
        lot = release._med_output_lots()
        Disposition = self.env["med.disposition"].with_user(self.maker)
        for values, context in (({"kind": "release"}, {}), ({"release_id": release.id}, {}),
                                ({}, {"default_kind": "release"})):
            with self.subTest(values=values, context=context), self.assertRaises(AccessError):
                Disposition.with_context(**context).create({
                    "line_ids": [Command.create({"lot_id": lot.id, "status": "released"})],
                    **values})
        smuggled = Disposition.with_context(default_release_id=release.id).create({})
        self.assertFalse(smuggled.release_id)
        with self.assertRaises(AccessError):
            smuggled.write({"release_id": release.id})

    def test_what_changed_since_it_was_shown_is_not_signed(self):
        """The digest that the signer saw is of these checks and no others."""
        release = self.made()
        told = release.with_user(self.maker).med_sign_preview("produce")
        digests = [told["records"][0]["steps"][0]["digest"]]
        self.decide(self.part, "conditional")
        with self.assertRaisesRegex(UserError, "has changed since it was shown"):
            self.sign(release, self.maker, "released", digests=digests)

    def test_what_changes_between_the_two_signatures_is_seen_by_the_second(self):
        release = self.made()
        self.produce(release)
        self.hold(release._med_output_lots())
        with self.assertRaisesRegex(UserError, "Not yet: Holds"):
            self.market(release)
        self.env.invalidate_all()
        self.assertEqual(release.med_signature_ids.status, "valid")

    def test_tampered_lines_make_the_makers_signature_invalid(self):
        release = self.made()
        self.produce(release)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE med_release_line SET quantity = 99 WHERE release_id = %s", [release.id])
        self.env.invalidate_all()
        self.assertEqual(release.med_signature_ids.status, "changed")
        with self.assertRaisesRegex(UserError, "earlier signature is invalid|does not hold"):
            self.market(release)

    def test_tampered_checks_make_the_signature_invalid(self):
        release = self.released()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE med_release SET market_frozen = jsonb_set(market_frozen,"
            " '{en_US,0,state}', '\"excepted\"') WHERE id = %s", [release.id])
        self.env.invalidate_all()
        self.assertEqual(release.med_signature_status, "invalid")

    def test_the_role_of_a_company_sees_the_releases_of_that_company(self):
        foreign = self.env["res.company"].create({"name": "Foreign"})
        stranger = self.user("qa_release", company_ids=[Command.set(foreign.ids)],
                             company_id=foreign.id)
        release = self.made()
        self.assertFalse(self.env["med.release"].with_user(stranger).search(
            [("id", "=", release.id)]))
        with self.assertRaises(AccessError):
            release.with_user(stranger).batch_record()
