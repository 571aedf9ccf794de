from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange.tests.told import neither
from odoo.tests.common import tagged

from .common import RecallExchangeCase

DI = "09506000134352"


@tagged("post_install", "-at_install")
class TestDataMap(RecallExchangeCase):
    """Every field of the schemas is told by us or read of what others tell."""

    requirement = "X1 X2 G4 C3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        di = cls.env["med.udi.di"].create({"name": DI, "product_id": cls.stent.id})
        di.state = "active"

    def test_every_field_of_a_notice_is_told_or_read(self):
        self.sent()
        answer, watched = self.read("recall_notice", self.told(
            note="Locked away", time="2026-03-02T08:00:00Z", lots=[{
                "lot": "L-1", "still_here": 1, "used": 1, "passed_on": 1, "destroyed": 1}]),
            self.his, object_id=self.code(self.one))
        told = self.export("recall_notice", answer)[answer.id]
        self.assertGreater(told["answer_by"], told["sent"])
        self.assertEqual(neither("recall_notice", [told], [watched]), [])

    def test_every_field_of_an_onward_sale_is_told_or_read(self):
        payload = self.sale(kind="sale", document="INV-77/2026")
        payload["buyer"] |= {"city": "Wuxi", "address": "Main 1", "licence": "L-9"}
        payload["lines"][0]["device_identifier"] = DI
        sale, watched = self.read("sale_on", payload, self.his, object_id="INV-77")
        self.assertEqual(sale.line_ids.device_identifier, DI)
        told = list(self.export("sale_on", sale).values())
        self.assertEqual(neither("sale_on", told, [watched]), [])
        self.assertEqual(neither("sale_on", told), [])

    def test_the_identifier_of_another_product_is_refused_and_a_newer_one_is_kept(self):
        payload = self.sale()
        sale = self.apply("sale_on", payload, self.his, object_id="INV-77")
        self.assertFalse(sale.line_ids.device_identifier)
        payload["lines"][0]["device_identifier"] = DI
        self.apply("sale_on", payload, self.his, sale, object_id="INV-77")
        self.assertEqual(sale.line_ids.device_identifier, DI)
        payload["lines"][0]["device_identifier"] = "00000000000000"
        with self.assertRaisesRegex(Refused, "no device identifier of ST-1"):
            self.apply("sale_on", payload, self.his, sale, object_id="INV-77")
