from types import SimpleNamespace

from odoo.addons.med_exchange.exceptions import Refused
from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .common import SCHEMAS, GoodsExchangeCase


@tagged("post_install", "-at_install")
class TestRightToKnow(GoodsExchangeCase):
    """Each hears of what went to him or came from him, and of no other company's."""

    requirement = "X2 A3 V8"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot, cls.other = cls.in_stock(cls.stent, "MINE", "OTHER")
        cls.went = cls.deliver([(cls.stent, cls.lot, 2)])
        cls.gone = cls.deliver([(cls.stent, cls.other, 2)], cls.clinic)

    def test_a_consignee_hears_of_his_lots_and_shipments_alone(self):
        for schema, mine, others in (("lot", self.lot, self.other),
                                     ("shipment", self.went, self.gone)):
            self.assertTrue(self.knows(self.dealer, schema, mine), schema)
            self.assertFalse(self.knows(self.dealer, schema, others), schema)
            self.assertTrue(self.knows(self.mes, schema, mine | others), schema)

    def test_a_consignee_hears_of_a_lot_only_once_it_went_to_him(self):
        lot = self.in_stock(self.stent, "LATER")
        self.assertFalse(self.knows(self.dealer, "lot", lot))
        self.deliver([(self.stent, lot, 1)])
        self.assertTrue(self.knows(self.dealer, "lot", lot))

    def test_of_a_hold_or_decision_he_hears_the_part_that_is_his(self):
        hold, _told = self.hold(self.lot | self.other)
        for schema, lines in (("hold", hold.line_ids),
                              ("disposition", self.lot.med_disposition_line_ids
                               | self.other.med_disposition_line_ids)):
            mine = lines.filtered(lambda line: line.lot_id == self.lot)
            self.assertTrue(self.knows(self.dealer, schema, mine), schema)
            self.assertFalse(self.knows(self.dealer, schema, lines - mine), schema)

    def test_a_shipment_to_several_is_told_to_none_of_them(self):
        self.went.move_ids.partner_id = self.clinic
        self.went.partner_id = False
        self.assertFalse(self.knows(self.dealer, "shipment", self.went))

    def test_a_contact_of_the_consignee_counts_as_the_consignee(self):
        ward = self.env["res.partner"].create({"name": "Ward", "parent_id": self.hospital.id})
        lot = self.in_stock(self.stent, "WARD")
        picking = self.deliver([(self.stent, lot, 1)], ward)
        self.assertTrue(self.knows(self.dealer, "lot", lot))
        self.assertTrue(self.knows(self.dealer, "shipment", picking))

    def test_a_supplier_hears_of_what_came_from_him(self):
        others = self.receive(self.tube, {"S-2": 5}, self.other_supplier)
        self.assertTrue(self.knows(self.processor, "lot", self.lot))
        self.assertFalse(self.knows(self.processor, "lot", others))
        self.assertFalse(self.knows(self.processor, "shipment", self.went))

    def test_inspections_and_runs_are_told_to_who_made_the_goods(self):
        self.plan()
        inspection = self.inspected("I-1")
        batch = self.env["med.process.batch"].create({"partner_id": self.supplier.id})
        for schema, record in (("inspection_result", inspection), ("process_record", batch)):
            self.assertTrue(self.knows(self.processor, schema, record), schema)
            self.assertFalse(self.knows(self.dealer, schema, record), schema)

    def test_a_product_is_told_to_who_makes_or_gets_it(self):
        unused = self.product("Unused")
        self.assertTrue(self.knows(self.dealer, "product", self.stent))
        self.assertFalse(self.knows(self.dealer, "product", self.tube | unused))

    def test_how_things_are_made_is_told_to_no_consignee(self):
        bom = self.env["mrp.bom"].create({"product_tmpl_id": self.stent.product_tmpl_id.id})
        centre = self.env["mrp.workcenter"].create({"name": "Laser"})
        order = self.order(self.stent, 1, [(self.tube, self.in_stock(self.tube, "T"), 1)])
        for schema, record in (("bom", bom), ("equipment_state", centre), ("order", order)):
            self.assertFalse(self.knows(self.dealer, schema, record), schema)
            self.assertTrue(self.knows(self.mes, schema, record), schema)

    def test_what_is_not_signed_or_posted_is_told_to_nobody(self):
        draft = self.env["med.disposition"].with_user(self.release).create({
            "note": "?", "line_ids": [
                (0, 0, {"lot_id": self.other.id, "status": "rejected"})]})
        self.assertFalse(self.knows(self.mes, "disposition", draft.line_ids))

    def test_a_partner_without_the_right_hears_nothing(self):
        self.mes.right_ids.filtered(lambda right: right.direction == "out").unlink()
        for schema, record in (("lot", self.lot), ("shipment", self.went)):
            self.assertFalse(self.knows(self.mes, schema, record))

    def test_nobody_hears_of_another_company(self):
        company = self.env["res.company"].create({"name": "Far Away"})
        lot = self.env["stock.lot"].create({
            "name": "FAR", "product_id": self.stent.id, "company_id": company.id})
        picking = self.env["stock.picking"].create({
            "picking_type_id": self._warehouse(company).out_type_id.id,
            "location_id": self._warehouse(company).lot_stock_id.id,
            "location_dest_id": self.customers.id})
        self.assertFalse(self.knows(self.mes, "lot", lot))
        self.assertFalse(self.knows(self.mes, "shipment", picking))
        self.assertFalse(self.handler("lot")._med_find(self.mes, ["ST-1/FAR"]))
        self.assertFalse(self.handler("shipment")._med_find(self.mes, [picking.name]))
        self.assertRefused("", "Nothing of yours", "lot", {"product": "ST-1", "lot": "FAR"},
                           record=lot)

    def test_a_callers_context_widens_nothing(self):
        hostile = {"active_test": False, "allowed_company_ids": [], "med_exchange": True,
                   "default_company_id": 1, "default_med_status": "released",
                   "default_med_hold_count": 0, "sudo": True, "lang": "xx_XX"}
        handler = self.handler("lot", self.dealer).with_context(**hostile)
        known = handler._med_may_know(self.dealer, self.other.sudo().with_context(**hostile))
        self.assertFalse(known)
        made = self.apply("lot", {"product": "ST-1", "lot": "CTX"})
        self.assertEqual(made.med_status, "quarantine")

    def test_a_partners_user_reads_no_record_of_quality(self):
        models = {self.env["med.exchange.handler"]._med_handler(schema)._model
                  for schema in SCHEMAS} | {"med.stock.statement.line"}
        models = {model for model in models if model.startswith("med.")}
        self.assertEqual(len(models), 7)
        for model in models:
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.dealer.user_id).search([], limit=1).read(["id"])

    def test_what_is_of_others_looks_as_what_is_not_there(self):
        """A message about another's record is answered as one about none at all."""
        answers = []
        for lot in (self.other.name, "NO-SUCH"):
            part = [SimpleNamespace(thing={"id": f"ST-1/{lot}"})]
            handler = self.handler("lot", self.dealer)
            self.assertEqual(handler.env["med.exchange.message"]._both_sides(
                self.dealer.with_env(handler.env), handler, part), ({}, {}, {}))
        for number in (self.gone.name, "NO-SUCH"):
            with self.assertRaises(Refused) as caught:
                self.apply("delivery_proof", {"shipment": number, "lines": []}, self.dealer)
            answers.append(caught.exception.problem.message.replace(number, "?"))
        self.assertEqual(*answers)
        self.assertRefused("/lot", "not known here", "lot", {
            "product": "ST-1", "lot": self.other.name}, self.dealer)
        everything = self.handler("lot", self.mes)
        [*_known, exports] = everything.env["med.exchange.message"]._both_sides(
            self.mes.with_env(everything.env), everything,
            [SimpleNamespace(thing={"id": f"ST-1/{self.other.name}"})])
        self.assertTrue(exports)
