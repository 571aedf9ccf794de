from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .udi_common import UdiMasterCase, gtin


@tagged('post_install', '-at_install')
class TestUdiMasterTour(UdiMasterCase, HttpCase):
    """A device in use changes, and regulatory affairs gives it a new number, in a browser."""

    requirement = "EU-VI-C FDA-830.50"

    def test_changed_device_gets_a_new_number(self):
        di = self.di(name=gtin(300_000), market_ids=[Command.set(self.eu.ids)])
        self.start_tour(f'/odoo/med-udi/{di.id}', 'med_udi_master_tour',
                        login=self.regulatory.login, timeout=120)
        self.env.invalidate_all()
        new = self.Di.search([('name', '=', gtin(300_001))])
        self.assertEqual((new.previous_id, new.version_model, new.state), (di, 'B', 'active'))
        self.assertEqual((di.version_model, di.state), ('A', 'active'))
        self.assertEqual(di.change_ids.mapped('new_di_id'), new)
