from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.tests import tagged

from .common import PAYLOAD, ExchangeFactory


@tagged("post_install", "-at_install")
class TestInboxTour(ExchangeFactory, MedRpcCase):
    """X2 X3: a refused message is mended and a conflict decided, in a browser."""

    requirement = "X2 X3"

    def test_mend_and_decide(self):
        qa = self.user("qa")
        lims = self.partner_of("LIMS")
        sent = {**PAYLOAD, "kind": "contact"}
        self.env["med.exchange"].with_user(lims.user_id).submit([
            self.envelope(lims, {**sent, "country": "China", "code": "H-1"}, id="refused-1",
                          stream="tour", sequence=1),
            self.envelope(lims, {**sent, "name": "Agreed", "code": "H-2"}, id="agreed-1",
                          stream="tour", sequence=2, object={"id": "H-2", "version": 1})])
        known = self.env["res.partner"].search([("ref", "=", "H-2")])
        known.name = "Ours"
        self.env["med.exchange"].with_user(lims.user_id).submit([
            self.envelope(lims, {**sent, "name": "Theirs", "code": "H-2"}, id="conflict-2",
                          stream="tour", sequence=3,
                          object={"id": "H-2", "version": 2, "base": 1})])
        self.start_tour("/odoo/exchange-quarantine", "med_exchange_inbox", login=qa.login,
                        timeout=120)
        self.assertEqual(known.name, "Theirs")
        mended = self.env["med.exchange.message"].search([("name", "=", "refused-1")])
        self.assertEqual((mended.state, mended.reason, mended.mended_id),
                         ("applied", "They meant the code", qa))
