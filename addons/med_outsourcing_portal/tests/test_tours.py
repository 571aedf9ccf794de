from odoo import fields
from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestTours(PortalCase):
    """An order from confirmation to shipment on a tablet, lying and standing, in two languages."""

    requirement = "V4 V6 V7"

    def flow(self):
        self.start_tour("/my/processor", "med_outsourcing_portal_flow", login="porter",
                        timeout=180)
        self.assertEqual(
            [one.kind for one in self.events().sorted("id")],
            ["acknowledged", "received", "started", "step", "finished", "shipped"])
        self.assertEqual(self.order.state, "shipped")
        step = self.events(kind="step")
        self.assertEqual((step.operation, step.equipment, step.origin, step.user_id.login),
                         ("Crimping", "Press 4", "portal", "porter"))
        self.assertEqual(step.parameters[0]["value"], "12.5")

    def deviation(self):
        permit = self.permit()
        for kind in ("acknowledged", "started"):
            self.order._med_report({
                "kind": kind, "reference": kind, "revision": self.order.revision,
                "time": fields.Datetime.now()}, "portal")
        self.start_tour("/my/processor", "med_outsourcing_portal_deviation", login="porter",
                        timeout=180)
        release = self.env["med.processor.release"].search([("order_id", "=", self.order.id)])
        self.assertRecordValues(release, [{
            "state": "released", "valid": True, "revision": "R-old", "deviation_id": permit.id}])

    def refused(self):
        self.start_tour("/my/processor", "med_outsourcing_portal_refused", login="porter",
                        timeout=180)
        self.assertEqual(self.events(kind="acknowledged").note, "Furnace 2 from Monday")
        problem = self.env["med.nonconformity"].search([("source", "=", "processor")])
        self.assertRecordValues(problem, [{
            "summary": "Scratched in the box", "state": "reported",
            "partner_id": self.maker.id, "source_id": self.order.id}])
        self.assertEqual(problem.line_ids.lot_id.name, "S-1")
        self.assertTrue(problem.hold_count)


@tagged("post_install", "-at_install")
class TestLying(TestTours):
    browser_size = "1024x768"

    def test_from_confirmation_to_shipment_in_english(self):
        self.porter.lang = "en_US"
        self.flow()

    def test_under_a_deviation_in_english(self):
        self.porter.lang = "en_US"
        self.deviation()

    def test_what_is_refused_is_still_there_in_english(self):
        self.porter.lang = "en_US"
        self.refused()


@tagged("post_install", "-at_install")
class TestStanding(TestTours):
    browser_size = "768x1024"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")

    def test_from_confirmation_to_shipment_in_chinese(self):
        self.porter.lang = "zh_CN"
        self.flow()

    def test_under_a_deviation_in_chinese(self):
        self.porter.lang = "zh_CN"
        self.deviation()

    def test_what_is_refused_is_still_there_in_chinese(self):
        self.porter.lang = "zh_CN"
        self.refused()
