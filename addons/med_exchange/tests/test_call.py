from unittest.mock import patch

from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.tests import tagged

from .common import ExchangeFactory


@tagged("post_install", "-at_install")
class TestCall(ExchangeFactory, MedRpcCase):
    """What only a call over HTTP can bring (X6 V8)."""

    requirement = "X6 V8"

    def test_what_no_parser_reads_is_the_senders_fault_and_kept(self):
        partner = self.partner_of("DEEP")
        key = partner.make_api_key()["api_key"]
        messages = self.env.registry["med.exchange.message"]
        refuse_whole = messages._refuse_whole
        for body in (b'{"envelopes": [%s%s]}' % (b"[" * 100_000, b"]" * 100_000),
                     b'{"envelopes": [%s]}' % (b"9" * 5_000)):
            # What is kept in a transaction of its own goes with the test's, which is the same.
            with patch.object(messages, "_refuse_whole", side_effect=refuse_whole,
                              autospec=True) as kept:
                told = self.url_open("/json/2/med.exchange/submit", data=body, headers={
                    "Authorization": f"Bearer {key}", "Content-Type": "application/json"})
            self.assertEqual(told.status_code, 400)
            self.assertIn("cannot be read", told.json()["message"])
            self.assertEqual(kept.call_count, 1)
        told = self.url_open("/json/2/med.exchange/submit", data=b"{", headers={
            "Authorization": f"Bearer {key}", "Content-Type": "application/json"})
        self.assertEqual(told.status_code, 400)
        sent = self.envelope(partner, sequence=1)
        told = self.url_open("/json/2/med.exchange/submit", json={"envelopes": [sent]}, headers={
            "Authorization": f"Bearer {key}"}).json()
        self.assertEqual(told["answers"][0]["outcome"], "accepted")
