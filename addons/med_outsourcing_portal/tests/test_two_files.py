from odoo.fields import Command
from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestTwoFiles(PortalCase):
    """A person whose organisation has a file in two companies sees of each what he is named for."""

    requirement = "P4 V4 A2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lots.company_id = cls.company
        cls.far = cls.foreign_company()
        (cls.bert | cls.anna).company_ids += cls.far
        cls.far_file = cls.env["med.processor"].with_user(cls.bert).with_company(cls.far).create({
            "partner_id": cls.maker.id, "company_id": cls.far.id, "risk_class": "low",
            "date_review": "2027-03-01", "scope_ids": [Command.create({"process": "assembly"})]})
        cls.sign(cls.far_file, cls.anna, "approved")
        cls.far_file = cls.far_file.with_env(cls.env)
        cls.agree(cls.far_file, "QA-FAR")
        lot = cls.env["stock.lot"].create({
            "name": "S-1", "product_id": cls.stent.id, "company_id": cls.far.id})
        cls.receive(cls.stent, {lot: 20}, company=cls.far)
        lot._med_set_status("released")
        cls.far_lot = lot
        cls.far_order = cls.env["med.outsourcing.order"].with_company(cls.far).create({
            "processor_id": cls.far_file.id, "process": "assembly", "company_id": cls.far.id,
            "line_ids": [Command.create({"lot_id": lot.id, "quantity": 5})]})
        cls.far_order.action_release()
        cls.far_order.send_picking_ids.move_ids.picked = True
        cls.far_order.send_picking_ids.with_context(skip_expired=True).button_validate()

    def setUp(self):
        super().setUp()
        self.signed_in(self.porter)

    def test_named_in_one_file_he_sees_nothing_of_the_other(self):
        for query in ("", "?filterby=all", "?filterby=all&search=S-1"):
            page = self.url_open(f"/my/processor/orders{query}").text
            self.assertIn(self.order.name, page)
            self.assertNotIn(self.far_order.name, page)
        for page in ("", "acknowledged", "finished", "release"):
            self.assertEqual(
                self.url_open(self.url(*([page] if page else []), order=self.far_order)
                              ).status_code, 404)
        form = self.form("acknowledged")
        for cids in (str(self.far.id), f"{self.company.id}-{self.far.id}"):
            self.opener.cookies.set("cids", cids)
            answer = self.url_open(self.url("acknowledged", order=self.far_order), data={
                **form, "agreed": "1", "revision": self.far_order.revision})
            self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.events(self.far_order))

    def test_named_in_both_he_reports_and_signs_in_each_company(self):
        self.far_file.user_ids += self.porter
        self.env.flush_all()
        page = self.url_open("/my/processor/orders?filterby=all").text
        for order in (self.order, self.far_order):
            self.assertIn(order.name, page)
            self.begin(order)
            answer = self.send("finished", order=order, lot_name_0="S-1", lot_quantity_0="5",
                               lot_outcome_0="good")
            self.assertEqual(answer.status_code, 303, answer.text[-2000:])
            form = self.fields_of(self.url_open(self.url("release", order=order)).text)
            answer = self.url_open(self.url("release", order=order), allow_redirects=False, data={
                **form, "lot_name_0": "S-1", "lot_quantity_0": "5", "secret": "porter-secret"})
            self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        self.env.invalidate_all()
        for order, lot in ((self.order, self.lots[0]), (self.far_order, self.far_lot)):
            self.assertEqual(order.event_ids.lot_ids.lot_id, lot)
            release = self.env["med.processor.release"].search([("order_id", "=", order.id)])
            self.assertRecordValues(release, [{
                "state": "released", "valid": True, "company_id": order.company_id.id,
                "processor_id": order.processor_id.id}])
            self.assertEqual(release.signature_ids.company_id, order.company_id)

    def test_a_problem_of_one_company_holds_its_lot_and_not_its_namesake(self):
        self.far_file.user_ids += self.porter
        self.env.flush_all()
        page = self.url_open(f"/my/processor/problem?order={self.far_order.id}").text
        answer = self.url_open("/my/processor/problem", allow_redirects=False, data={
            **self.fields_of(page), "order": str(self.far_order.id), "summary": "Scratched",
            "time": "2026-03-02T19:59:00", "person": "Wang Fang", "lot_name_0": "S-1",
            "lot_quantity_0": "2"})
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        self.env.invalidate_all()
        problem = self.env["med.nonconformity"].search([("source", "=", "processor")])
        self.assertEqual((problem.company_id, problem.line_ids.lot_id), (self.far, self.far_lot))
        self.assertTrue(self.far_lot.med_hold_count)
        self.assertFalse(self.lots[0].med_hold_count)
        self.assertFalse(self.order.event_ids)
