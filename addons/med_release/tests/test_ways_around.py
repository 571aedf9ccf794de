from ast import literal_eval

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReleaseCase


@tagged("post_install", "-at_install")
class TestOtherNumbers(ReleaseCase):
    """A lot gets around its release under no other number."""

    requirement = "ISO-8.2.6 R1 R3"

    def other(self, kind, lot, quantity=4, product=None):
        return self.repack(kind, [(lot, quantity)], [
            (product or lot.product_id, f"{lot.name}-{kind}", quantity)]).output_ids.lot_id

    def test_a_part_or_another_number_waits_for_the_release_of_the_order(self):
        lot = self.made()._med_output_lots()
        for kind in ("split", "relabel"):
            with self.subTest(kind):
                part = self.other(kind, lot)
                for status in ("released", "conditional"):
                    with self.assertRaisesRegex(UserError, "release of their order alone"):
                        self.decide(part, status)
                self.assertEqual(part.med_status, "quarantine")

    def test_a_part_of_a_part_and_another_article_wait_too(self):
        lot = self.made()._med_output_lots()
        part = self.other("split", self.other("split", lot), 2)
        loose = self.product("Loose pump", med_controlled=True)
        for one in (part, self.other("repack", lot, product=loose)):
            with self.assertRaisesRegex(UserError, "release of their order alone"):
                self.decide(one, "released")

    def test_a_part_of_a_released_lot_is_released_and_stays_releasable(self):
        lot = self.released()._med_output_lots()
        part = self.other("split", lot)
        self.assertEqual(part.med_status, "released")
        self.assertFalse(part._med_unreleased())
        renamed = self.other("relabel", lot)
        self.assertEqual(renamed.med_status, "quarantine")
        self.decide(renamed, "released")
        self.assertEqual(renamed.med_status, "released")


@tagged("post_install", "-at_install")
class TestLevel(ReleaseCase):
    """What a release asks for becomes less by quality assurance alone."""

    requirement = "ISO-8.2.6 CN-GMP-REL R3"

    def test_archiving_or_deleting_what_it_follows_from_lowers_nothing(self):
        release = self.made()
        lot = release._med_output_lots()
        self.pump.bom_ids.active = False
        self.pump.med_di_ids.active = False
        self.assertEqual(self.pump.product_tmpl_id._med_release_level(), "market")
        self.pump.bom_ids.with_context(active_test=False).unlink()
        self.env["mrp.bom"].with_context(active_test=False).search(
            [("product_tmpl_id", "=", self.pump.product_tmpl_id.id)]).unlink()
        self.assertEqual(self.pump.product_tmpl_id._med_release_level(), "none")
        self.assertEqual((release.level, release._med_output_lots()), ("market", lot))
        with self.assertRaisesRegex(UserError, "release of their order alone"):
            self.decide(lot, "released")

    def test_taking_the_product_out_of_control_lowers_nothing(self):
        for said in (False, "market"):
            with self.subTest(said):
                self.pump.product_tmpl_id.write({
                    "med_controlled": True, "med_release_level": said})
                release = self.made(f"OUT-{said}")
                lot = release._med_output_lots()
                self.pump.product_tmpl_id.med_controlled = False
                release._med_keep_level()
                self.assertEqual(release.level, "market")
                with self.assertRaisesRegex(UserError, "release of their order alone"):
                    self.decide(lot, "released")

    def test_a_makers_release_is_not_the_last_one_because_an_identifier_was_archived(self):
        release = self.made()
        self.pump.med_di_ids.active = False
        self.produce(release)
        lot = release._med_output_lots()
        self.assertEqual((release.level, lot.med_status), ("market", "quarantine"))
        with self.assertRaisesRegex(UserError, "release of their order alone"):
            self.decide(lot, "released")

    def test_a_device_identifier_that_comes_later_raises_it_until_the_maker_has_signed(self):
        valve = self.product("Valve", med_controlled=True)
        self.env["mrp.bom"].create({"product_tmpl_id": valve.product_tmpl_id.id, "product_qty": 1})
        release, late = self.made("V-1", product=valve), self.made("V-2", product=valve)
        self.assertEqual(release.level, "production")
        self.produce(release)
        self.identified(valve)
        self.produce(late)
        self.assertEqual([(one.level, one._med_output_lots().med_status)
                          for one in (release, late)],
                         [("production", "released"), ("market", "quarantine")])

    def test_quality_assurance_lowers_it_on_the_product(self):
        release = self.made()
        self.pump.product_tmpl_id.med_release_level = "production"
        self.assertEqual(release.level, "production")
        self.produce(release)
        self.assertEqual(release._med_output_lots().med_status, "released")
        other = self.made("PUMP-2")
        lot = other._med_output_lots()
        self.pump.product_tmpl_id.med_release_level = "none"
        self.assertEqual(other.level, "none")
        self.decide(lot, "released")
        self.assertEqual(lot.med_status, "released")

    def test_nobody_writes_it(self):
        release = self.made()
        for user in (self.anna, self.maker, self.env.ref("base.user_root")):
            with self.subTest(user.name), self.assertRaises(AccessError):
                release.with_user(user).write({"level": "none"})


@tagged("post_install", "-at_install")
class TestTakenBack(ReleaseCase):
    """A release that holds no longer leaves nothing released."""

    requirement = "ISO-8.2.6 CN-GMP-REL P11-10g"

    def setUp(self):
        super().setUp()
        self.valve = self.device("Valve")
        self.valve.product_tmpl_id.med_release_level = "production"

    def test_remarks_are_not_written_once_they_are_signed(self):
        release = self.made()
        with self.assertRaisesRegex(UserError, "signed with the release"):
            release.with_user(self.maker).market_note = "Too early"
        release.with_user(self.maker).note = "Two rejects"
        self.produce(release)
        for user in (self.maker, self.anna, self.env.ref("base.user_root")):
            with self.subTest(user.name), self.assertRaisesRegex(UserError, "with the release"):
                release.with_user(user).note = "None"
        release.with_user(self.maker).write({"note": "Two rejects", "market_note": "Read"})
        self.assertEqual(release.state, "production_released")

    def test_a_release_that_falls_back_takes_its_goods_back_and_is_signed_anew(self):
        release = self.made("V-1", product=self.valve)
        self.produce(release)
        lot = release._med_output_lots()
        part = self.repack("split", [(lot, 4)], [(self.valve, "V-1A", 4)]).output_ids.lot_id
        self.assertEqual((lot + part).mapped("med_status"), ["released"] * 2)
        self.env.flush_all()
        self.env.cr.execute("UPDATE med_release SET note = 'forged' WHERE id = %s", [release.id])
        self.env.invalidate_all()
        release.with_user(self.anna).grounds = "Particles"
        self.assertEqual((release.state, (lot + part).mapped("med_status")),
                         ("open", ["quarantine"] * 2))
        self.assertFalse(release.line_ids or release.production_frozen)
        self.produce(release)
        self.assertEqual((release.state, lot.med_status), ("production_released", "released"))

    def test_a_makers_release_that_is_the_last_one_is_followed_by_no_other(self):
        release = self.made("V-3", product=self.valve)
        self.decide(self.part, "conditional")
        self.produce(release)
        with self.assertRaisesRegex(UserError, "not asked for now"):
            self.market(release)
        self.assertFalse(release.market_rows)
        self.assertNotIn("Market", release.with_user(self.maker).med_signature_next)
        self.decide(self.part, "released")
        self.hold(self.part)
        self.env.invalidate_all()
        self.assertEqual((release.missing_count, release.exception_count), (0, 1))
        [told] = release._med_certificate(None)["exceptions"]
        self.assertIn("conditionally released", told["text"])
        queue = self.env["ir.ui.view"].browse(self.ref("med_release.med_release_view_search"))
        for name in ("todo", "production_released"):
            [domain] = etree.fromstring(queue.arch).xpath(f"//filter[@name='{name}']/@domain")
            self.assertNotIn(release, release.search(literal_eval(domain)))

    def test_refusing_what_the_maker_released_takes_it_back(self):
        release = self.made("V-2", product=self.valve)
        self.produce(release)
        lot = release._med_output_lots()
        release.with_user(self.anna).grounds = "Particles"
        self.sign(release, self.maker, "rejected")
        self.assertEqual((release.state, lot.med_status), ("refused", "quarantine"))
        with self.assertRaisesRegex(UserError, "release of their order alone"):
            self.decide(lot, "released")

    def test_a_withdrawn_release_takes_the_parts_of_its_lots_back(self):
        lot = self.released()._med_output_lots()
        part = self.repack("split", [(lot, 4)], [(self.pump, "PUMP-1A", 4)]).output_ids.lot_id
        self.sign(lot.med_release_line_ids.release_id, self.anna, "approved", reason="Complaint")
        self.assertEqual((lot + part).mapped("med_status"), ["quarantine"] * 2)


@tagged("post_install", "-at_install")
class TestContext(ReleaseCase):
    """The caller's context decides nothing."""

    requirement = "ISO-8.2.6 P11-10g R2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eu = cls.env.ref("med_base.med_jurisdiction_eu")
        cls.sold = cls.device("Sold pump", markets=cls.eu | cls.cn)
        cls.archived = cls.registered(cls.sold, cls.eu)
        cls.archived.active = False

    def hostile(self, record):
        return record.with_context(
            active_test=False, tz="Asia/Shanghai", default_state="closed", prefetch_fields=False)

    def test_an_archived_registration_is_none_at_the_market_release(self):
        release = self.made("C-1", product=self.sold)
        self.produce(self.hostile(release))
        for one in (release, self.hostile(release)):
            with self.assertRaisesRegex(UserError, "No market has a registration"):
                self.market(one)

    def test_what_is_signed_under_a_hostile_context_is_what_is_kept(self):
        self.registered(self.sold, self.cn)
        release = self.made("C-2", product=self.sold)
        self.produce(self.hostile(release))
        self.market(self.hostile(release))
        self.env.invalidate_all()
        self.assertEqual(release.med_signature_ids.mapped("status"), ["valid", "valid"])
        row = next(one for one in release.market_frozen["en_US"] if one["key"] == "registration")
        self.assertEqual(row["text"], "In force: CN")

    def test_an_archived_registration_is_none_at_the_delivery(self):
        self.registered(self.sold, self.cn)
        lot = self.released("C-3", product=self.sold)._med_output_lots()
        picking = self.deliver([(self.sold, lot, 1)], partner=self.env["res.partner"].create(
            {"name": "Hospital", "country_id": self.env.ref("base.cn").id}))
        picking.partner_id = self.hospital
        with self.assertRaisesRegex(UserError, "no registration in EU"):
            self.hostile(picking.move_line_ids).quantity = 2


@tagged("post_install", "-at_install")
class TestBeforeControl(ReleaseCase):
    """What was made and decided before anybody asked for a release is not asked for one later."""

    requirement = "ISO-8.2.6 R3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.product("Old pump")
        cls.env["mrp.bom"].create({"product_tmpl_id": cls.old.product_tmpl_id.id, "product_qty": 1})
        cls.lot = cls.lots_of(cls.old, "OLD-1")
        cls.order_of_old = cls.make(cls.old, 8, [(cls.case_part, cls.part, 8)], lots=cls.lot)
        cls.old.med_controlled = True

    def opened(self, lot):
        opening = self.env["med.disposition"].with_user(self.maker).create({
            "kind": "opening", "line_ids": [
                Command.create({"lot_id": lot.id, "status": "released"})]})
        self.sign(opening, self.maker, "released")
        return lot

    def test_it_is_a_material_like_another(self):
        self.opened(self.lot)
        release = self.make(self.pump, 2, [(self.old, self.lot, 2)],
                            lots=self.lots_of(self.pump, "NEW-1")).med_release_ids
        self.assertEqual(self.check(release, "materials")["state"], "ok")

    def test_what_comes_back_is_decided_and_so_is_a_part(self):
        self.opened(self.lot)
        picking = self.deliver([(self.old, self.lot, 1)])
        self.take_back(picking, {self.lot: 1})
        part = self.repack("relabel", [(self.lot, 1)], [(self.old, "OLD-1A", 1)]).output_ids.lot_id
        for lot in (self.lot, part):
            self.assertEqual(lot.med_status, "quarantine")
            self.decide(lot, "released")
            self.assertEqual(lot.med_status, "released")

    def test_a_posted_line_that_is_mended_leaves_it_released(self):
        self.decide(self.lot, "released")
        self.order_of_old.move_finished_ids.move_line_ids.quantity = 7
        self.assertEqual(self.lot.med_status, "released")

    def test_an_order_that_ended_after_the_decision_counts(self):
        self.opened(self.lot)
        self.tick()
        self.old.product_tmpl_id.med_release_level = "none"
        order = self.make(self.old, 2, [(self.case_part, self.part, 2)], lots=self.lot)
        self.assertFalse(order.med_release_ids)
        self.old.product_tmpl_id.med_release_level = False
        self.assertIn(order.name, self.lot._med_unreleased()[self.lot])

    def test_without_a_decision_it_waits(self):
        new = self.product("Kept")
        lot = self.lots_of(new, "KEPT-1")
        new.med_controlled = True
        self.make(new, 2, [(self.case_part, self.part, 2)], lots=lot)
        self.assertEqual(lot.med_status, "quarantine")
        self.env["mrp.bom"].create({"product_tmpl_id": new.product_tmpl_id.id, "product_qty": 1})
        with self.assertRaisesRegex(UserError, "is not released"):
            self.decide(lot, "released")
