from odoo import fields
from odoo.addons.med_exchange.tests.told import neither
from odoo.tests.common import tagged

from .common import CapaExchangeCase


@tagged("post_install", "-at_install")
class TestDataMap(CapaExchangeCase):
    """Every field of the schema is told by us or read of what others tell."""

    requirement = "X1 X2 G4 ISO-8.5.2"

    def test_every_field_is_told_or_read(self):
        case = self.reported(self.lot)
        case.with_user(self.anna).partner_id = self.supplier
        request = self.sent(nonconformity_id=case.id, date_contain=fields.Date.today())
        payloads = list(self.export("corrective_action", request).values())
        _request, answer = self.read("corrective_action", self.answer_of(
            request, person="Zhao", remarks="More in March"), self.processor)
        self.send_back(request)
        payloads += self.export("corrective_action", request).values()
        record, own = self.read("corrective_action", self.own(
            nonconformity=case.name, products=["TB-1"], effectiveness="5 lots without one",
            containment="Line 2 is stopped", actions=[{
                "kind": "preventive", "what": "Interval", "who": "Qian", "due": "2026-12-10",
                "done": "2026-12-09"}]), self.processor, object_id="S-CAPA-3")
        payloads += self.export("corrective_action", record).values()
        # The order is told by the addon of processors, of which the others know nothing.
        self.assertEqual(neither("corrective_action", payloads, [answer, own]), ["/order"])
        self.assertEqual(self.handler("corrective_action")._unread, ("/order",))

    def test_every_field_of_a_partners_own_is_read(self):
        case = self.reported(self.lot)
        case.with_user(self.anna).partner_id = self.supplier
        _record, own = self.read("corrective_action", self.own(
            nonconformity=case.name, products=["TB-1"], effectiveness="Yes", person="Zhao",
            containment="Stopped", remarks="More in March", actions=[{
                "kind": "preventive", "what": "Interval", "who": "Qian", "due": "2026-12-10",
                "done": "2026-12-09"}]), self.processor, object_id="S-CAPA-3")
        # Asked by us alone, and told by the test above.
        self.assertEqual(neither("corrective_action", (), [own]), [
            "/order", "/asks", "/containment_by", "/answer_by", "/review"])
