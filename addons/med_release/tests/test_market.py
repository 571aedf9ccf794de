from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReleaseCase


@tagged("post_install", "-at_install")
class TestMarket(ReleaseCase):
    """A device goes to a market where it was registered on the day it was made."""

    requirement = "CN-GMP-REL ISO-8.2.6 R2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eu = cls.env.ref("med_base.med_jurisdiction_eu")
        cls.us = cls.env.ref("med_base.med_jurisdiction_us")
        cls.sold = cls.device("Sold pump", markets=cls.eu | cls.cn)

    def ready(self, name="S-1"):
        """Return a released lot; the pump is registered in China, so that it can be."""
        self.registered(self.sold, self.cn)
        return self.released(name, product=self.sold)._med_output_lots()

    def test_a_delivery_without_registration_in_force_is_refused(self):
        lot = self.ready()
        with self.assertRaisesRegex(UserError, "no registration in EU was in force"):
            self.deliver([(self.sold, lot, 1)])

    def test_with_a_registration_in_force_it_goes(self):
        self.registered(self.sold, self.eu)
        lot = self.ready()
        self.assertEqual(self.deliver([(self.sold, lot, 1)]).state, "done")

    def test_the_day_of_manufacture_decides(self):
        """Made on 2026-03-02: a licence that ended before or began later does not cover it."""
        for number, (begin, end, state, passes) in enumerate((
                ("2025-01-01", "2026-03-01", "draft", False),
                ("2025-01-01", "2026-03-02", "draft", True),
                ("2026-03-03", False, "draft", False), ("2026-03-02", False, "published", True),
                (False, False, "published", False), ("2025-01-01", False, "suspended", False),
                ("2025-01-01", False, "ended", False),
                ("2025-01-01", "2026-12-31", "ended", True))):
            with self.subTest(begin=begin, end=end, state=state):
                device = self.device(f"Pump {number}", markets=self.eu | self.cn)
                self.registered(device, self.cn)
                self.registered(device, self.eu, begin, end, state=state)
                lot = self.released(f"D-{number}", product=device)._med_output_lots()
                if passes:
                    self.deliver([(device, lot, 1)])
                else:
                    with self.assertRaisesRegex(UserError, "Not to be delivered there"):
                        self.deliver([(device, lot, 1)])

    def test_the_date_on_the_lot_goes_before_that_of_the_order(self):
        self.registered(self.sold, self.eu, "2025-01-01", "2025-12-31")
        lot = self.ready()
        lot.med_manufactured = "2025-12-31"
        self.deliver([(self.sold, lot, 1)])
        lot.med_manufactured = "2026-01-01"
        with self.assertRaisesRegex(UserError, "2026-01-01"):
            self.deliver([(self.sold, lot, 1)])

    def test_what_nobody_knows_is_refused(self):
        self.registered(self.sold, self.eu)
        lot = self.ready()
        nowhere = self.env["res.partner"].create({"name": "Nowhere"})
        with self.assertRaisesRegex(UserError, "nobody said to which country"):
            self.deliver([(self.sold, lot, 1)], partner=nowhere)
        bought = self.device("Bought pump", markets=self.eu)
        bought.product_tmpl_id.bom_ids.unlink()
        received = self.in_stock(bought, "B-1")
        with self.assertRaisesRegex(UserError, "day on which it was made is not known"):
            self.deliver([(bought, received, 1)])

    def test_a_country_without_jurisdiction_and_a_product_without_market_are_not_judged(self):
        lot = self.ready()
        brazil = self.env["res.partner"].create(
            {"name": "Clinica", "country_id": self.env.ref("base.br").id})
        self.deliver([(self.sold, lot, 1)], partner=brazil)
        plain = self.released("P-1")._med_output_lots()
        self.deliver([(self.pump, plain, 1)])

    def test_a_gate_that_is_not_closed_lists_it(self):
        for mode in ("observe", "warn"):
            with self.subTest(mode):
                gate = self.env["med.gate"].search([("use", "=", "market")]) or (
                    self.env["med.gate"].create({
                        "product_tmpl_id": self.sold.product_tmpl_id.id, "use": "market"}))
                gate.mode = mode
                lot = self.ready(f"O-{mode}")
                picking = self.deliver([(self.sold, lot, 1)])
                event = self.env["med.gate.event"].search(
                    [("lot_id", "=", lot.id), ("use", "=", "market")])
                self.assertIn("no registration in EU", event.states)
                self.assertEqual("no registration in EU" in str(
                    picking.message_ids.mapped("body")), mode == "warn")

    def test_a_warning_names_ten_lots_at_most(self):
        self.env["med.gate"].create({
            "product_tmpl_id": self.sold.product_tmpl_id.id, "use": "market", "mode": "warn"})
        self.registered(self.sold, self.cn)
        lots = self.env["stock.lot"].union(*(
            self.released(f"W-{number}", quantity=1, product=self.sold)._med_output_lots()
            for number in range(11)))
        picking = self.deliver([(self.sold, lot, 1) for lot in lots])
        self.assertEqual(str(picking.message_ids.mapped("body")).count("no registration in EU"), 10)

    def test_a_line_changed_after_posting_is_judged_too(self):
        self.registered(self.sold, self.eu)
        lot = self.ready()
        picking = self.deliver([(self.sold, lot, 1)])
        self.sold.med_di_ids.registration_ids.filtered(
            lambda one: one.jurisdiction_id == self.eu).state = "suspended"
        with self.assertRaisesRegex(UserError, "no registration in EU"):
            picking.move_line_ids.quantity = 2

    def test_goods_that_come_back_are_not_judged(self):
        registration = self.registered(self.sold, self.eu)
        lot = self.ready()
        picking = self.deliver([(self.sold, lot, 1)])
        registration.state = "suspended"
        self.take_back(picking, {lot: 1})
        self.assertEqual(lot.med_status, "quarantine")

    def test_the_market_release_needs_one_market_at_least(self):
        release = self.made("M-1", product=self.sold)
        self.produce(release)
        with self.assertRaisesRegex(UserError, "No market has a registration"):
            self.market(release)
        self.registered(self.sold, self.cn)
        row = self.check(release, "registration", "market")
        self.assertEqual((row["state"], row["text"]), ("ok", "In force: CN"))
        self.assertIn("EU", self.texts(row, "note")[0])
        self.market(release)
        self.assertEqual(release.state, "market_released")

    def test_the_judgement_takes_as_many_queries_for_500_lines_as_for_5(self):
        self.registered(self.sold, self.eu)
        self.registered(self.sold, self.cn)
        device = self.device("Serial sold pump", "serial", markets=self.cn)
        self.registered(device, self.cn)
        china = self.env["res.partner"].create(
            {"name": "Hospital", "country_id": self.env.ref("base.cn").id})

        def cost(count):
            release = self.released(
                [f"Q{count}-{n}" for n in range(count)], count, product=device)
            picking = self.deliver(
                [(device, lot, 1) for lot in release._med_output_lots()], partner=china)
            lines = picking.move_line_ids
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines._med_check_market()
            return self.cr.sql_log_count - before
        self.assertLess(cost(60) - cost(5), 8)
