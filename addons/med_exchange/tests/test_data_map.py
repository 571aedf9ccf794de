from odoo.tests.common import tagged

from ..models.med_exchange_handler import Item
from .common import ExchangeCase
from .told import Watched, neither

COMPANY = {
    "name": "Hospital No. 1", "code": "H-1", "is_company": True, "kind": "contact",
    "tax_number": "CN1", "registry_number": "R-1", "street": "Main 1", "street2": "Floor 2",
    "city": "Wuxi", "zip": "214000", "state": "CA", "country": "US", "phone": "+86 510",
    "email": "h@example.com", "website": "https://example.com", "language": "en_US",
    "latitude": "31.57", "longitude": "120.29"}
PERSON = {"name": "Dr. Li", "is_company": False, "kind": "other", "function": "Buyer",
          "parent": "H-1", "code": "H-2"}


@tagged("post_install", "-at_install")
class TestDataMap(ExchangeCase):
    """Every field of the data map is told by us or read of what others tell."""

    requirement = "X1 X2 G4"

    def test_every_field_of_an_organisation_is_told_and_read(self):
        partner = self.partner_of("CRM", [("organisation", "in"), ("organisation", "out")])
        env = partner._med_env()
        handler, watched = env["med.exchange.organisation"], []
        for code, payload in (("H-1", COMPANY), ("H-2", PERSON)):
            watched.append(Watched(payload))
            [record] = handler._med_apply(partner.with_env(env), [
                Item(code, watched[-1], env["res.partner"])])
        told = list(handler._med_export(record | record.parent_id).values())
        self.assertEqual(neither("organisation", told), [])
        self.assertEqual(neither("organisation", watched=watched), [])
