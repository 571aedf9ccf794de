import base64
from unittest.mock import patch

from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.addons.med_exchange.tools import signing
from odoo.tests import tagged

from .common import TWO, FileFactory


@tagged("post_install", "-at_install")
class TestCall(FileFactory, MedRpcCase):
    """A file in a call of the partner's program, which may read nothing itself."""

    requirement = "X1 X6"

    def test_what_a_file_brings_is_not_written_by_the_partners_rights(self):
        partner = self.partner_of("CALLER")
        self.mapping_of(partner)
        self._med_keys = {partner.user_id: partner.make_api_key()["api_key"]}
        handler, writers = self.env.registry["med.exchange.organisation"], []
        apply = handler._med_apply

        def applied(handler, partner, items):
            writers.append(handler.env.transaction.default_env.su)
            return apply(handler, partner, items)
        with patch.object(handler, "_med_apply", applied):
            told = self.json2(
                partner.user_id, "med.exchange", "upload", name="a.csv", mapping="Customers",
                content_base64=base64.b64encode(TWO.encode()).decode(), key="first",
                signature=signing.sign(signing.ED25519, self.secrets["CALLER"], TWO.encode()))
        self.assertEqual((told.json()["state"], told.json()["made"]), ("applied", 2))
        self.assertEqual(set(writers), {True})
