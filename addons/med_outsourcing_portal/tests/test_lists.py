from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestLists(PortalCase):
    """A processor looks up what it has of ours and its statements, and nobody else's."""

    requirement = "V4 V6 P4"

    def page(self, way, user=None):
        self.signed_in(user or self.porter)
        answer = self.url_open(f"/my/processor{way}")
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return answer.text

    def test_what_he_has_and_what_of_it_is_on_hold(self):
        self.assertNotIn('id="held"', self.page(""))
        for lot in self.lots:
            self.assertIn(f'data-lot="{lot.name}"', self.page("/stock"))
        self.hold(self.lots[:1])
        self.env.flush_all()
        self.assertIn('id="held"', self.page(""))
        held = self.page("/stock?filterby=held")
        self.assertIn('data-lot="S-1"', held)
        self.assertNotIn('data-lot="S-2"', held)
        self.assertNotIn('data-lot="S-1"', self.page("/stock?search=S-2"))

    def test_a_search_for_what_no_database_keeps_finds_nothing_and_breaks_nothing(self):
        for way in ("stock", "statements", "orders"):
            with self.subTest(way):
                self.assertNotIn("data-lot=", self.page(f"/{way}?search=x%00y"))

    def test_another_sees_nothing_of_it(self):
        self.hold(self.lots[:1])
        self.env.flush_all()
        self.assertNotIn('id="held"', self.page("", self.stranger))
        self.assertNotIn("data-lot=", self.page("/stock?filterby=all", self.stranger))

    def test_statements_stay_to_be_found_after_they_are_signed(self):
        self.clock.move_to("2026-04-02 08:00:00")
        self.addCleanup(self.clock.move_to, "2026-03-02 12:00:00")
        statement = self.env["med.outsourcing.statement"].with_user(self.anna).create({
            "processor_id": self.file.id, "date_from": "2026-03-01"})
        mark = f'data-statement="{statement.name}"'
        self.env.flush_all()
        self.assertNotIn(mark, self.page("/statements"), "a draft is ours alone")
        self.sign(statement, self.anna, "approved")
        self.env.flush_all()
        for way, there in (("", True), ("?filterby=open", True), ("?filterby=agreed", False),
                           ("?search=S-1", True), ("?search=S-99", False)):
            with self.subTest(way=way):
                self.assertEqual(mark in self.page(f"/statements{way}"), there)
        self.file.with_user(self.porter).sudo()._med_sign(
            statement.with_env(self.env), "agreed", secret="porter-secret")
        self.env.flush_all()
        self.assertIn(mark, self.page("/statements?filterby=agreed"))
        self.assertNotIn(mark, self.page("/statements", self.stranger))
