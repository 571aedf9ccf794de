from odoo.addons.med_quality.tests.common import QualityCase
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged


@tagged("post_install", "-at_install")
class TestRetentionSample(QualityCase):
    """Samples are taken out of the stock, looked at, and destroyed when their time is over."""

    requirement = "CN-GMP-REL ISO-8.2.6 CN-GSP-7"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ines = cls.person("inspector", "ines")
        cls.grant(cls.ines, "performed")
        cls.room = cls.env["stock.location"].create({
            "name": "Sample Room", "usage": "internal",
            "location_id": cls.warehouse.view_location_id.id})

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-03 08:00:00")

    def sample(self, lot, **values):
        return self.env["med.retention.sample"].with_user(self.ines).create({
            "lot_id": lot.id, "quantity": 2, "location_from_id": self.stock.id,
            "location_id": self.room.id, "place": "A-1", "keep_until": "2027-03-03", **values})

    def on(self, lot, place):
        return self.env["stock.quant"]._get_available_quantity(
            lot.product_id, place, lot_id=lot, strict=True)

    def test_taking_moves_it_where_nothing_is_reserved(self):
        lot = self.in_stock(self.stent, "RS-1")
        sample = self.sample(lot)
        self.sign(sample, self.ines, "performed")
        self.assertEqual((sample.state, self.on(lot, self.stock), self.on(lot, self.room)),
                         ("kept", 8, 2))
        self.assertEqual(str(sample.observe_on), "2026-09-03")

    def test_it_is_not_kept_where_orders_would_take_it(self):
        sample = self.sample(self.in_stock(self.stent, "RS-2"), location_id=self.stock.id)
        with self.assertRaisesRegex(UserError, "orders would take the sample"):
            self.sign(sample, self.ines, "performed")

    def test_it_is_taken_from_and_kept_in_places_of_our_own(self):
        lot = self.in_stock(self.stent, "RS-8", quantity=10)
        self.deliver([(self.stent, lot, 3)])
        for values, place in (({"location_id": self.customers.id}, "Customers"),
                              ({"location_from_id": self.customers.id}, "Customers")):
            sample = self.sample(lot, **values)
            with self.assertRaisesRegex(UserError, f"{place} is not a place of our own"):
                self.sign(sample, self.ines, "performed")
            self.env.invalidate_all()

    def test_what_was_taken_is_not_changed(self):
        lot, other = (self.in_stock(self.stent, name) for name in ("RS-9", "RS-10"))
        sample = self.sample(lot)
        sample.with_user(self.ines).quantity = 3
        self.sign(sample, self.ines, "performed")
        for user in (self.ines, self.anna, self.env.user):
            for values in ({"quantity": 1}, {"lot_id": other.id}, {"location_id": self.stock.id},
                           {"location_from_id": self.room.id}, {"company_id": self.company.id}):
                with self.assertRaisesRegex(UserError, "is not changed any more"):
                    sample.with_user(user).write(values)
        with self.assertRaisesRegex(UserError, "until when"):
            sample.with_user(self.anna).keep_until = False

    def test_what_is_due_is_asked_for_beside_a_sample_without_an_end(self):
        odd, good = (self.sample(self.in_stock(self.stent, name)) for name in ("RS-11", "RS-12"))
        for sample in (odd, good):
            self.sign(sample, self.ines, "performed")
        self.env.cr.execute("UPDATE med_retention_sample SET keep_until = NULL, owner_id = NULL "
                            "WHERE id = %s", [odd.id])
        self.env.invalidate_all()
        self.clock.move_to("2026-09-04 08:00:00")
        self.env["med.retention.sample"]._cron_observe()
        self.assertEqual((odd | good).activity_ids.mapped("summary"),
                         ["Retention sample: observe"] * 2)
        odd.with_user(self.anna).conclusion = "Never mind"
        with self.assertRaisesRegex(UserError, "is kept until —"):
            self.sign(odd, self.anna, "approved")

    def test_only_what_is_there_is_taken(self):
        sample = self.sample(self.in_stock(self.stent, "RS-3"), quantity=11)
        with self.assertRaisesRegex(UserError, "has only 10 of RS-3"):
            self.sign(sample, self.ines, "performed")
        self.env.invalidate_all()
        self.assertEqual(sample.state, "planned")

    def test_observations_are_kept_and_move_the_next_date(self):
        sample = self.sample(self.in_stock(self.stent, "RS-4"))
        self.sign(sample, self.ines, "performed")
        self.clock.move_to("2026-09-04 08:00:00")
        self.env["med.retention.sample"]._cron_observe()
        self.assertEqual(sample.activity_ids.summary, "Retention sample: observe")
        sample.with_user(self.ines).observe(result="unchanged")
        self.assertEqual(str(sample.observe_on), "2027-03-04")
        with self.assertRaisesRegex(UserError, "must say what has changed"):
            sample.with_user(self.ines).observe(result="changed")
        sample.with_user(self.ines).observe(result="changed", reason="Pouch yellow")
        self.env.invalidate_all()
        self.assertEqual(sample.observation_ids.mapped("result"), ["changed", "unchanged"])
        observation = sample.observation_ids[0]
        for call in (lambda: observation.sudo().write({"note": "x"}),
                     lambda: observation.sudo().unlink(),
                     lambda: observation.sudo().copy(),
                     lambda: observation.sudo().create({
                         "sample_id": sample.id, "observed_at": "2026-01-01", "result": "unchanged",
                         "user_id": self.ines.id})):
            with self.assertRaises(UserError):
                call()

    def test_it_is_destroyed_by_signature_when_its_time_is_over(self):
        lot = self.in_stock(self.stent, "RS-5")
        sample = self.sample(lot)
        self.sign(sample, self.ines, "performed")
        with self.assertRaisesRegex(AccessError, "changed by quality assurance"):
            sample.with_user(self.ines).keep_until = "2026-03-03"
        sample.with_user(self.anna).conclusion = "Kept long enough"
        with self.assertRaisesRegex(UserError, "is kept until 2027-03-03"):
            self.sign(sample, self.anna, "approved")
        self.clock.move_to("2027-03-04 08:00:00")
        self.sign(sample, self.anna, "approved")
        self.assertEqual((sample.state, self.on(lot, self.room)), ("destroyed", 0))

    def test_a_lot_is_not_released_before_its_sample_is_taken(self):
        lot = self.receive(self.stent, {"RS-6": 10})
        sample = self.sample(lot)
        with self.assertRaisesRegex(UserError, "Take the retention samples first: .*RS-6"):
            self.decide(lot, "released")
        self.sign(sample, self.ines, "performed")
        self.decide(lot, "released")
        self.assertEqual(lot.med_status, "released")

    def test_defaults_of_a_caller_take_nothing(self):
        lot = self.in_stock(self.stent, "RS-7")
        sample = self.sample(lot)
        sample.with_user(self.ines).with_context(
            default_location_dest_id=self.customers.id, default_state="done").med_sign(
                meaning="performed", login="ines", secret="ines-secret")
        self.assertEqual(self.on(lot, self.room), 2)
        with self.assertRaisesRegex(UserError, "follows from its signature"):
            sample.with_user(self.ines).taken_at = "2020-01-01"
