from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.addons.med_exchange.tests.common import ExchangeFactory
from odoo.tests.common import tagged


@tagged("post_install", "-at_install")
class TestCall(ExchangeFactory, MedRpcCase):
    """Messages about goods in a call of the partner's program, which may read nothing itself."""

    requirement = "X1 X4 X6"

    def test_a_new_lot_is_taken_over_http(self):
        product = self.env["product.product"].create({
            "name": "Stent", "default_code": "CALL-1", "tracking": "lot", "is_storable": True})
        mes = self.partner_of("CALL-MES", [("lot", "in")], goods_scope="all")
        self._med_keys = {mes.user_id: mes.make_api_key()["api_key"]}
        sent = self.envelope(
            mes, {"product": "CALL-1", "lot": "L-1"}, schema="lot", object={"id": "CALL-1/L-1"})
        told = self.json2(mes.user_id, "med.exchange", "submit", envelopes=[sent]).json()
        self.assertEqual([(one["outcome"], one["errors"]) for one in told["answers"]],
                         [("accepted", [])])
        self.assertEqual(self.env["stock.lot"].search([("product_id", "=", product.id)]).name,
                         "L-1")

    def test_each_entry_of_a_call_of_many_names_its_own_message(self):
        product = self.env["product.product"].create({
            "name": "Stent", "default_code": "CALL-1", "tracking": "lot", "is_storable": True})
        mes = self.partner_of("CALL-MES", [("lot", "in")], goods_scope="all")
        self.env["med.exchange"].with_user(mes.user_id).submit([self.envelope(
            mes, {"product": "CALL-1", "lot": f"L-{number}"}, id=f"lot-{number}", schema="lot",
            object={"id": f"CALL-1/L-{number}"}) for number in (1, 2)])
        self.env.flush_all()
        for lot in self.env["stock.lot"].search([("product_id", "=", product.id)]):
            entries = self.env["med.audit.entry"].search([
                ("model", "=", "stock.lot"), ("res_id", "=", lot.id)])
            self.assertEqual(set(entries.mapped("message")),
                             {lot.name.replace("L-", "CALL-MES/lot-")})
