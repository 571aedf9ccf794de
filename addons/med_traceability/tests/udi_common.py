from contextlib import contextmanager
from itertools import count

from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import UserError

from ..tools.udi import check_di


def gtin(number):
    """Return the GTIN-14 of a running number, with its check digit."""
    digits = f'0950600{number:06d}'
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(digits))
    return check_di('gs1', f'{digits}{-total % 10}')


class UdiMasterCase(MedCase):
    """Device identifiers of a manufacturer, kept by somebody of regulatory affairs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regulatory = cls.user('regulatory')
        cls.env.user.company_id.med_jurisdiction_ids = False
        cls.cn, cls.us, cls.eu = (
            cls.env.ref(f'med_base.med_jurisdiction_{code}') for code in ('cn', 'us', 'eu'))
        cls.numbers = count(1)
        cls.product = cls.env['product.product'].create({
            'name': "Infusion pump", 'default_code': 'PUMP-1', 'is_storable': True,
            'tracking': 'lot', 'med_controlled': True})
        cls.Di = cls.env['med.udi.di'].with_user(cls.regulatory)

    @classmethod
    def di(cls, **values):
        """Return a new device identifier of the pump, in use unless said otherwise."""
        return cls.Di.create({
            'name': gtin(next(cls.numbers)), 'product_id': cls.product.id, 'state': 'active',
            'trade_name': "Pump", 'version_model': 'A', **values})

    @contextmanager
    def refused(self, sentence='', error=UserError):
        """Assert that the code inside is refused, with words of this sentence."""
        with self.assertRaisesRegex(error, sentence), self.env.cr.savepoint():
            yield
