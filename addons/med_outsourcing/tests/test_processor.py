from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests.common import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import OutsourcingCase


@tagged("post_install", "-at_install")
class TestProcessor(OutsourcingCase):
    """The file: whose it is, what it was approved for, and its place in our books."""

    requirement = "ISO-4.1.5 ISO-7.4.1 CN-GMP-3 CN-GMP-61 CN-GMP-63 V1 F3"

    def test_approval_makes_a_place_of_its_own(self):
        place = self.file.location_id
        self.assertEqual(place.location_id, self.company.subcontracting_location_id)
        self.assertEqual((place.name, place.usage), ("Assembly works", "internal"))
        contact = self.env["res.partner"].create({"name": "Desk", "parent_id": self.maker.id})
        moved = self.env["res.partner"].create({"name": "Branch desk"})
        moved.parent_id = self.maker
        for one in (self.maker, contact, moved):
            self.assertEqual(one.with_company(self.company).property_stock_subcontractor, place)

    def test_orders_run_by_way_of_that_place(self):
        order = self.purchase()
        order.button_confirm()
        move = order.picking_ids.move_ids
        self.assertTrue(move.is_subcontract)
        self.assertEqual(move.location_id, self.file.location_id)
        production = move._get_subcontract_production()
        self.assertEqual(production.location_src_id, self.file.location_id)
        self.assertEqual(production.move_raw_ids.location_id, self.file.location_id)

    def test_approving_again_keeps_the_place(self):
        place = self.file.location_id
        self.file.with_user(self.buyer).med_transition("suspend", "Fire")
        self.sign(self.file, self.anna, "approved")
        self.assertEqual(self.file.location_id, place)

    def test_no_place_of_its_own_while_orders_are_under_way_elsewhere(self):
        self.company.med_gate_mode = "observe"
        other = self.env["res.partner"].create({"name": "Old hand"})
        self.bom.subcontractor_ids += other
        order = self.purchase(partner=other)
        order.button_confirm()
        file = self.draft(other, ["assembly"])
        with self.assertRaisesRegex(UserError, "has orders under way by way of .*Subcontracting"):
            self.sign(file, self.anna, "approved")
        order.picking_ids.with_user(self.env.user).action_cancel()
        self.sign(file, self.anna, "approved")
        self.assertEqual(file.location_id.name, "Old hand")

    def test_no_place_of_its_own_while_its_goods_lie_in_another(self):
        other = self.env["res.partner"].create({"name": "Old hand"})
        shelf = self.stock.create({"name": "Far away", "location_id": self.stock.id})
        other.property_stock_subcontractor = shelf
        self.env["stock.quant"]._update_available_quantity(self.product("Nut", "none"), shelf, 5)
        file = self.draft(other, ["assembly"])
        with self.assertRaisesRegex(UserError, "lie in .*Far away: Nut"):
            self.sign(file, self.anna, "approved")

    def test_a_place_that_it_had_alone_becomes_its_own_with_what_is_there(self):
        other = self.env["res.partner"].create({"name": "Old hand"})
        shelf = self.stock.create({
            "name": "Old shelf", "location_id": self.company.subcontracting_location_id.id})
        other.property_stock_subcontractor = shelf
        self.env["stock.quant"]._update_available_quantity(self.product("Nut", "none"), shelf, 5)
        file = self.processor(other, ["assembly"])
        self.assertEqual(file.location_id, shelf)

    def test_goods_of_a_processor_go_nowhere_else(self):
        keeper = self.user("warehouse", login="wanda")
        keeper.group_ids += self.env.ref("base.group_partner_manager")
        keeper.group_ids += self.env.ref("stock.group_stock_manager")
        with self.assertRaisesRegex(UserError, "go to .*Assembly works, as its file says"):
            self.maker.with_user(keeper).property_stock_subcontractor = \
                self.company.subcontracting_location_id
        place = self.file.location_id.with_user(keeper)
        for vals in ({"active": False}, {"location_id": self.stock.id}, {"usage": "transit"}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "stays as it is"):
                place.write(vals)
        place.name = "Assembly works, Suzhou"

    def test_nobody_writes_the_place(self):
        for user in (self.anna, self.env.user, self.env.ref("base.user_root")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.file.with_user(user).write({"location_id": self.stock.id})
        with self.assertRaises(AccessError):
            self.env["med.processor"].with_context(default_location_id=self.stock.id).create({
                "partner_id": self.supplier.id, "location_id": self.stock.id})
        self.assertFalse(self.env["med.processor"].with_context(
            default_location_id=self.stock.id).create(
            {"partner_id": self.supplier.id}).location_id)

    def test_who_made_the_file_does_not_approve_it(self):
        file = self.draft(self.supplier, ["assembly"])
        self.grant(self.bert, "approved")
        with self.assertRaises(UserError):
            self.sign(file, self.bert, "approved")

    def test_what_was_approved_is_not_changed(self):
        file = self.file.with_user(self.anna)
        for vals in ({"risk_class": "low"}, {"connection": "api"}, {"date_review": "2030-01-01"},
                     {"scope_ids": [Command.create({"process": "coating"})]}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "is signed and is not"):
                file.write(vals)
        for call in (lambda: file.scope_ids.write({"process": "coating"}), file.scope_ids.unlink):
            with self.assertRaisesRegex(UserError, "is signed and is not"):
                call()

    def test_the_organisation_stays(self):
        file = self.file.with_user(self.anna)
        file.med_transition("revise", "New process")
        with self.assertRaisesRegex(UserError, "was approved once"):
            file.partner_id = self.supplier

    def test_the_file_is_the_organisation_s_and_there_is_one(self):
        contact = self.env["res.partner"].create({"name": "Desk", "parent_id": self.maker.id})
        with self.assertRaisesRegex(ValidationError, "is a contact of"):
            self.draft(contact, ["assembly"])
        with self.assertRaisesRegex(ValidationError, "not its own processor"):
            self.draft(self.company.partner_id, ["assembly"])
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), \
                self.env.cr.savepoint():
            self.draft(self.maker, ["assembly"])
            self.env.flush_all()
        self.file.with_user(self.anna).med_transition("end", "Closed down")
        self.env.flush_all()
        again = self.processor(self.maker, ["assembly"])
        self.assertEqual(again.location_id, self.file.location_id)

    def test_only_their_own_portal_users_report_for_it(self):
        user = self.portal_user(self.maker)
        self.file.with_user(self.anna).user_ids = user
        self.assertEqual(self.file._med_people(), user)
        stranger = self.portal_user(self.supplier, "stranger")
        plain = self.portal_user(self.maker, "plain")
        plain.group_ids = self.env.ref("base.group_portal")
        for wrong in (stranger, plain, self.bert):
            with self.subTest(user=wrong.login), \
                    self.assertRaisesRegex(ValidationError, "not a portal user"):
                self.file.with_user(self.anna).user_ids += wrong
        user.active = False
        self.assertFalse(self.file._med_people())

    def test_high_risk_needs_a_decision_about_the_audit(self):
        file = self.draft(self.supplier, ["assembly"], risk_class="high")
        with self.assertRaisesRegex(UserError, "say how it is audited, and why so"):
            self.sign(file, self.anna, "approved")
        file.write({"audit": "site", "audit_note": "Makes the sterile barrier."})
        self.sign(file, self.anna, "approved")
        self.assertEqual(file.state, "approved")

    def test_roles(self):
        Processor = self.env["med.processor"]
        for role in ("viewer", "warehouse", "operator", "purchasing"):
            user = self.user(role, login=f"role_{role}")
            self.assertTrue(self.file.with_user(user).risk_class)
            with self.subTest(role=role), self.assertRaises(AccessError):
                Processor.with_user(user).create({"partner_id": self.supplier.id})
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.file.with_user(user).user_ids = [Command.clear()]
        nobody = self.user("", login="role_nobody")
        for user in (nobody, self.portal_user(self.maker, "outsider"), self.keeper):
            for model in ("med.processor", "med.processor.scope", "med.processor.certificate",
                          "med.quality.agreement", "med.quality.agreement.clause",
                          "med.quality.clause.template"):
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        with self.assertRaisesRegex(UserError, "not yours to take"):
            self.file.with_user(self.keeper_w).med_transition("suspend", "No")
        for one in (self.file, self.agreement):
            with self.assertRaises(UserError):
                one.unlink()
