from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.tests import tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestRpc(MedRpcCase):
    """Rules and signals as another program sees them."""

    requirement = "Q2 SMP-2"

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_a_program_tries_a_rule_and_writes_no_result(self):
        qa, viewer = self.user("qa"), self.user("viewer")
        rule = self.json2(qa, "med.trigger.rule", "create", vals_list=[
            {"name": "Again", "count": 1, "state": "draft"}]).json()
        asked = {"ids": rule, "date_from": "2026-01-01", "date_to": "2026-01-31"}
        told = self.json2(qa, "med.trigger.rule", "try_rule", **asked).json()
        self.assertEqual((told["version"], told["looked"], told["found"]), (1, 0, []))
        for user, method, kw in ((viewer, "try_rule", asked), (viewer, "run", {"ids": rule}),
                                 (qa, "run", {"ids": rule, "context": {"default_state": "x"}}),
                                 (qa, "write", {"ids": rule, "vals": {"state": "in_force"}}),
                                 (qa, "try_rule", {**asked, "date_to": "2025-01-01"})):
            with self.subTest(method):
                self.assertIn(self.json2(user, "med.trigger.rule", method, **kw).status_code,
                              (403, 422))
        for model, vals in (("med.trigger.hit", {"rule_id": rule[0], "state": "taken"}),
                            ("med.trigger.evidence", {"rule_id": rule[0]}),
                            ("med.trigger.run", {"rule_id": rule[0]})):
            with self.subTest(model):
                self.assertEqual(self.json2(qa, model, "create", vals_list=[vals]).status_code, 403)
