from odoo.addons.med_exchange.tests.told import neither
from odoo.tests.common import tagged

from .common import NonconformityExchangeCase


@tagged("post_install", "-at_install")
class TestDataMap(NonconformityExchangeCase):
    """Every field of the schema is told by us or read of what others tell."""

    requirement = "X1 X2 G4 ISO-8.3.1"

    def test_every_field_is_told_or_read(self):
        tube, stent = self.in_stock(self.tube, "T-1"), self.in_stock(self.stent, "S-1")
        self.supplier.ref = "SUP-1"
        order = self.make(self.stent, 2, [(self.tube, tube, 2)], self.lots_of(self.stent, "S-2"))
        picking = self.deliver([(self.stent, stent, 4)])
        record, watched = self.read("nonconformity", self.told(
            {"lot": "T-1", "quantity": {"value": "3", "unit": "1"}, "basis": "reported",
             "note": "Two of them"}, number="NC-9", state="reported", description="Sharp",
            defect_class="major", seen="2026-03-02T07:00:00Z", reported="2026-03-02T07:30:00Z",
            product="TB-1", supplier="SUP-1", order=order.name, shipment=picking.name))
        payloads = list(self.export("nonconformity", record).values())
        record.with_user(self.anna).write({
            "evaluation": "Looks only", "investigation": "not_needed",
            "investigation_reason": "Seen before"})
        self.sign(record, self.anna, "reviewed", transition="evaluate")
        record.line_ids.with_user(self.anna).write({"decision": "scrap"})
        self.sign(record, self.anna, "approved")
        payloads += self.export("nonconformity", record).values()
        self.assertEqual(neither("nonconformity", payloads, [watched]), [])
