from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import InspectCase


@tagged("post_install", "-at_install")
class TestInspectorPage(InspectCase):
    """The queue of the inspector: what is needed first stands first."""

    requirement = "T4 B2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan()
        cls.plan(product_tmpl_ids=[Command.set(cls.tube.product_tmpl_id.ids)])

    def page(self, user=None):
        return self.env["med.day"].with_user(user or self.ines).inspector()

    def test_what_a_delivery_waits_for_stands_first(self):
        self.inspected("Q-1")
        needed = self.inspected("Q-2", product=self.tube)
        self.assertEqual([row["lot"] for row in self.page()["rows"]], ["Q-1", "Q-2"])
        move = self.env["stock.move"].create({
            "product_id": self.tube.id, "product_uom_qty": 1, "location_id": self.stock.id,
            "location_dest_id": self.customers.id, "date": fields.Datetime.now()})
        move._action_confirm()
        self.env.invalidate_all()
        rows = self.page()["rows"]
        self.assertEqual([row["id"] for row in rows][0], needed.id)
        self.assertEqual(rows[0]["priority"] > 0, True)

    def test_counts_and_the_clean_ones(self):
        self.inspected("Q-1")
        clean, corrected, failed = (self.inspected(f"Q-{number}") for number in (2, 3, 4))
        self.finish(clean, decide="")
        self.enter(corrected, self.values(corrected, "10.05"))
        self.enter(corrected, self.values(corrected, "10.0", reason="Misread"))
        self.submit(corrected)
        self.finish(failed, bad=("1", "2", "3"), decide="")
        done = self.inspected("Q-5")
        self.finish(done)
        told = self.page(self.ivan)
        self.assertEqual(told["counts"], {
            "open": 1, "submitted": 3, "overdue": 0, "clean": 1, "done": 1})
        self.assertEqual([row["lot"] for row in told["rows"] if row["clean"]], ["Q-2"])
        self.clock.move_to("2026-03-20 08:00:00")
        self.assertEqual(self.page()["counts"]["overdue"], 4)

    def test_where_a_second_person_decides_ones_own_are_not_clean(self):
        product = self.product("Valve", med_controlled=True)
        self.plan(product_tmpl_ids=[Command.set(product.product_tmpl_id.ids)], second_person=True)
        inspection = self.inspected("Q-6", product=product)
        self.finish(inspection, decide="")
        self.assertEqual([self.page(user)["counts"]["clean"] for user in (self.ines, self.ivan)],
                         [0, 1])

    def test_a_scanned_lot_finds_its_inspections(self):
        inspection = self.inspected("Q-7")
        find = self.env["med.day"].with_user(self.ines).find
        for code in ("Q-7", inspection.name, inspection.name.lower()):
            self.assertEqual(find(page="inspector", code=code)["found"], inspection.ids)
        self.assertIn("Q-99", find(page="inspector", code="Q-99")["message"])
        with self.assertRaises(UserError):
            find(page="inspector", code=" ")

    def test_the_page_is_for_its_roles(self):
        self.inspected("Q-8")
        with self.assertRaises(AccessError):
            self.page(self.user("warehouse"))
        self.assertFalse(self.page(self.olga)["rows"], "incoming goods are no operator's")
        self.assertTrue(self.env["med.day"].with_user(self.ines).start_here("inspector")["start"])

    def test_the_page_takes_as_many_queries_for_forty_lots(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.page()
            return self.env.cr.sql_log_count - before

        self.receive(self.stent, {f"N-{number}": 3 for number in range(4)})
        self.page()
        few = queries()
        self.receive(self.stent, {f"M-{number}": 3 for number in range(36)})
        self.assertLessEqual(queries(), few + 2)


@tagged("post_install", "-at_install")
class TestReadFile(InspectCase):
    """Tables of values from files."""

    requirement = "ISO-8.2.6"

    def test_a_table_is_read_and_nothing_is_entered(self):
        self.plan()
        inspection = self.inspected("F-1")
        told = inspection.with_user(self.ines).read_file(
            name="values.csv", content="VW5pdDtsZW4KMTsxMC4wNQoyOzEwLDA2Cg==")
        self.assertEqual(told["rows"], [["Unit", "len"], ["1", "10.05"], ["2", "10,06"]])
        self.assertFalse(inspection.reading_ids)

    def test_what_is_no_table_is_told(self):
        self.plan()
        inspection = self.inspected("F-2").with_user(self.ines)
        for name, content, words in (
                ("values.pdf", "AAAA", "cannot be read"), ("values.csv", "%%", "base64"),
                (1, "", "texts")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                inspection.read_file(name=name, content=content)
        with self.assertRaises(AccessError):
            inspection.with_user(self.olga).read_file(name="values.csv", content="")
