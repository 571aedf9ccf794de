from odoo.tests.common import tagged

from .common import SCHEMAS, GoodsExchangeCase


@tagged("post_install", "-at_install")
class TestFeed(GoodsExchangeCase):
    """What happened to goods, as partners' programs hear it."""

    requirement = "X2 X3 A3"

    def test_a_lot_is_made_released_shipped_and_held_and_each_hears_his_part(self):
        tube = self.in_stock(self.tube, "T-1")
        made = self.lots_of(self.stent, "S-1", "S-2")
        self.make(self.stent, 2, [(self.tube, tube, 2)], made[0])
        self.make(self.stent, 2, [(self.tube, tube, 2)], made[1])
        self.decide(made, "released")
        picking = self.deliver([(self.stent, made[0], 1)])
        self.hold(made)
        heard = {schema: self.fed(self.mes, schema) for schema in SCHEMAS}
        self.assertEqual(heard["lot"]["ST-1/S-1"]["status"], "released")
        self.assertTrue(heard["lot"]["ST-1/S-1"]["held"])
        self.assertEqual([one["lots"][0]["lot"] for one in heard["hold"].values()],
                         ["S-1", "S-2"])
        self.assertEqual(len(heard["order"]), 2)
        self.assertEqual(list(heard["shipment"]), [picking.name])
        self.assertFalse(self.env["med.exchange.event"].search([("state", "=", "broken")]))
        dealer = {schema: self.fed(self.dealer, schema) for schema in SCHEMAS}
        self.assertEqual(list(dealer["lot"]), ["ST-1/S-1"])
        self.assertEqual([one["lots"][0]["lot"] for one in dealer["hold"].values()], ["S-1"])
        self.assertEqual(list(dealer["shipment"]), [picking.name])
        self.assertFalse(dealer["order"] or dealer["inspection_result"])

    def test_who_gets_a_lot_hears_of_it_though_nothing_of_it_changed(self):
        lot = self.in_stock(self.stent, "LATE")
        self.assertIn("ST-1/LATE", self.fed(self.mes, "lot"))
        self.assertNotIn("ST-1/LATE", self.fed(self.dealer, "lot"))
        # What was written so far counts as written by an earlier transaction.
        self.env.cr.execute("UPDATE med_exchange_event_object"
                            " SET transaction_began = transaction_began - interval '1 day'")
        self.deliver([(self.stent, lot, 1)])
        self.assertIn("ST-1/LATE", self.fed(self.dealer, "lot"))

    def test_a_snapshot_holds_what_a_party_may_know_and_no_more(self):
        mine, _other = self.in_stock(self.stent, "MINE", "OTHER")
        self.deliver([(self.stent, mine, 2)])
        for partner, codes in ((self.dealer, ["ST-1/MINE"]),
                               (self.processor, ["ST-1/MINE", "ST-1/OTHER"])):
            told = self.env["med.exchange"].with_user(partner.user_id).snapshot(schema="lot")
            codes_told = [one["object"]["id"] for one in told["items"]]
            self.assertEqual([code for code in codes_told if code.startswith("ST-1")], codes)
