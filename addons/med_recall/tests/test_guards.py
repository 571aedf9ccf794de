from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestGuards(RecallCase):
    """What is signed stays; who may judge and decide; what a decision may not lack."""

    requirement = "CN-RC-1 CN-RC-10 CN-RC-11 CN-RC-12 FDA-7.3 FDA-7.41 EU-89 ISO-8.2.3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.shipped("G-1")

    def refused(self, words, step, error=UserError):
        with self.assertRaisesRegex(error, words), self.cr.savepoint():
            step()

    def test_signed_content_is_not_changed_by_anybody(self):
        record = self.assessed(self.lot)
        level = record.level_ids[:1]
        for vals in ({"reason": "x"}, {"hazard_conclusion": "x"}, {"origin": "supplier"},
                     {"drill_holds": "real"}, {"assessor_ids": [Command.link(self.rana.id)]},
                     {"level_ids": [Command.delete(level.id)]}):
            for who in (record, record.sudo()):
                with self.subTest(vals):
                    self.refused("is signed", lambda w=who, v=vals: w.write(v))
        self.refused("this is signed", lambda: level.sudo().write({"kind": "removal"}))
        self.refused("this is signed", level.sudo().unlink)
        record.med_transition("revise", reason="More is known")
        level.kind = "removal"
        self.sign(record, self.anna, "reviewed", transition="assess")
        record.write({"action": "warn", "instruction": "Read this", "action_line_ids": [
            Command.create({"lot_id": self.lot.id, "action": "destroy"})]})
        record.draw()
        self.sign(record, self.rana, "approved", transition="decide")
        line = record.action_line_ids
        for vals in ({"action": "repair"}, {"instruction": "x"}, {"summary": "x", "reason": "x"}):
            self.refused("is signed", lambda v=vals: record.sudo().write(v))
        self.refused("this is signed", lambda: line.sudo().write({"action": "warn"}))
        self.refused("this is signed", lambda: line.sudo().create(
            {"recall_id": record.id, "product_id": self.stent.id, "action": "warn"}))
        record.write({"effect": "All came back", "owner_id": self.rana.id})
        self.sign(record, self.anna, "verified", transition="complete")
        self.refused("is signed", lambda: record.sudo().write({"effect": "x"}))
        self.assertEqual(record.med_signature_status, "valid")

    def test_a_lot_or_product_may_be_treated_otherwise(self):
        record = self.opened(self.lot)
        Line = self.env["med.recall.action.line"].with_user(self.anna)
        self.refused("Say which product or lot", lambda: Line.create(
            {"recall_id": record.id, "action": "warn"}), ValidationError)
        self.refused("is no lot of", lambda: Line.create(
            {"recall_id": record.id, "action": "warn", "lot_id": self.lot.id,
             "product_id": self.tube.id}), ValidationError)
        record.write({"action": "take_back", "instruction": "Send back", "action_line_ids": [
            Command.create({"product_id": self.stent.id, "action": "check"}),
            Command.create({"lot_id": self.lot.id, "action": "destroy", "instruction": "Burn"})]})
        other = self.in_stock(self.stent, "G-2") | self.in_stock(self.tube, "G-3")
        self.assertEqual(
            [record._med_action_of(lot) for lot in (self.lot, *other)],
            [("destroy", "Burn"), ("check", "Send back"), ("take_back", "Send back")])

    def test_a_level_is_one_of_its_jurisdiction(self):
        us = self.env["med.recall.class"].search([("code", "=", "us_1")])
        self.refused("is no level of", lambda: self.opened(self.lot).write({
            "level_ids": [Command.create({
                "jurisdiction_id": self.env.ref("med_base.med_jurisdiction_cn").id,
                "class_id": us.id})]}), ValidationError)

    def test_only_a_named_assessor_signs_the_assessment(self):
        record = self.assessed(self.lot)
        record.med_transition("revise", reason="Another judges")
        record.assessor_ids = [Command.set(self.rana.ids)]
        self.refused("is not named as an assessor",
                     lambda: self.sign(record, self.anna, "reviewed", transition="assess"))
        self.sign(record, self.rana, "reviewed", transition="assess")
        self.assertEqual(record.state, "assessed")

    def test_an_order_of_an_authority_names_the_authority_and_its_number(self):
        self.refused("Their Reference", lambda: self.assessed(self.lot, origin="authority"))
        record = self.assessed(self.lot, origin="authority", origin_reference="NMPA 12",
                               origin_partner_id=self.supplier.id)
        self.assertEqual(record.state, "assessed")

    def test_a_distributor_carries_out_the_recall_of_a_maker(self):
        named = {"origin_reference": "R-7", "origin_partner_id": self.supplier.id}
        self.refused("is a distributor",
                     lambda: self.assessed(self.lot, origin="maker", **named))
        self.refused("a distributor carries out",
                     lambda: self.decided(self.lot, role="distributor"))
        record = self.decided(self.lot, role="distributor", origin="maker", **named)
        self.assertEqual(record.state, "decided")

    def test_a_level_is_needed_wherever_something_was_shipped(self):
        record = self.assessed(self.lot)
        record.med_transition("revise", reason="Seen too few")
        record.level_ids.filtered(lambda one: one.jurisdiction_id.code == "US").unlink()
        record.draw()
        self.assertEqual(record.market_missing_ids.mapped("code"), ["US"])
        self.refused("it was shipped to US",
                     lambda: self.sign(record, self.anna, "reviewed", transition="assess"))
        record.action_levels()
        self.assertFalse(record.market_missing_ids)
        record.level_ids.filtered(lambda one: not one.class_id).class_id = self.env[
            "med.recall.class"].search([("code", "=", "us_3")])
        self.sign(record, self.anna, "reviewed", transition="assess")
        record.write({"action": "warn", "instruction": "Read this"})
        self.hospitals[1].country_id = False
        self.refused("enter the country of Hospital Two",
                     lambda: self.sign(record, self.rana, "approved", transition="decide"))
        self.hospitals[1].country_id = self.env.ref("base.hk")
        self.sign(record, self.rana, "approved", transition="decide")
        self.assertEqual(record.state, "decided")

    def test_it_is_no_recall_is_signed_by_another_with_reasons(self):
        record = self.opened(self.lot)
        record.draw()
        self.refused("Still to be filled in",
                     lambda: self.sign(record, self.rana, "approved", transition="refuse"))
        record.conclusion = "The seals are only scratched"
        self.refused("another person than",
                     lambda: self.sign(record, self.anna, "approved", transition="refuse"))
        self.sign(record, self.rana, "approved", transition="refuse")
        self.assertEqual((record.state, bool(record.terminated_at)), ("not_recall", True))
        self.refused("is signed", lambda: record.sudo().write({"conclusion": "x"}))

    def test_only_quality_assurance_and_regulatory_affairs_write(self):
        record = self.opened(self.lot)
        ware = self.person("warehouse", "wanda")
        for step in (lambda: record.with_user(ware).write({"reason": "x"}),
                     lambda: record.with_user(ware).draw(),
                     lambda: self.env["med.recall"].with_user(ware).create({"summary": "x"})):
            self.refused("", step, AccessError)
        record.with_user(self.rana).reason = "Three seals"
        for vals in ({"drill": True}, {"company_id": 2**30},
                     {"opened_at": "2020-01-01"}, {"state": "decided"}, {"name": "x"}):
            with self.subTest(vals):
                self.refused("", lambda v=vals: record.sudo().write(v), AccessError)

    def test_a_default_of_the_caller_makes_no_drill_of_a_recall(self):
        Recall = self.env["med.recall"].with_user(self.anna).with_context(default_drill=True)
        record = Recall.browse(Recall.report_suspicion(summary="x")["recall"])
        self.assertEqual((record.drill, record.name[:2]), (False, "RC"))
