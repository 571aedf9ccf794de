from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReleaseCase


@tagged("post_install", "-at_install")
class TestChecks(ReleaseCase):
    """Each thing a release rests on is missed when it is missing, and refuses the signature."""

    requirement = "ISO-7.5.1 ISO-8.2.6 QMSR-45 R3"

    def refused(self, release, key, words):
        row = self.check(release, key)
        self.assertEqual(row["state"], "missing", row)
        self.assertIn(words, " ".join(self.texts(row)))
        with self.assertRaisesRegex(UserError, f"Not yet: .*{row['label']}"):
            self.produce(release)
        self.assertEqual(release.state, "open")
        return row

    def test_a_clean_batch_is_all_fine(self):
        rows = self.made()._med_checks()
        self.assertEqual({row["state"] for row in rows}, {"ok"},
                         [row for row in rows if row["state"] != "ok"])

    def test_an_order_that_is_not_done_is_not_released(self):
        order = self.order(self.pump, 2, [(self.case_part, self.part, 2)])
        order.action_med_release()
        row = self.refused(order.med_release_ids, "order", "is not done")
        self.assertEqual((row["model"], row["res_id"]), ("mrp.production", order.id))

    def test_scrap_is_told_in_the_unit_of_the_order(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        release = self.made(quantity=24)
        self.assertEqual(self.check(release, "order")["text"], "Made 24 of 24 Units")
        self.env["stock.scrap"].create({
            "product_id": self.pump.id, "lot_id": release._med_output_lots().id,
            "production_id": release.production_id.id, "scrap_qty": 1,
            "product_uom_id": dozen.id, "location_id": self.stock.id}).do_scrap()
        self.assertEqual(self.check(release, "order")["text"],
                         "Made 24 of 24 Units; 12 Units scrapped")

    def test_a_material_in_quarantine_is_missed(self):
        self.company.med_gate_mode = "observe"
        part = self.in_stock(self.case_part, "Q-1", status="quarantine", quantity=20)
        release = self.made(part=part)
        row = self.refused(release, "materials", "Q-1 (Case): Quarantine")
        self.assertEqual((row["model"], row["res_id"]), ("stock.lot", part.id))
        self.decide(part, "released")
        row = self.check(release, "materials")
        self.assertEqual(row["state"], "ok")
        self.assertEqual(self.texts(row, "note"), ["Q-1 was used before its release"])

    def test_a_material_that_is_rejected_or_held_afterwards_is_missed(self):
        release = self.made()
        self.hold(self.part)
        self.refused(release, "materials", "is held")
        other = self.in_stock(self.case_part, "R-1", quantity=20)
        release = self.made("PUMP-2", part=other)
        self.decide(other, "rejected")
        self.refused(release, "materials", "Rejected")

    def test_a_conditionally_released_material_is_an_exception_with_its_decision(self):
        release = self.made()
        decision = self.decide(self.part, "conditional")
        row = self.check(release, "materials")
        self.assertEqual((row["state"], row["exception"]), ("excepted", decision.name))
        self.produce(release)
        self.assertEqual(release.state, "production_released")

    def test_a_material_that_had_expired_when_used_is_missed(self):
        release = self.made()
        self.part.expiration_date = "2026-01-01 00:00:00"
        self.refused(release, "materials", "had expired when it was used")

    def test_a_material_inside_an_uncontrolled_intermediate_counts(self):
        self.company.med_gate_mode = "observe"
        part = self.in_stock(self.case_part, "IN-1", status="quarantine", quantity=20)
        block = self.product("Block")
        made = self.lots_of(block, "BLOCK-1")
        self.make(block, 5, [(self.case_part, part, 5)], lots=made)
        lot = self.lots_of(self.pump, "PUMP-3")
        order = self.make(self.pump, 5, [(block, made, 5)], lots=lot)
        self.refused(order.med_release_ids, "materials", "IN-1")

    def test_a_material_made_here_leads_to_its_own_release(self):
        self.company.med_gate_mode = "observe"
        part = self.device("Inner part")
        inner = self.made("INNER-1", 20, product=part)
        lot = self.lots_of(self.pump, "PUMP-4")
        order = self.make(self.pump, 5, [(part, inner._med_output_lots(), 5)], lots=lot)
        row = self.refused(order.med_release_ids, "materials", "INNER-1")
        self.assertEqual((row["model"], row["res_id"]), ("med.release", inner.id))

    def test_a_held_lot_is_missed_until_the_hold_is_lifted(self):
        release = self.made()
        hold, _told = self.hold(release._med_output_lots())
        row = self.refused(release, "holds", hold.name)
        self.assertEqual((row["model"], row["res_id"]), ("med.hold", hold.id))
        hold.with_user(self.anna).conclusion = "Was fine"
        self.sign(hold, self.anna, "approved")
        self.assertEqual(self.check(release, "holds")["state"], "ok")

    def test_an_expired_lot_and_one_without_its_date_are_missed(self):
        device = self.device("Sterile pump", use_expiration_date=True)
        release = self.made("E-1", product=device)
        lot = release._med_output_lots()
        lot.expiration_date = False
        self.refused(release, "expiry", "has no expiration date")
        lot.expiration_date = "2026-01-01 00:00:00"
        self.refused(release, "expiry", "has expired")

    def test_an_open_label_job_is_missed_and_a_closed_one_is_not(self):
        release = self.made()
        lot = release._med_output_lots()
        template = self.env["med.label.template"].create({
            "name": "Box", "jurisdiction_id": self.cn.id, "level": "unit", "width": 70,
            "height": 45, "dpi": "300", "lang": "en_US", "company_id": False,
            "sample_di_id": self.pump.med_di_ids.id})
        job = self.env["med.label.job"].create({
            "product_id": self.pump.id, "lot_ids": [Command.set(lot.ids)],
            "template_id": template.id})
        row = self.refused(release, "labels", job.name)
        self.assertEqual((row["model"], row["res_id"]), ("med.label.job", job.id))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE med_label_job SET state = 'closed' WHERE id = %s", [job.id])
        self.env.invalidate_all()
        self.assertEqual(self.check(release, "labels")["state"], "ok")

    def test_a_lot_without_labels_is_missed_where_there_is_a_template_for_them(self):
        self.pump.med_di_ids.market_ids = self.cn
        self.registered(self.pump, self.cn)
        template = self.env["med.label.template"].create({
            "name": "Box", "jurisdiction_id": self.cn.id, "level": "unit", "width": 70,
            "height": 45, "dpi": "300", "lang": "en_US", "company_id": False,
            "sample_di_id": self.pump.med_di_ids.id})
        release = self.made()
        self.assertEqual(self.check(release, "labels")["state"], "ok")
        self.env.flush_all()
        self.env.cr.execute("UPDATE med_label_template SET state = 'approved' WHERE id = %s",
                            [template.id])
        self.env.invalidate_all()
        self.refused(release, "labels", "No label job for 1 lots: PUMP-1")

    def test_an_open_discrepancy_is_missed(self):
        release = self.made()
        self.env["med.udi.discrepancy"].sudo().create({
            "kind": "dates_disagree", "message": "The label says 2027",
            "lot_id": release._med_output_lots().id, "company_id": self.company.id,
            "user_id": self.anna.id})
        self.refused(release, "deviations", "The label says 2027")

    def test_an_unfinished_operation_is_missed(self):
        release = self.made()
        work = self.env["mrp.workorder"].create({
            "name": "Weld", "production_id": release.production_id.id,
            "workcenter_id": self.env["mrp.workcenter"].create({"name": "Bench"}).id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE mrp_workorder SET state = 'ready' WHERE id = %s", [work.id])
        self.env.invalidate_all()
        self.refused(release, "people", "Weld")

    def test_addons_above_add_what_they_know(self):
        """Deviations, training and equipment are checked through their hooks."""
        release = self.made()
        for hook, key in (("_med_deviation_items", "deviations"),
                          ("_med_operator_items", "people"), ("_med_equipment_items", "people")):
            told = [{"state": "missing", "text": "From above", "model": "", "res_id": 0,
                     "exception": ""}]
            with self.subTest(hook), self.patched(release, hook, told):
                self.assertEqual(self.texts(self.check(release, key)), ["From above"])

    def patched(self, release, name, told):
        return patch.object(type(release), name, lambda self: told)

    def test_an_order_without_lots_and_one_with_rejected_ones_alone_are_not_released(self):
        release = self.made()
        self.decide(release._med_output_lots(), "rejected")
        self.refused(release, "goods", "Every lot is rejected")


@tagged("post_install", "-at_install")
class TestTrail(ReleaseCase):
    """Changes after first entry are read and confirmed by somebody else before the release."""

    requirement = "DI-+ P11-10e R3"

    def test_a_change_after_first_entry_is_read_and_confirmed_first(self):
        release = self.made()
        lot = release._med_output_lots()
        self.assertEqual(self.check(release, "trail")["state"], "ok")
        lot.med_manufactured = "2026-03-01"
        self.assertEqual(self.check(release, "trail")["state"], "ok")  # a first entry
        lot.med_manufactured = "2026-02-01"
        row = self.check(release, "trail")
        self.assertEqual((row["state"], row["model"]), ("missing", "med.audit.entry"))
        with self.assertRaisesRegex(UserError, "Not yet: Audit trail"):
            self.produce(release)
        told = release.with_user(self.anna).trail()
        [change] = told["changes"]
        self.assertEqual((change["old"], change["new"], told["reviewed"]),
                         ("2026-03-01", "2026-02-01", False))
        release.with_user(self.anna).review_trail(digest=told["digest"])
        self.assertEqual(self.check(release, "trail")["state"], "ok")
        self.assertEqual((release.trail_user_id, release.trail_count), (self.anna, 1))
        lot.med_manufactured = "2026-01-01"
        self.assertEqual(self.check(release, "trail")["state"], "missing")

    def test_the_day_of_use_and_the_expiry_of_a_material_count(self):
        self.part.expiration_date = "2026-12-01 00:00:00"
        release = self.made()
        self.assertEqual(self.check(release, "trail")["state"], "ok")
        self.part.expiration_date = "2027-12-01 00:00:00"
        release.production_id.move_raw_ids.move_line_ids.date = "2026-01-15 00:00:00"
        watched = type(release)._med_trail_watched
        # A test is one transaction, and what the closing one wrote is not counted.
        with patch.object(type(release), "_med_trail_watched", lambda one: [
                (*row[:3], False) for row in watched(one)]):
            changes = release.with_user(self.anna).trail()["changes"]
        self.assertLessEqual({"2027-12-01", "2026-01-15"},
                             {change["new"][:10] for change in changes})

    def test_only_quality_confirms_and_only_what_was_read(self):
        release = self.made()
        lot = release._med_output_lots()
        lot.med_manufactured = "2026-03-01"
        self.env.flush_all()
        lot.med_manufactured = "2026-02-01"
        digest = release.trail()["digest"]
        with self.assertRaises(AccessError):
            release.with_user(self.user("operator")).review_trail(digest=digest)
        with self.assertRaisesRegex(UserError, "other changes than you have read"):
            release.with_user(self.anna).review_trail(digest="0" * 64)

    def test_nobody_confirms_changes_of_his_own(self):
        release = self.made()
        lot = release._med_output_lots()
        lot.med_manufactured = "2026-03-01"
        self.env.flush_all()
        self.env.cr.execute("SELECT set_config('med_audit.uid', %s, true)", [str(self.anna.id)])
        lot.with_user(self.anna).sudo().med_manufactured = "2026-02-01"
        self.env.flush_all()
        rows = release.sudo()._med_trail_rows()
        caller = self.env["res.users"].browse(rows[0]["user_id"])
        caller.group_ids += self.env.ref("med_base.med_base_group_qa")
        with self.assertRaisesRegex(UserError, "your own"):
            release.with_user(caller).review_trail(digest=release.trail()["digest"])
