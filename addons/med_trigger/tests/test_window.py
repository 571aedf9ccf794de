import random
from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .common import TriggerCase


def evidence(events, count, window):
    """Return the events that lie in a window holding enough of them; the naive way."""
    found = set()
    for end in events:
        within = {one for one in events if end[1] - window <= one[1] <= end[1]}
        if len(within) >= count:
            found |= within
    return found


@tagged("post_install", "-at_install")
class TestWindow(TriggerCase):
    """So many of the same within so many days, by a window that slides."""

    requirement = "Q2 Q8 ISO-8.4"

    def found(self, rule, **kw):
        return rule.sudo()._med_search(datetime(2020, 1, 1), datetime(2026, 7, 1), **kw)[1]

    def test_exactly_so_many_within_exactly_so_many_days_are_a_signal(self):
        rule = self.rule()
        seen = self.seen(10, 5, 0)
        [one] = self.found(rule)
        self.assertEqual({number for _model, number, _moment in one.evidence}, set(seen.ids))
        self.assertEqual((one.count, one.products), (3, (self.stent.id,)))

    def test_one_fewer_is_none_and_a_second_later_is_none(self):
        rule = self.rule()
        self.seen(10 + 1 / 86400, 5)
        self.assertEqual(self.found(rule), [])
        self.seen(0)
        self.assertEqual(self.found(rule), [])

    def test_what_is_not_the_same_is_not_counted_together(self):
        by_both, by_partner = self.rule(by_partner=True), self.rule(
            by_product=False, by_partner=True)
        self.seen(3, 2, partner=self.supplier)
        self.seen(1, partner=self.other_supplier)
        self.seen(1)
        self.seen(1, defect="T-CRK", partner=self.supplier)
        self.assertEqual(self.found(by_both), [])
        other = self.reported(product=self.tube.id)
        other.with_user(self.anna).partner_id = self.supplier
        self.assertEqual(self.found(by_both), [])
        [one] = self.found(by_partner)
        self.assertEqual((one.partner, one.count), (self.supplier.id, 3))

    def test_only_products_and_classes_that_are_asked_for_count(self):
        category = self.env["product.category"].create(
            {"name": "Below", "parent_id": self.tube.categ_id.id})
        self.seen(3, 2, 1)
        tube = self.rule(product_tmpl_ids=self.tube.product_tmpl_id.ids)
        below, major = self.rule(categ_ids=category.ids), self.rule(least_class="major")
        for rule in (tube, below, major):
            self.assertEqual(self.found(rule), [])
        self.stent.categ_id = category
        self.assertEqual(len(self.found(below)), 1)
        self.seen(3, 2, 1, defect="T-CRK")
        self.assertEqual([one.label for one in self.found(major)], ["T-CRK Crack"])

    def test_the_search_finds_what_counting_one_by_one_finds(self):
        draw = random.Random(7)
        rule = self.rule(count=4, days=6)
        events = [(number, datetime(2026, 1, 1) + timedelta(hours=draw.randrange(24 * 120)))
                  for number in range(1, 201)]
        rows = SQL(", ").join(
            SQL("('a', 'A', NULL::int, %s, NULL::int, NULL::int, 'x', %s, %s::timestamp)",
                number % 3 + 1, number, moment) for number, moment in events)
        self.patch(self.registry["med.trigger.rule"], "_med_events", lambda *_args: SQL(
            "SELECT * FROM (VALUES %s) AS e(thing, label, defect_id, product_id, partner_id, "
            "workcenter_id, model, res_id, moment)", rows))
        for live in (True, False):
            found = {number for one in self.found(rule, live=live)
                     for _model, number, _moment in one.evidence}
            naive = {number for product in range(3) for number, _moment in evidence(
                [one for one in events if one[0] % 3 == product], 4, timedelta(days=6))}
            self.assertEqual(found, naive)
        self.assertTrue(0 < len(naive) < 200)

    def test_on_trial_signals_more_than_a_window_apart_are_told_apart(self):
        self.seen(40, 39, 38, 3, 2, 1)
        told = self.rule(force=False).try_rule(date_from="2025-01-01", date_to="2026-03-31")
        self.assertEqual([one["count"] for one in told["found"]], [3, 3])
