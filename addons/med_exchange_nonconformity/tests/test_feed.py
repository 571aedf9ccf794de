from odoo.tests.common import tagged

from .common import NonconformityExchangeCase


@tagged("post_install", "-at_install")
class TestFeed(NonconformityExchangeCase):
    """Nonconformities as partners' programs hear them."""

    requirement = "X1 X2 A3 V8 ISO-8.3.1"

    def test_each_hears_of_his_and_nobody_of_his_own_word(self):
        lots = self.in_stock(self.tube, "T-1", "T-2")
        self.telling(self.processor, "nonconformity", self.told("T-1"), "NC-7")
        theirs = self.env["med.nonconformity"].search(
            [("exchange_partner_id", "=", self.processor.id)])
        ours = self.reported(lots[1])
        self.assertEqual(set(self.fed(self.mes, "nonconformity")), {theirs.name, ours.name})
        self.assertFalse(self.fed(self.dealer, "nonconformity"))
        self.assertFalse(self.fed(self.processor, "nonconformity"))
        # What was written so far counts as written by an earlier transaction.
        self.env.cr.execute("UPDATE med_exchange_event_object"
                            " SET transaction_began = transaction_began - interval '1 day'")
        theirs.with_user(self.anna).write({
            "evaluation": "Looks only", "investigation": "not_needed", "defect_class": "minor",
            "investigation_reason": "Seen before"})
        self.sign(theirs, self.anna, "reviewed", transition="evaluate")
        self.assertEqual(
            {code: (told["number"], told["state"]) for code, told in self.fed(
                self.processor, "nonconformity").items()}, {theirs.name: ("NC-7", "evaluated")})
        self.assertFalse(self.env["med.exchange.event"].search([("state", "=", "broken")]))
