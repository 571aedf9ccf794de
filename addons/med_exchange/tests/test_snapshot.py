from odoo.exceptions import AccessError, UserError

from ..tools import difference
from .outbox import OutboxCase


class TestSnapshot(OutboxCase):
    """All that a partner may know, and whether it knows it (X4)."""

    requirement = "X4 snapshot, reconciliation; V8 right to know"

    def setUp(self):
        super().setUp()
        self.hears = self.hearer("HEARER")
        self.exchange = self.env["med.exchange"].with_user(self.hears.user_id)
        self.things = self.tell("A", "B", "C", is_company=True)

    def all_pages(self, limit=2):
        items, after, more = [], 0, True
        while more:
            told = self.exchange.snapshot(schema="organisation", after=after, limit=limit)
            items, after, more = items + told["items"], told["last"], told["more"]
        return items, told["whole"]

    def test_pages_make_a_whole_that_has_a_digest(self):
        items, whole = self.all_pages()
        self.assertEqual([one["object"]["id"] for one in items], ["T-A", "T-B", "T-C"])
        self.assertEqual(items[0]["object"]["version"], 1)
        self.assertEqual(whole, {"count": 3, "digest": difference.of_all(
            {one["object"]["id"]: difference.of_payload(one["payload"]) for one in items})})
        self.assertEqual(self.all_pages(100)[1], whole)
        self.things[0].city = "Wuxi"
        self.assertNotEqual(self.all_pages()[1], whole)

    def test_from_a_snapshot_the_changes_go_on(self):
        self.drain()
        told = self.exchange.snapshot(schema="organisation")
        self.assertEqual(told["sequence"], 3)
        self.tell("D")
        self.drain()
        more = self.exchange.changes(stream="organisation", since=told["sequence"])["envelopes"]
        self.assertEqual([one["object"]["id"] for one in more], ["T-D"])

    def test_what_a_partner_may_not_know_is_in_no_page_and_no_difference(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.things[1].company_id = other
        self.hears._med_right("organisation", "out").domain = "[('ref', '!=', 'T-C')]"
        ids = {one["object"]["id"] for one in self.all_pages(1000)[0]}
        self.assertIn("T-A", ids)
        self.assertFalse(ids & {"T-B", "T-C"})
        told = self.exchange.reconcile(schema="organisation", items=[
            {"id": "T-B", "payload": {"name": "x"}}, {"id": "T-C", "digest": "x"}])
        self.assertEqual(told["missing_here"], ["T-B", "T-C"])
        self.assertFalse(told["differing"])

    def test_differences_are_listed_kept_and_shown_to_a_person(self):
        items, _whole = self.all_pages()
        theirs = [{"id": "T-A", "digest": items[0]["digest"]},
                  {"id": "T-B", "payload": {**items[1]["payload"], "city": "Wuxi"}},
                  {"id": "T-X", "digest": "sha256:0"}]
        told = self.exchange.reconcile(schema="organisation", items=theirs)
        self.assertEqual((told["same"], told["missing_here"], told["missing_there"]),
                         (1, ["T-X"], ["T-C"]))
        self.assertEqual(told["differing"], [{"id": "T-B", "fields": [
            {"pointer": "/city", "ours": "", "theirs": "Wuxi"}]}])
        row = self.env["med.exchange.reconciliation"].browse(told["reconciliation"])
        self.assertEqual((row.state, len(row.line_ids)), ("open", 3))
        self.assertEqual(row.line_ids.filtered(lambda one: one.kind == "differs").told,
                         '/city: "" | "Wuxi"')
        self.assertTrue(self.hears.activity_ids)
        with self.assertRaises(AccessError):
            row.with_user(self.user("warehouse")).settle("asked them")
        qa = self.user("qa")
        row.with_user(qa).settle("they corrected the city")
        self.assertEqual(row.state, "settled")
        with self.assertRaises(UserError):
            row.with_user(qa).settle("once more")
        with self.assertRaises(AccessError):
            row.write({"state": "equal"})

    def test_what_is_equal_raises_no_alarm(self):
        items, _whole = self.all_pages()
        told = self.exchange.reconcile(schema="organisation", items=[
            {"id": one["object"]["id"], "payload": one["payload"]} for one in items])
        self.assertEqual(told["same"], 3)
        self.assertEqual(self.env["med.exchange.reconciliation"].browse(
            told["reconciliation"]).state, "equal")
        self.assertFalse(self.hears.activity_ids)

    def test_bad_arguments_are_told_and_nothing_is_kept(self):
        before = self.env["med.exchange.reconciliation"].search_count([])
        for items in (None, {}, [1], [{"id": "T-A"}], [{"id": 1, "digest": "x"}],
                      [{"id": "T-A", "digest": "x"}] * 2):
            with self.assertRaises(UserError):
                self.exchange.reconcile(schema="organisation", items=items)
        for schema in ("lot", "", None, ["organisation"]):
            with self.assertRaises(AccessError):
                self.exchange.snapshot(schema=schema)
            with self.assertRaises(AccessError):
                self.exchange.reconcile(schema=schema, items=[])
        for after in (-1, "0", None):
            with self.assertRaises(UserError):
                self.exchange.snapshot(schema="organisation", after=after)
        self.assertEqual(self.env["med.exchange.reconciliation"].search_count([]), before)

    def test_what_cannot_be_compared_is_refused_with_a_sentence(self):
        deep = []
        for _level in range(500):
            deep = [deep]
        for payload in ({"name": float("nan")}, {"name": "x\ud800"}, {"name": deep}):
            with self.assertRaisesRegex(UserError, "cannot be compared"):
                self.exchange.reconcile(schema="organisation", items=[
                    {"id": "T-A", "payload": payload}])

    def test_what_they_have_is_kept_whatever_its_characters(self):
        names = ["a\0b", "back\\u0000slash"]
        told = self.exchange.reconcile(schema="organisation", items=[
            {"id": name, "digest": "sha256:x"} for name in names])
        row = self.env["med.exchange.reconciliation"].browse(told["reconciliation"])
        self.assertEqual(sorted(row.line_ids.filtered(
            lambda one: one.kind == "here").mapped("object_id")), ["ab", "back\\u0000slash"])
