from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import OutsourcingCase


@tagged("post_install", "-at_install")
class TestCompanies(OutsourcingCase):
    """The file of one company covers no other, and is not seen there."""

    requirement = "ISO-4.1.5 CN-GMP-3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far = cls.foreign_company()

    def test_the_file_of_one_company_covers_no_other(self):
        self.assertFalse(self.env["med.processor"]._med_of(self.maker, self.far))
        self.far.med_gate_mode = "enforce"
        self.bom.company_id = False
        order = self.env["purchase.order"].with_company(self.far).create({
            "partner_id": self.maker.id, "company_id": self.far.id, "order_line": [
                Command.create({"product_id": self.device.id, "product_qty": 1,
                                "price_unit": 1})]})
        with self.assertRaisesRegex(UserError, "There is no file"):
            order.button_confirm()

    def test_another_company_s_file_is_not_seen(self):
        user = self.user("qa", login="far", company_id=self.far.id,
                         company_ids=[Command.set(self.far.ids)])
        for model in ("med.processor", "med.processor.scope", "med.quality.agreement",
                      "med.quality.agreement.clause"):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(user).with_context(
                    allowed_company_ids=self.far.ids).search([]))

    def test_a_file_stays_with_its_company(self):
        file = self.file.with_user(self.anna)
        file.med_transition("revise", "New process")
        with self.assertRaisesRegex(UserError, "stays with its company"):
            file.sudo().company_id = self.far

    def test_each_company_has_a_place_of_its_own(self):
        far = self.env["res.users"].browse(self.bert.id)
        (self.bert | self.anna).company_ids += self.far
        file = self.env["med.processor"].with_user(far).with_company(self.far).create({
            "partner_id": self.maker.id, "company_id": self.far.id, "risk_class": "low",
            "date_review": "2027-03-01", "scope_ids": [Command.create({"process": "assembly"})]})
        self.sign(file, self.anna, "approved")
        self.assertNotEqual(file.location_id, self.file.location_id)
        for one in (file, self.file):
            self.assertEqual(self.maker.with_company(
                one.company_id).property_stock_subcontractor, one.location_id)
