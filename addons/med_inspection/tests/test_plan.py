from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import InspectCase


@tagged("post_install", "-at_install")
class TestPlan(InspectCase):
    """Plans: approved by signature, never changed, one version at a time, frozen when used."""

    requirement = "ISO-7.4.3 SMP-5 SMP-13 SMP-14 SMP-16 I1 I2 I4"

    def version_of(self, plan, **values):
        draft = self.env["med.inspection.plan"].browse(
            plan.with_user(self.bert).action_new_version()["res_id"])
        draft.with_user(self.bert).write(values)
        return draft

    def test_it_is_approved_by_another_person_than_who_made_it(self):
        draft = self.draft().with_user(self.bert)
        mine = self.env["med.inspection.plan"].with_user(self.anna).create(
            {"name": "Mine", "characteristic_ids": [Command.create(self.length())],
             "class_ids": [Command.create({"method": "full"})]})
        with self.assertRaisesRegex(UserError, "another person"):
            self.sign(mine, self.anna, "approved")
        with self.assertRaisesRegex(UserError, "none of the roles"):
            self.grant(self.ines, "approved")
            self.sign(draft, self.ines, "approved")
        self.sign(draft, self.anna, "approved")
        self.assertEqual(draft.state, "approved")

    def test_an_approved_plan_and_its_lines_are_not_changed(self):
        plan = self.plan()
        for user in (self.anna, self.env.user):
            mine = plan.with_user(user)
            for attack in (
                    lambda one: one.write({"name": "x"}),
                    lambda one: one.write({"blocking": False}),
                    lambda one: one.write({"product_tmpl_ids": [Command.clear()]}),
                    lambda one: one.characteristic_ids.write({"upper": "99"}),
                    lambda one: one.characteristic_ids.unlink(),
                    lambda one: one.class_ids.write({"accept": 9}),
                    lambda one: one.write({"class_ids": [Command.create(
                        {"defect_class": "minor", "method": "full"})]}),
                    lambda one: one.document_ids.create({"plan_id": one.id, "name": "x"}),
                    lambda one: one.write({"date_to": "2026-01-01"}),
                    lambda one: one.write({"version": 9}),
                    lambda one: one.write({"state": "retired"}), lambda one: one.unlink()):
                with self.assertRaises(UserError):
                    attack(mine)
        self.assertEqual((plan.state, plan.characteristic_ids.upper), ("approved", "10.1"))

    def test_codes_and_units_of_approved_plans_keep_their_meaning(self):
        self.plan(characteristics=[self.length(), {
            "key": "look", "name": "Look", "kind": "check", "defect_class": "major",
            "defect_code_ids": [Command.set(self.scratch.ids)]}],
            classes=[{"defect_class": name, "method": "full"} for name in ("major", "minor")])
        for attack in (
                lambda: self.scratch.write({"defect_class": "major"}),
                lambda: self.scratch.write({"code": "Z"}), lambda: self.scratch.unlink(),
                lambda: self.mm.write({"multiply": "2"}),
                lambda: self.env["med.measure.unit"].search([("code", "=", "in")]).write(
                    {"multiply": "1"})):
            with self.assertRaisesRegex(UserError, "was approved with"):
                attack()
        self.scratch.name = "Scratches"
        self.crack.defect_class = "major"

    def test_units_of_measure_have_factors(self):
        for values in ({"multiply": "0"}, {"divide": "x"}, {"add": "NaN"}):
            with self.assertRaises(ValidationError):
                self.env["med.measure.unit"].create(
                    {"code": "zz", "name": "Z", "quantity": "z", **values})
        table = dict(self.env["med.measure.unit"]._conversions())
        self.assertEqual(table["°C", "°F"], ("9", "5", "0", "32"))
        self.assertNotIn(("mm", "kg"), table)

    def test_what_could_not_be_judged_is_not_approved(self):
        unit = {"defect_class": "major", "method": "full"}
        for values, words in (
                ({"characteristics": [self.length(lower="x")]}, "limits are numbers"),
                ({"characteristics": [self.length(lower="11")]}, "the lower below the upper"),
                ({"characteristics": [self.length(lower=False, upper=False)]}, "is only recorded"),
                ({"characteristics": [self.length(readings=0)]}, "from 1"),
                ({"characteristics": [self.length(decimals="two")]}, "a whole number, or empty"),
                ({"characteristics": [self.length(required=False)]}, "no required"),
                ({"classes": []}, "has no sampling"),
                ({"classes": [unit, {"defect_class": "minor", "method": "full"}]}, "“Minor”"),
                ({"classes": [{**unit, "method": "aql", "aql": "15"}]}, "only for nonconf"),
                ({"classes": [{**unit, "method": "aql", "aql": False}]}, "must be one of: 0.01"),
                ({"classes": [{**unit, "accept": -1}]}, "from 0"),
                ({"classes": [{**unit, "method": "zero_binomial"}]}, "LTPD must be"),
                ({"classes": [{**unit, "method": "zero_binomial", "ltpd": "10", "beta": "0"}]},
                 "β must be"),
                ({"classes": [{**unit, "method": "skip"}]}, "why the lot is not drawn"),
                ({"classes": [{**unit, "method": "skip", "skip_reason": "x"}]}, "who allowed"),
                ({"characteristics": [self.length(scope="lot", required=False)], "classes": []},
                 "at least one characteristic")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.sign(self.draft(**values), self.anna, "approved")

    def test_containers_are_not_mixed_with_units(self):
        draft = self.draft(characteristics=[self.length(), self.length(
            key="w", defect_class="minor")], classes=[
            {"defect_class": "major", "method": "containers"},
            {"defect_class": "minor", "method": "full"}])
        with self.assertRaisesRegex(UserError, "not drawn in one plan"):
            self.sign(draft, self.anna, "approved")

    def test_a_new_version_takes_over_on_its_day_and_inspections_keep_theirs(self):
        plan = self.plan()
        inspection = self.inspected("P-1")
        draft = self.version_of(plan, date_from="2026-03-05")
        with self.assertRaisesRegex(UserError, "is a draft already"):
            plan.with_user(self.bert).action_new_version()
        self.assertEqual((draft.code, draft.version, draft.previous_id), (plan.code, 2, plan))
        draft.characteristic_ids.upper = "10.5"
        self.sign(draft, self.anna, "approved")
        self.assertRecordValues(plan, [{
            "state": "approved", "date_to": draft.date_from}])
        self.assertEqual(self.inspected("P-2").plan_version, 1)
        with self.assertRaisesRegex(UserError, "No newer version"):
            plan.with_user(self.anna).med_transition("expire")
        self.clock.move_to("2026-03-05 09:00:00")
        self.assertEqual(self.inspected("P-3").plan_version, 2)
        self.env["med.inspection"]._begin_periodic()
        self.assertEqual(plan.state, "retired")
        self.assertEqual(inspection.sheet()["characteristics"][0]["upper"], "10.1")
        self.enter(inspection, self.values(inspection, "10.3"))
        self.assertEqual(inspection.verdict, "not_accepted")

    def test_versions_are_not_made_up(self):
        plan = self.plan()
        made = self.env["med.inspection.plan"].with_user(self.anna).with_context(
            default_version=5, default_date_to="2026-01-01").create({
                "name": "x", "version": 9, "previous_id": plan.id, "state": "draft"})
        self.assertRecordValues(made, [{"version": 1, "previous_id": False, "date_to": False}])
        copied = plan.with_user(self.anna).copy()
        self.assertNotEqual(copied.code, plan.code)
        self.assertEqual((copied.state, copied.version), ("draft", 1))

    def test_retiring_needs_a_reason_and_a_signature(self):
        plan = self.plan()
        with self.assertRaisesRegex(UserError, "is signed"):
            plan.with_user(self.anna).med_transition("retire", reason="x")
        self.sign(plan, self.anna, "approved", transition="retire", reason="Product ends")
        self.assertEqual(plan.state, "retired")
        self.assertFalse(self.inspected("P-4"))

    def test_the_most_specific_plan_applies_and_others_companies_do_not(self):
        above = self.env["product.category"].create({"name": "Implants"})
        (self.stent | self.tube).categ_id = self.env["product.category"].create(
            {"name": "Stents", "parent_id": above.id})
        every = self.plan(product_tmpl_ids=[])
        family = self.plan(product_tmpl_ids=[],
                           categ_ids=[Command.set(above.ids)])
        supplier = self.plan(product_tmpl_ids=[],
                             partner_ids=[Command.set(self.supplier.ids)])
        own = self.plan()
        self.assertEqual(self.inspected("P-5").plan_id, own)
        self.assertEqual(
            self.inspected("P-6", product=self.tube, partner=self.other_supplier).plan_id, family)
        self.sign(family, self.anna, "approved", transition="retire", reason="x")
        self.assertEqual(self.inspected("P-7", product=self.tube).plan_id, supplier)
        self.assertEqual(
            self.inspected("P-8", product=self.tube, partner=self.other_supplier).plan_id, every)

    def test_samples_are_drawn_by_each_method(self):
        for number, (row, quantity, expected) in enumerate((
                ({"method": "aql", "aql": "1.5"}, 150, (32, 1)),
                ({"method": "aql", "aql": "0.65"}, 8, (8, 0)),
                ({"method": "full", "accept": 2}, 7.2, (8, 2)),
                ({"method": "zero_binomial", "ltpd": "10"}, 500, (22, 0)),
                ({"method": "zero_hypergeometric", "ltpd": "10"}, 50, (18, 0)),
                ({"method": "containers"}, 9, (4, 0)),
                ({"method": "skip", "skip_reason": "Certified", "skip_authority": "QA-9"}, 9,
                 (0, 0)))):
            with self.subTest(**row):
                product = self.product(f"Drawn {number}", med_controlled=True)
                self.plan(classes=[{"defect_class": "major", **row}],
                          product_tmpl_ids=[Command.set(product.product_tmpl_id.ids)])
                inspection = self.inspected(f"P-D{number}", quantity, product)
                [told] = inspection.sheet()["verdict"]["classes"]
                self.assertEqual((told["n"], told["accept"]), expected)
                self.assertEqual(len(inspection.sample_ids), expected[0])

    def test_a_lot_that_is_not_drawn_says_so(self):
        self.plan(classes=[{"defect_class": "major", "method": "skip", "skip_reason": "Certified",
                            "skip_authority": "QA-9"}])
        inspection = self.inspected("P-9")
        self.submit(inspection)
        self.assertEqual(inspection.verdict, "omitted")
        self.accept(inspection)

    def test_plans_are_imported_and_exported_like_any_other_record(self):
        told = self.env["med.inspection.plan"].with_user(self.anna).load(
            ["name", "stage", "product_tmpl_ids", "class_ids/defect_class", "class_ids/method",
             "characteristic_ids/key", "characteristic_ids/name", "characteristic_ids/lower",
             "characteristic_ids/uom_id"],
            [["Imported", "Incoming", "Stent", "Major", "Every Unit", "d", "Diameter", "1", "mm"]])
        self.assertFalse(told["messages"])
        plan = self.env["med.inspection.plan"].browse(told["ids"])
        self.sign(plan, self.bert, "approved")
        rows = plan.export_data(["name", "characteristic_ids/lower"])["datas"]
        self.assertEqual(rows, [["Imported", "1"]])

    def test_products_without_a_plan_are_listed(self):
        search = self.env["product.template"].search
        domain = [("med_plan_missing", "=", True), ("id", "in", (
            self.stent | self.tube).product_tmpl_id.ids)]
        self.assertEqual(search(domain), (self.stent | self.tube).product_tmpl_id)
        self.plan()
        self.env.invalidate_all()
        self.assertEqual(search(domain), self.tube.product_tmpl_id)

    def test_plans_are_for_quality_assurance(self):
        plan = self.plan()
        for role in ("viewer", "inspector", "operator", "qa_release", "purchasing"):
            user = self.user(role, login=f"p_{role}")
            with self.assertRaises(AccessError):
                plan.with_user(user).copy()
            with self.assertRaises(AccessError):
                self.env["med.defect.code"].with_user(user).create({"code": "x", "name": "x"})
            plan.with_user(user).read(["name"])
