from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .goods_case import GoodsCase


@tagged("post_install", "-at_install")
class TestOpening(GoodsCase):
    """Going live does not freeze a plant: each lot on hand gets its status under one signature."""

    requirement = "ISO-7.5.8 ISO-8.2.6"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.product("Old stock")
        cls.lots = cls.receive(cls.old, {"OLD-1": 2, "OLD-2": 2, "OLD-LATE": 2, "OLD-GONE": 2})
        cls.deliver([(cls.old, cls.lots[3], 2)])
        cls.lots[2].expiration_date = "2026-01-01 00:00:00"
        cls.old.med_controlled = True

    def opening(self, user=None, **values):
        action = self.old.product_tmpl_id.with_user(user or self.release).action_med_opening()
        wizard = self.env["med.opening"].with_user(user or self.release).with_context(
            **action["context"]).create(values)
        return wizard, self.env["med.disposition"].browse(wizard.action_list()["res_id"])

    def test_each_lot_gets_its_opening_status_under_one_signature(self):
        self.assertEqual(set(self.lots.mapped("med_status")), {False})
        self.assertEqual(self.lots[0].med_condition, "Quarantine")
        self.assertEqual(self.old.product_tmpl_id.med_opening_count, 3)
        wizard, decision = self.opening(note="Counted on 1 March")
        self.assertEqual((wizard.lot_count, wizard.aside_count), (3, 1))
        self.assertEqual((decision.kind, decision.note), ("opening", "Counted on 1 March"))
        self.assertEqual(decision.line_ids.lot_id, self.lots[:3])
        decision.with_user(self.release).line_ids[1].status = "conditional"
        self.sign(decision, self.release, "released")
        self.assertEqual(self.lots.mapped("med_status"),
                         ["released", "conditional", "quarantine", False])
        self.env.invalidate_all()
        self.assertEqual(self.old.product_tmpl_id.med_opening_count, 0)
        with self.assertRaisesRegex(UserError, "has a status already"):
            self.opening()
        _wizard, decision = self.opening(everywhere=True)
        self.assertEqual(decision.line_ids.lot_id, self.lots[3])

    def test_nothing_is_decided_where_each_lot_is_to_be_decided(self):
        _wizard, decision = self.opening(status="decide")
        self.assertEqual(decision.line_ids.mapped("status"), [False, False, "quarantine"])
        with self.assertRaisesRegex(UserError, "Lots / To"):
            self.sign(decision, self.release, "released")

    def test_without_a_product_all_controlled_ones_are_listed_and_no_plain_one(self):
        plain = self.receive(self.product("Plain"), {"PLAIN": 1})
        wizard = self.env["med.opening"].with_user(self.release).create({
            "product_tmpl_ids": [Command.clear()]})
        lots = wizard._get_lots()
        self.assertTrue(self.lots[:3] <= lots)
        self.assertFalse(plain & lots)

    def test_a_default_of_the_caller_releases_nothing(self):
        _wizard, decision = self.opening(status="quarantine")
        wizard = self.env["med.opening"].with_user(self.release).with_context(
            default_status="released", default_kind="decision", default_state="done").create({
                "status": "quarantine", "product_tmpl_ids": [
                    Command.set(self.old.product_tmpl_id.ids)]})
        decision = decision.browse(wizard.action_list()["res_id"])
        self.assertEqual((decision.kind, decision.state, set(decision.line_ids.mapped("status"))),
                         ("opening", "draft", {"quarantine"}))

    def test_products_that_are_not_controlled_open_no_list_of_all_others(self):
        with self.assertRaisesRegex(UserError, "Mark the products"):
            self.product("Screw").product_tmpl_id.action_med_opening()

    def test_only_quality_opens_it(self):
        with self.assertRaises(AccessError):
            self.opening(self.picker)


@tagged("post_install", "-at_install")
class TestOpeningCompanies(GoodsCase):
    """The lots of another company are opened there."""

    requirement = "ISO-7.5.8"

    def test_lots_of_another_company_are_not_listed(self):
        _company, lot = self.other_company()
        self.env.cr.execute("UPDATE stock_lot SET med_status = NULL WHERE id = %s", [lot.id])
        self.env.invalidate_all()
        mine = self.env["med.opening"].create({"company_id": self.company.id})
        self.assertNotIn(lot, mine._get_lots())
