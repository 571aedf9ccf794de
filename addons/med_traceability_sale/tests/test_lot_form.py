from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged


@tagged('post_install', '-at_install')
class TestLotForm(MedCase):
    """A viewer opens a lot where sales are installed, and changes nothing (P11-10d, EU-25)."""

    requirement = 'P11-10d EU-25'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.env['product.product'].create({
            'name': "Kit", 'is_storable': True, 'tracking': 'lot'})
        cls.lot = cls.env['stock.lot'].create({'name': "S-1", 'product_id': product.id})
        cls.viewer = cls.user('viewer', login='sale_viewer')

    def test_a_viewer_opens_the_form_of_a_lot(self):
        form = Form(self.lot.with_user(self.viewer))
        self.assertEqual(form.name, "S-1")

    def test_a_viewer_makes_no_sale(self):
        partner = self.env['res.partner'].create({'name': "Hospital (demo)"})
        with self.assertRaises(AccessError):
            self.env['sale.order'].with_user(self.viewer).create({'partner_id': partner.id})
