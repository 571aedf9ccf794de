import base64

from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TWO, FileFactory


@tagged("post_install", "-at_install")
class TestMapping(FileFactory, MedCase):
    """Columns are proposed from a sample; a mapping in force is complete, and stays."""

    requirement = "X6 G2 G5 G6"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.partner_of("MAPPED")
        cls.qa = cls.user("qa")

    def onboard(self, user=None, **values):
        return self.env["med.exchange.onboard"].with_user(user or self.qa).create({
            "schema_id": self.schema().id, "sample": base64.b64encode(TWO.encode()),
            "sample_name": "customers.csv", **values})

    def opened(self, wizard):
        return self.env["med.exchange.mapping"].with_user(self.qa).browse(
            wizard.action_next()["res_id"])

    def test_a_new_partner_is_taken_on_by_a_sample(self):
        organisation = self.env["res.partner"].create({"name": "Yangtze Dental 公司"})
        wizard = self.onboard(partner_id=organisation.id)
        self.assertEqual(wizard.code, "YANGTZE-DENTAL")
        mapping = self.opened(wizard)
        partner = mapping.exchange_partner_id
        self.assertEqual((partner.state, mapping.state), ("draft", "draft"))
        columns = {line.pointer: line.column for line in mapping.line_ids if line.column}
        self.assertEqual((columns["/name"], columns["/city"], columns["/country"]),
                         ("公司名称", "城市", "国家"))
        self.assertEqual((mapping.key_column, mapping.event_column), ("客户编码", "发生时间"))
        file = self.env["med.exchange.file"].with_user(self.qa).browse(
            mapping.action_try_sample()["res_id"])
        self.assertEqual(file.state, "tried")
        self.assertEqual(file.row_ids[0].outcome, "refused", "中国 is no code of a country")
        with self.assertRaisesRegex(UserError, "not active"):
            file.action_apply()
        mapping.line_ids.filtered(lambda one: one.pointer == "/country").words = "中国 = CN"
        mapping.activate()
        self.assertEqual(partner.state, "active")
        self.assertTrue(partner.signed, "its program would have to sign")
        file.action_try()
        file.action_apply()
        self.assertEqual(file.state, "applied")
        self.assertEqual(self.organisations("F-1").create_uid, partner.user_id)

    def test_a_mapping_is_taken_over_for_another_partner(self):
        first = self.mapping_of(self.partner)
        other = self.env["res.partner"].create({"name": "Other Dental"})
        mapping = self.opened(self.onboard(partner_id=other.id, copy_id=first.id, sample=False))
        self.assertEqual(mapping.line_ids.mapped("column"), first.line_ids.mapped("column"))
        self.assertEqual((mapping.state, mapping.exchange_partner_id.code),
                         ("draft", "OTHER-DENTAL"))

    def test_only_those_who_may_take_on_partners(self):
        for role in ("viewer", "warehouse", "operator"):
            with self.assertRaises(AccessError):
                self.onboard(self.user(role, login=f"onboard_{role}"))

    def test_rights_of_partners_with_programs_are_the_administrators_to_give(self):
        self.partner.right_ids.unlink()
        for number, change in enumerate((
                {"key_ids": [Command.create({"name": "k"})]}, {"transport": "http"},
                {"url": "https://one.example/x"}, {"token": "t"},
                {"user_id": self.user("qa", login="no_program", group_ids=self.env.ref(
                    "med_exchange.med_exchange_group_partner").ids).id})):
            partner = self.env["med.exchange.partner"].create({
                "name": "P", "code": f"PROG-{number}", "partner_id": self.partner.partner_id.id,
                **change})
            for role in ("qa", "purchasing"):
                user = self.user(role, login=f"{role}_{number}")
                with self.assertRaisesRegex(AccessError, "administrator"):
                    self.onboard(user, exchange_partner_id=partner.id).action_next()
            self.assertFalse(partner.right_ids)
        with self.assertRaisesRegex(AccessError, "administrator"):
            self.onboard(exchange_partner_id=self.partner.id).action_next()
        admin = self.user("system_admin")
        self.onboard(admin, exchange_partner_id=self.partner.id).action_next()
        self.assertEqual(self.partner.right_ids.mapped("schema"), ["organisation"])
        # With the right there, its files are everybody's work again.
        self.onboard(exchange_partner_id=self.partner.id).action_next()

    def test_a_partner_without_a_program_is_given_a_right(self):
        partner = self.env["med.exchange.partner"].create({
            "name": "P", "code": "PLAIN", "partner_id": self.partner.partner_id.id})
        self.onboard(self.user("purchasing"), exchange_partner_id=partner.id).action_next()
        self.assertEqual(partner.right_ids.mapped("schema"), ["organisation"])

    def test_a_role_sets_up_only_what_it_enters(self):
        schema = self.env["med.exchange.schema"].search([
            ("name", "!=", "organisation"), ("state", "=", "active")], limit=1)
        handled = dict.fromkeys(("organisation", schema.name), "med.exchange.organisation")
        self.patch(type(self.env["med.exchange.handler"]), "_med_handlers", lambda _self: handled)
        before = self.env["med.exchange.partner"].search_count([])
        for role in ("purchasing", "regulatory"):
            organisation = self.env["res.partner"].create({"name": f"Org {role}"})
            with self.assertRaisesRegex(AccessError, "your role"):
                self.onboard(self.user(role), partner_id=organisation.id,
                             schema_id=schema.id).action_next()
        self.assertEqual(self.env["med.exchange.partner"].search_count([]), before)
        self.onboard(partner_id=organisation.id, schema_id=schema.id).action_next()

    def test_defaults_of_a_context_make_no_other_partner(self):
        organisation = self.env["res.partner"].create({"name": "Forged"})
        forged = {f"default_{name}": value for name, value in {
            "signed": False, "state": "active", "transport": "http", "order_rule": "apply",
            "url": "https://one.example/x", "direction": "out", "domain": "[('id', '>', 0)]"}
            .items()}
        wizard = self.onboard(self.user("purchasing"), partner_id=organisation.id)
        wizard.with_context(**forged).action_next()
        partner = self.env["med.exchange.partner"].search([("code", "=", "FORGED")])
        self.assertEqual((partner.signed, partner.state, partner.transport, partner.url,
                          partner.order_rule), (True, "draft", "pull", False, "wait"))
        self.assertEqual((partner.right_ids.direction, partner.right_ids.domain), ("in", "[]"))

    def test_a_partner_of_another_company_is_made_by_nobody(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        organisation = self.env["res.partner"].create({"name": "Abroad"})
        with self.assertRaisesRegex(AccessError, "company of yours"):
            self.onboard(partner_id=organisation.id, company_id=company.id).action_next()

    def test_a_mapping_in_force_is_complete(self):
        mapping = self.mapping_of(self.partner, state="draft")
        mapping.key_column = False
        with self.assertRaisesRegex(ValidationError, "column whose text is the key"), (
                self.cr.savepoint()):
            mapping.activate()
        mapping.key_column = "客户编码"
        mapping.line_ids[0].unlink()
        with self.assertRaisesRegex(ValidationError, "asks for /name"), (
                self.cr.savepoint()):
            mapping.activate()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            mapping.write({"state": "active"})

    def test_a_mapping_in_force_is_not_changed(self):
        mapping = self.mapping_of(self.partner)
        for vals in ({"zone": "UTC"}, {"decimal_mark": ","}, {"stream": "x"},
                     {"line_ids": [Command.clear()]}):
            with self.assertRaises(UserError):
                mapping.write(vals)
        with self.assertRaises(UserError):
            mapping.line_ids[0].column = "x"
        with self.assertRaises(UserError):
            mapping.line_ids[0].unlink()
        with self.assertRaises(UserError):
            self.env["med.exchange.mapping.line"].create(
                {"mapping_id": mapping.id, "pointer": "/zip", "column": "x"})
        with self.assertRaises(UserError):
            mapping.unlink()
        mapping.back_to_draft()
        mapping.zone = "UTC"

    def test_what_a_field_cannot_be_is_refused_when_it_is_typed(self):
        mapping = self.mapping_of(self.partner, state="draft")
        line = mapping.line_ids[0]
        for vals in ({"pointer": "name"}, {"words": "nonsense"},
                     {"kind": "date", "default": "soon"}, {"kind": "constant", "argument": False}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                line.write(vals)
        with self.assertRaises(ValidationError):
            mapping.stream = "with space"

    def test_a_field_is_chosen_from_the_schema(self):
        mapping = self.mapping_of(self.partner, state="draft")
        city = mapping.line_ids[1].field_id
        self.assertEqual(city.pointer, "/city")
        mapping.line_ids[1].field_id = self.schema().field_ids.filtered(
            lambda one: one.pointer == "/zip")
        self.assertEqual(mapping.line_ids[1].pointer, "/zip")
