from odoo.addons.med_traceability.models.med_label_permit import permit as label_permit
from odoo.addons.med_traceability.tests.udi_common import gtin
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ChangeCase


@tagged("post_install", "-at_install")
class TestControl(ChangeCase):
    """Under change control nothing changes but by a change; every lot knows its version."""

    requirement = "ISO-7.3.9 ISO-7.3.10 P11-10k Q4 Q5 EU-VI-C"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = cls.env["mrp.workcenter"].create({"name": "Line 2"})
        cls.operation = cls.env["mrp.routing.workcenter"].create({
            "name": "Weld", "bom_id": cls.bom.id, "workcenter_id": cls.place.id})
        cls.control = cls.controlled()
        cls.di = cls.pump.med_di_ids

    def refused(self, words, *steps):
        for step in steps:
            with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                step()

    def test_the_form_of_a_variant_has_the_button_of_its_product(self):
        variant = self.pump.with_user(self.anna)
        self.assertEqual(variant.action_med_transfer(),
                         variant.product_tmpl_id.action_med_transfer())

    def test_bills_of_materials_and_operations_stay_for_everybody(self):
        boss = self.env.user
        hostile = {"med_change": 1, "default_med_change_id": 1, "install_mode": True}
        for who in (boss, self.env.ref("base.user_root")):
            bom = self.bom.with_user(who).with_context(**hostile).sudo()
            line, operation = bom.bom_line_ids, self.operation.with_env(bom.env)
            self.refused(
                "under change control",
                lambda bom=bom: bom.write({"product_qty": 2}),
                lambda bom=bom: bom.write({"active": False}), bom.action_archive, bom.unlink,
                lambda bom=bom: bom.copy(),
                lambda bom=bom: bom.write({"bom_line_ids": [Command.clear()]}),
                lambda bom=bom: bom.create({"product_tmpl_id": self.template.id}),
                lambda line=line: line.write({"product_qty": 3}), line.unlink,
                lambda line=line: line.create({
                    "bom_id": self.bom.id, "product_id": self.stent.id}),
                lambda line=line: line.env["mrp.bom.byproduct"].create({
                    "bom_id": self.bom.id, "product_id": self.stent.id, "product_qty": 1,
                    "product_uom_id": self.stent.uom_id.id}),
                lambda operation=operation: operation.write({"time_cycle_manual": 9}),
                operation.action_archive, operation.unlink, operation.copy)
        self.env["mrp.bom"].browse(self.bom.id).write(
            {"sequence": 7, "product_qty": self.bom.product_qty})
        self.bom.message_post(body="Read")
        self.operation.sequence = 3

    def test_lines_are_not_moved_into_or_out_of_it(self):
        free = self.env["mrp.bom"].create({
            "product_tmpl_id": self.stent.product_tmpl_id.id,
            "bom_line_ids": [Command.create({"product_id": self.tube.id})]})
        self.refused(
            "under change control",
            lambda: free.bom_line_ids.write({"bom_id": self.bom.id}),
            lambda: self.bom.bom_line_ids.write({"bom_id": free.id}),
            lambda: free.write({"product_tmpl_id": self.template.id}))

    def test_data_labels_and_settings_stay(self):
        self.refused(
            "its UDI data change only",
            lambda: self.di.write({"trade_name": "Pump 2"}),
            lambda: self.di.write({"size_ids": [Command.create({"text": "Large"})]}),
            lambda: self.di.write({"storage_ids": [Command.create({"kind": "dry"})]}),
            self.di.action_retire)
        self.registered(self.pump, self.cn)
        self.assertEqual(self.di.market_ids, self.cn)
        draft = self.di.copy({
            "name": gtin(710000 + next(self.numbers)), "product_id": self.pump.id})
        draft.trade_name = "Pump 3"
        self.refused("its UDI data change only", draft.action_activate)
        label = self.env["med.label.template"].create(
            {"name": "Pump", "jurisdiction_id": self.cn.id, "level": self.di.level})
        with label_permit(label):
            self.refused("its labels change only", lambda: label.write({"state": "approved"}))
        self.refused(
            "its product settings change only",
            lambda: self.template.write({"tracking": "serial"}),
            lambda: self.template.write({"med_controlled": False}))
        self.refused("under change control", lambda: self.template.write({"active": False}))
        self.template.write({"list_price": 9, "description": "x"})

    def test_a_plan_is_put_in_force_by_a_change(self):
        def drafted():
            return self.env["med.inspection.plan"].create({
                "name": "Final", "stage": "final", "code": "PLAN-9",
                "product_tmpl_ids": [Command.set(self.template.ids)],
                "class_ids": [Command.create({"defect_class": "major", "method": "full"})],
                "characteristic_ids": [Command.create({
                    "key": "look", "name": "Look", "kind": "check"})]})

        plan = drafted()
        with self.assertRaisesRegex(UserError, "inspection plans and parameters change only"):
            self.sign(plan, self.anna, "approved")
        record = self.approved(subjects=("plan",))
        self.sign(plan, self.anna, "approved")
        self.effective(record)
        self.assertIn("PLAN-9: 1", record.version_ids.difference_text)
        with self.assertRaisesRegex(UserError, "inspection plans and parameters change only"):
            self.sign(plan, self.anna, "approved", transition="retire", reason="x")

    def test_another_subject_product_or_state_does_not_do(self):
        stent = self.requested(products=self.stent.product_tmpl_id)
        self.answered(stent)
        self.sign(stent, self.anna, "reviewed")
        self.sign(stent, self.bert, "approved")
        self.approved(subjects=("udi",))
        self.assessed()
        self.refused("under change control", lambda: self.bom.write({"product_qty": 2}))
        self.refused("under one approved change", self.bom.action_med_revision)
        self.di.trade_name = "Pump 2"

    def test_a_revision_is_edited_and_takes_its_place_at_once(self):
        record = self.approved(subjects=("bom", "operation"))
        self.refused("What is in force is not edited",
                     lambda: self.bom.write({"product_qty": 2}), self.bom.bom_line_ids.unlink)
        revision = self.revised(record)
        self.assertEqual(revision, self.bom._med_revise(record))
        self.assertEqual((revision.active, revision.med_previous_id), (False, self.bom))
        self.assertEqual(revision.operation_ids.name, "Weld")
        revision.operation_ids.name = "Weld twice"
        self.assertEqual(revision.operation_ids.workcenter_id, self.place)
        self.refused("What is in force is not edited", lambda: revision.write({"active": True}),
                     revision.action_unarchive)
        self.refused("stays with its change", lambda: revision.write({"med_change_id": False}))
        with self.assertRaisesRegex(AccessError, "made by “New Revision”"):
            self.bom.create({"product_tmpl_id": self.template.id, "active": False,
                             "med_change_id": record.id})
        self.assertEqual(self.ordered().bom_id, self.bom)
        self.effective(record)
        self.assertEqual((self.bom.active, revision.active), (False, True))
        version = record.version_ids
        self.assertEqual((version.number, version.bom_ids), (2, revision))
        self.assertIn("1 → 2", version.difference_text.replace(".0", ""))
        self.assertIn("Weld twice", version.difference_text)
        self.assertEqual(self.ordered().bom_id, revision)
        self.refused("under change control", lambda: revision.write({"product_qty": 5}))

    def test_every_lot_knows_the_version_it_was_made_to(self):
        first = self.template.med_version_ids
        self.assertEqual((first.number, first.change_id.id), (1, False))
        old = self.made("V-1").production_id
        under_way = self.ordered()
        record = self.approved()
        self.revised(record)
        self.effective(record)
        new = self.made("V-2").production_id
        lots = {lot.name: lot.med_version_id.number for lot in (
            old | new).move_finished_ids.move_line_ids.lot_id}
        self.assertEqual(lots, {"V-1": 1, "V-2": 2})
        self.assertEqual((old.med_version_id, under_way.med_version_id, new.med_version_id.number),
                         (first, first, 2))
        with self.assertRaisesRegex(UserError, "is not that of version 2"):
            self.ordered(bom_id=self.bom.id)
        with self.assertRaisesRegex(UserError, "is not that of version 2"):
            self.ordered(bom_id=False)
        with self.assertRaisesRegex(UserError, "a lot of its own"):
            self.made("V-1")
        lot = self.env["stock.lot"].search([("name", "=", "V-2")])
        [row] = next(part["rows"] for part in lot._med_evidence_sections()
                     if part["key"] == "versions")
        self.assertEqual((row["version"], row["change"], row["digest"]),
                         ("2", record.display_name, record.version_ids.digest))
        for target in (lot, new):
            with self.assertRaises(AccessError):
                target.sudo().med_version_id = first
        sent = {"med_version_id": first.id}
        self.assertFalse(self.env["stock.lot"].with_context(default_med_version_id=first.id).create(
            {"name": "X", "product_id": self.stent.id, **sent}).med_version_id)
        split = self.ordered()
        split.product_qty = 1
        parts = split._split_productions({split: [0.5, 0.5]})
        self.assertEqual(parts.mapped("med_version_id.number"), [2])

    def test_a_version_that_begins_with_a_lot_holds_from_it_on(self):
        record = self.approved(effective_kind="lot", effective_lot="P-0100")
        revision = self.revised(record)
        self.effective(record)
        lots = self.lots_of(self.pump, "P-0099", "P-0100", "P-0101", "X-0200")
        for lot, bom, number in zip(lots, (self.bom, revision, revision, self.bom), (1, 2, 2, 1),
                                    strict=True):
            with self.subTest(lot.name):
                order = self.ordered(lot=lot, bom_id=bom.id)
                self.assertEqual(order.med_version_id.number, number)
        with self.assertRaisesRegex(UserError, "is not that of version 1"):
            self.ordered(lot=self.lots_of(self.pump, "P-0098"), bom_id=revision.id)
        with self.assertRaisesRegex(UserError, "come under versions 1, 2"):
            self.env["med.product.version"]._med_in_force(self.template, ["P-0001", "P-0100"])

    def test_versions_are_never_changed(self):
        version = self.template.med_version_ids
        with self.assertRaisesRegex(UserError, "never changed"):
            version.sudo().effective_lot = "X"
        with self.assertRaisesRegex(UserError, "are kept"):
            version.sudo().unlink()
        with self.assertRaisesRegex(AccessError, "follow from"):
            version.sudo().copy()

    def test_leaving_a_change_that_was_carried_out_asks_to_undo_it_first(self):
        record = self.approved(subjects=("udi",))
        self.di.trade_name = "Pump 2"
        for step in ("cancel", "revise"):
            with self.assertRaisesRegex(UserError, "Undo what was changed first"):
                record.with_user(self.anna).med_transition(step, reason="Too dear")
        self.di.trade_name = self.pump.name
        record.with_user(self.anna).med_transition("cancel", reason="Too dear")
        self.assertEqual(record.state, "cancelled")

    def test_an_emergency_is_in_force_before_it_is_approved(self):
        record = self.requested()
        self.sign(record, self.bert, "approved", transition="emergency", reason="Line stands")
        revision = self.revised(record)
        with self.assertRaises(AccessError):
            record.with_user(self.otto).action_put_in_force()
        record.with_user(self.anna).action_put_in_force()
        self.assertEqual((revision.active, record.version_ids.number), (True, 2))
        self.answered(record)
        self.sign(record, self.anna, "reviewed")
        self.sign(record, self.bert, "approved", transition="approve")
        self.effective(record)
        self.assertEqual(len(record.version_ids), 1)
        with self.assertRaisesRegex(UserError, "only what an emergency changes"):
            record.with_user(self.anna).action_put_in_force()

    def test_control_begins_by_signature_and_ends_by_a_change(self):
        self.assertTrue(self.template.med_control_date)
        for vals in ({"med_change_control": False}, {"med_control_date": False}):
            with self.subTest(vals), self.assertRaises(AccessError):
                self.template.sudo().write(vals)
        new = self.template.with_context(default_med_change_control=True).create(
            {"name": "New", "med_change_control": True})
        self.assertFalse(new.med_change_control)
        with self.assertRaises(AccessError):
            self.env["med.product.control"].with_user(self.otto).create(
                {"product_tmpl_id": new.id})
        with self.assertRaisesRegex(UserError, "change control itself change only"):
            self.sign(self.control, self.anna, "approved", reason="Sold")
        self.approved(subjects=("control",))
        self.sign(self.control, self.anna, "approved", reason="Sold")
        self.assertFalse(self.template.med_change_control)
        self.bom.product_qty = 2

    def test_what_is_not_under_change_control_is_plain_odoo(self):
        part = self.device("Plain")
        bom = part.bom_ids
        bom.write({"product_qty": 2, "bom_line_ids": [Command.update(
            bom.bom_line_ids.id, {"product_qty": 3})]})
        copy = bom.copy()
        copy.unlink()
        bom.action_archive()
        bom.action_unarchive()
        part.med_di_ids.trade_name = "Other"
        order = self.ordered(part)
        self.assertEqual((order.state, order.med_version_id.id), ("confirmed", False))
        lot = self.made("PLAIN-1", product=part)._med_output_lots()
        self.assertFalse(lot.med_version_id)

    def test_a_change_of_materials_alone_leaves_the_operations(self):
        record = self.approved()
        revision = self.revised(record)
        self.refused("its operations change only",
                     lambda: revision.operation_ids.write({"name": "Glue"}))
        self.assertEqual(revision.operation_ids.name, "Weld")

    def test_a_bill_of_materials_of_all_companies_is_revised(self):
        product = self.device("Shared")
        product.bom_ids.company_id = False
        self.controlled(product.product_tmpl_id)
        record = self.approved(products=product.product_tmpl_id)
        self.assertEqual(self.revised(record).med_previous_id, product.bom_ids)
