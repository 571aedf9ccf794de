from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .test_notice import NoticeCase


@tagged("post_install", "-at_install")
class TestRights(NoticeCase, HttpCase):
    requirement = "C3 C6 FDA-7.42"

    def call(self, user, method, notice, **kwargs):
        self.authenticate(user.login, f"{user.login}-secret")
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/med.recall.notice/{method}",
            {"model": "med.recall.notice", "method": method, "args": [notice.ids],
             "kwargs": {**kwargs, "context": {"su": True, "permit": True}}})

    def test_each_role_does_over_rpc_what_is_its_own(self):
        one, two = self.sent()
        dealer = self.person("portal_dealer", "dealer", partner_id=one.partner_id.id)
        viewer = self.person("viewer", "vera")
        lots = [{"lot": "L-1", "held": 4}]
        told = self.call(dealer, "answer", one, lots=lots, person="Li")
        self.assertEqual((told["number"], one.answer_ids.via), (1, "rpc"))
        self.assertEqual(self.call(self.anna, "answer", two, lots=lots, person="Li")["number"], 1)
        self.assertEqual(two.answer_ids.via, "staff")
        for user, method, notice, kwargs in (
                (dealer, "answer", two, {"lots": lots, "person": "Li"}),
                (dealer, "read", one, {}), (dealer, "send", one, {}),
                (viewer, "answer", one, {"lots": lots, "person": "Li"}),
                (viewer, "send", one, {}), (viewer, "close", one, {"reason": "x"}),
                (viewer, "revoke_link", one, {}), (viewer, "remind", one, {}),
                (self.anna, "write", one, {"vals": {"state": "closed"}}),
                (self.anna, "unlink", one, {}),
                (self.anna, "close", one, {"reason": " "}),
                (self.anna, "answer", one, {"lots": [{"lot": "L-9"}], "person": "Li"})):
            with self.subTest(user=user.login, method=method), mute_logger("odoo.http"), \
                    self.assertRaises(JsonRpcException):
                self.call(user, method, notice, **kwargs)
        self.env.invalidate_all()
        self.assertEqual((len(one.answer_ids), one.state), (1, "answered"))
        for model in ("answer", "answer.line", "customer", "call", "check"):
            with self.assertRaises(AccessError):
                self.env[f"med.recall.{model}"].with_user(viewer).create({})

    def test_another_company_sees_nothing_of_it(self):
        one = self.sent()[0]
        one._med_answer("staff", [{"lot": self.lot.id, "held": 4}], "Li", "", "", [])
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.person("qa", "stranger", company_id=company.id,
                               company_ids=[company.id])
        for model in ("letter", "notice", "answer", "answer.line"):
            Model = self.env[f"med.recall.{model}"].with_user(stranger)
            self.assertFalse(Model.search([("recall_id" if model != "answer.line" else
                                            "answer_id.recall_id", "=", self.recall.id)]), model)
        with self.assertRaises(AccessError):
            one.with_user(stranger).send()
