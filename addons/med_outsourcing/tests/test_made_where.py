from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import OutsourcingCase


@tagged("post_install", "-at_install")
class TestMadeWhere(OutsourcingCase):
    """Where a product is made, and the ways from contact and product to the processor (F3, V1)."""

    requirement = "F3 V1 ISO-4.1.5"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.device.product_tmpl_id
        cls.viewer = cls.person("viewer", "vera")

    def own_bom(self, product, **values):
        return self.env["mrp.bom"].create({
            "product_tmpl_id": product.product_tmpl_id.id, "type": "normal",
            "bom_line_ids": [Command.create({"product_id": self.tube.id, "product_qty": 1})],
            **values})

    def test_bills_in_use_say_where_it_is_made(self):
        self.assertEqual(self.template.med_made, "outside")
        own = self.own_bom(self.device)
        self.assertEqual(self.template.med_made, "mixed")
        self.bom.active = False
        self.assertEqual(self.template.med_made, "here")
        own.type = "phantom"
        self.assertFalse(self.template.med_made)
        self.bom.active = True
        self.assertEqual(self.template.med_made, "outside")
        self.bom.unlink()
        self.assertFalse(self.template.med_made)

    def test_products_are_searched_and_grouped_by_it(self):
        self.own_bom(self.device)
        here = self.product("Own", med_controlled=True)
        self.own_bom(here)
        mine = [("id", "in", (
            self.template | here.product_tmpl_id | self.tube.product_tmpl_id).ids)]
        for model in ("product.template", "product.product"):
            rows = self.env[model].with_user(self.viewer).formatted_read_group(
                mine if model == "product.template" else [
                    ("id", "in", (self.device | here).ids)], ["med_made"], ["__count"])
            counts = {row["med_made"]: row["__count"] for row in rows}
            self.assertEqual((counts["here"], counts["mixed"]), (1, 1))
        self.assertEqual(self.env["product.template"].search(
            [*mine, ("med_made", "=", "mixed")]), self.template)

    def test_whether_processors_cover_it_is_as_of_today(self):
        mine = [("id", "in", (self.template | self.tube.product_tmpl_id).ids)]
        Template = self.env["product.template"].with_user(self.viewer)
        self.assertEqual(self.template.with_user(self.viewer).med_made_covered, "covered")
        self.assertFalse(self.tube.product_tmpl_id.med_made_covered)
        self.assertEqual(Template.search([*mine, ("med_made_covered", "=", "covered")]).ids,
                         self.template.ids)
        self.clock.move_to("2028-01-01 08:00:00")
        self.env.invalidate_all()
        self.assertEqual(self.template.med_made_covered, "open")
        self.assertEqual(Template.search([*mine, ("med_made_covered", "=", "open")]).ids,
                         self.template.ids)
        self.assertEqual(Template.search([*mine, ("med_made_covered", "=", False)]).ids,
                         self.tube.product_tmpl_id.ids)
        self.assertEqual(Template.search([*mine, ("med_made_covered", "!=", False)]).ids,
                         self.template.ids)

    def test_from_contact_and_product_to_the_processor(self):
        contact = self.env["res.partner"].create({"name": "Li", "parent_id": self.maker.id})
        stranger = self.env["res.partner"].create({"name": "Nobody"})
        for one in (self.maker, contact):
            own = one.with_user(self.viewer)
            self.assertEqual(own.med_processor_count, 1)
            self.assertEqual(own.action_med_processors()["res_id"], self.file.id)
        self.assertEqual(stranger.with_user(self.viewer).med_processor_count, 0)
        own = self.template.with_user(self.viewer)
        self.assertEqual(own.med_processor_count, 1)
        self.assertEqual(own.action_med_processors()["res_id"], self.file.id)
        self.assertEqual(self.tube.with_user(self.viewer).med_processor_count, 0)
        second = self.env["res.partner"].create({"name": "Second works", "is_company": True})
        other = self.processor(second, ["coating"], [self.device])
        self.env.invalidate_all()
        self.assertEqual(self.template.med_processor_count, 2)
        action = self.template.action_med_processors()
        self.assertEqual(self.env["med.processor"].search(action["domain"]), self.file | other)

    def test_who_may_not_see_processors_sees_no_button(self):
        plain = self.env["res.users"].with_context(no_reset_password=True).create({
            "name": "Plain", "login": "plain", "group_ids": [Command.set([
                self.env.ref("base.group_user").id, self.env.ref("stock.group_stock_user").id])]})
        for record in (self.maker, self.template):
            own = record.with_user(plain)
            self.assertNotIn("med_processor_count", own.fields_get())
            self.assertNotIn("action_med_processors", own.get_view(view_type="form")["arch"])
            with self.assertRaises(AccessError):
                own.read(["med_processor_count"])
            with self.assertRaises(AccessError):
                own.action_med_processors()
            self.assertIn("action_med_processors", record.with_user(self.viewer).get_view(
                view_type="form")["arch"])
