from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ChangeCase


@tagged("post_install", "-at_install")
class TestLines(ChangeCase):
    """Assessments, tasks and what a change reaches: each guarded until and after it is assessed."""

    requirement = "ISO-7.3.9 CN-GMP-QA CN-GMP-68 EU-VI-C Q4 Q7"

    def task(self, record, **values):
        record.with_user(self.anna).write({"task_ids": [Command.create({
            "what": "Train line 2", "kind": "training", "owner_id": self.otto.id,
            "date_due": "2026-03-20", **values})]})
        return record.task_ids

    def test_each_function_assesses_by_its_own_people(self):
        record = self.requested(effects={"performance": "possible"})
        lines = {line.function_id.name: line for line in record.assessment_ids}
        self.assertEqual(set(lines), {"Quality", "Regulatory Affairs", "Production", "Purchasing"})
        with self.assertRaisesRegex(AccessError, "assesses somebody of"):
            lines["Purchasing"].with_user(self.anna).text = "Fine"
        with self.assertRaises(AccessError):
            lines["Purchasing"].sudo().with_user(self.anna).sudo().text = "Fine"
        lines["Purchasing"].with_user(self.allen).write({"effect": "no", "text": "Fine"})
        self.assertRecordValues(lines["Purchasing"], [{"user_id": self.allen.id, "text": "Fine"}])
        for vals in ({"user_id": self.anna.id}, {"assessed_at": "2020-01-01 00:00:00"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                lines["Purchasing"].sudo().write(vals)
        with self.assertRaises(UserError):
            lines["Quality"].unlink()

    def test_who_is_asked_follows_the_class(self):
        record = self.requested(effects={"safety": "certain"})
        self.assertEqual(len(record.assessment_ids), 6)
        record.assessment_ids[-1].with_user(self.allen).text = "Design file"
        record.with_user(self.otto).effect_safety = "none"
        self.assertEqual(len(record.assessment_ids), 2)

    def test_nothing_is_assessed_before_all_answered(self):
        record = self.requested(effects={"performance": "possible"})
        with self.assertRaisesRegex(UserError, "Still to be filled in: .*Assessments"):
            self.sign(record, self.anna, "reviewed")
        record.assessment_ids.with_user(self.allen).write({"effect": "yes", "text": "Seen"})
        with self.assertRaisesRegex(UserError, "compute first what it reaches"):
            self.sign(record, self.anna, "reviewed")
        self.in_stock(self.pump, "P-OLD", status="quarantine")
        record.with_user(self.anna).action_impact()
        with self.assertRaisesRegex(UserError, "nobody said yet what is done"):
            self.sign(record, self.anna, "reviewed")
        record.impact_ids.with_user(self.anna).settle(reason="Used up")
        record.with_user(self.anna).write({"market_ids": [
            Command.create({"jurisdiction_id": self.cn.id})]})
        with self.assertRaisesRegex(UserError, "authority's approval.*CN"):
            self.sign(record, self.anna, "reviewed")
        record.market_ids.with_user(self.anna).needed = "yes"
        task = self.task(record, owner_id=False)
        with self.assertRaisesRegex(UserError, "who does it until when"):
            self.sign(record, self.anna, "reviewed")
        task.with_user(self.anna).owner_id = self.otto
        record.with_user(self.anna).write({"effective_kind": "lot"})
        with self.assertRaisesRegex(UserError, "from which date or lot"):
            self.sign(record, self.anna, "reviewed")
        record.with_user(self.anna).write({"effective_lot": "P-100"})
        self.sign(record, self.anna, "reviewed")
        for step in (lambda: record.assessment_ids.with_user(self.allen).write({"text": "x"}),
                     lambda: record.impact_ids[:1].with_user(self.anna).write({"answer": "x"}),
                     lambda: record.market_ids.with_user(self.anna).write({"needed": "no"}),
                     lambda: record.task_ids.with_user(self.anna).write({"what": "x"}),
                     record.task_ids.with_user(self.anna).unlink,
                     record.with_user(self.anna).action_impact):
            with self.assertRaisesRegex(UserError, "is assessed"), self.cr.savepoint():
                step()

    def test_tasks_are_done_by_their_owners_with_evidence_before_it_is_effective(self):
        record = self.requested()
        task = self.task(record)
        with self.assertRaisesRegex(UserError, "approved change"):
            task.with_user(self.otto).finish(evidence="List 7")
        self.answered(record)
        self.sign(record, self.anna, "reviewed")
        self.sign(record, self.bert, "approved")
        self.assertIn(self.otto, record.activity_ids.user_id)
        with self.assertRaisesRegex(UserError, "neither done nor dropped: Train line 2"):
            self.effective(record)
        with self.assertRaisesRegex(AccessError, "by its owner"):
            task.with_user(self.rega).finish(evidence="Seen")
        with self.assertRaisesRegex(UserError, "one sentence"):
            task.with_user(self.otto).finish(evidence=" ")
        for vals in ({"state": "done"}, {"evidence": "x"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                task.sudo().write(vals)
        self.assertEqual(task.with_user(self.otto).finish(evidence="List 7"),
                         {"version": 1, "done": 1})
        self.assertEqual(self.effective(record).state, "effective")

    def test_where_used_goes_through_all_levels_kits_and_circles(self):
        steel = self.product("Steel")
        blade, kit, knife, other = (self.product(name) for name in (
            "Blade", "Kit", "Knife", "Other"))
        for product, part, kind in ((blade, steel, "normal"), (kit, blade, "phantom"),
                                    (knife, kit, "normal"), (other, self.tube, "normal")):
            self.env["mrp.bom"].create({
                "product_tmpl_id": product.product_tmpl_id.id, "type": kind,
                "bom_line_ids": [Command.create({"product_id": part.id, "product_qty": 1})]})
        Change = self.env["med.change"].with_user(self.anna)
        told = Change.where_used(products=steel.ids)
        rows = {(row["kind"], row["name"]): row["level"] for row in told["rows"]}
        self.assertEqual({name: level for (kind, name), level in rows.items()
                          if kind == "product"}, {"Blade": 1, "Kit": 2, "Knife": 3})
        self.assertEqual((told["version"], told["counts"]["bom"]), (1, 3))
        self.assertEqual(Change.where_used(products=steel.ids, depth=1)["counts"]["bom"], 1)
        for kw in ({"products": "x"}, {"products": [0]}, {"products": steel.ids, "depth": 0}):
            with self.subTest(kw), self.assertRaises(UserError):
                Change.where_used(**kw)
        self.env.flush_all()
        self.env.cr.execute(  # a circle that Odoo would not let anybody save
            "UPDATE mrp_bom_line SET product_id = %s WHERE product_id = %s",
            [knife.id, self.tube.id])
        self.env.cr.execute(
            "INSERT INTO mrp_bom_line (bom_id, product_id, product_tmpl_id, product_qty,"
            " product_uom_id) SELECT %s, %s, product_tmpl_id, 1, uom_id FROM product_product"
            " JOIN product_template t ON t.id = product_tmpl_id WHERE product_product.id = %s",
            [blade.bom_ids.id, knife.id, knife.id])
        self.env.invalidate_all()
        self.assertGreaterEqual(Change.where_used(products=steel.ids)["counts"]["bom"], 3)

    def test_what_it_reaches_names_orders_stock_identifiers_and_new_numbers(self):
        self.env["mrp.production"].create({
            "product_id": self.pump.id, "product_qty": 3}).action_confirm()
        self.env["purchase.order"].create({"partner_id": self.supplier.id, "order_line": [
            Command.create({"product_id": self.tube.id, "product_qty": 7})]})
        self.env["product.supplierinfo"].create({
            "partner_id": self.supplier.id, "product_tmpl_id": self.tube.product_tmpl_id.id})
        self.in_stock(self.pump, "P-1", status="quarantine", quantity=4)
        eu = self.env.ref("med_base.med_jurisdiction_eu")
        self.pump.med_di_ids.market_ids = eu
        self.registered(self.pump, eu)
        field = self.env["med.udi.element"].with_user(self.otto).search(
            [("name", "=", "version_model")])
        self.assertEqual(field.display_name, "Version or Model")
        record = self.requested(component_ids=[Command.set(self.tube.ids)],
                                udi_field_ids=[Command.set(field.ids)])
        record.with_user(self.otto).action_impact()
        rows = dict(record.impact_ids.grouped("kind").items())
        for kind in ("bom", "product", "di", "registration", "supplier", "purchase",
                     "production", "stock"):
            self.assertIn(kind, rows)
        self.assertIn("Tube: 7", rows["purchase"].text)
        self.assertIn("Pump: 4", "".join(rows["stock"].mapped("text")))
        self.assertIn("Pump: 3", rows["production"].text)
        self.assertEqual(rows["di"].new_di, "EU")
        self.assertTrue(record.new_di_needed)
        rows["stock"].with_user(self.otto).settle(reason="Used up")
        before = record.impact_digest
        record.with_user(self.otto).action_impact()
        kept = record.impact_ids.filtered(lambda one: one.kind == "stock")
        self.assertEqual(kept.mapped("answer"), ["Used up"] * len(kept))
        self.assertEqual(record.impact_digest, before)
        for step in (lambda: kept.sudo().write({"name": "x"}), kept.sudo().unlink,
                     lambda: kept.sudo().create({"change_id": record.id, "kind": "stock",
                                                 "res_model": "x", "res_id": 1, "name": "x"})):
            with self.assertRaisesRegex(AccessError, "is computed"), self.cr.savepoint():
                step()
