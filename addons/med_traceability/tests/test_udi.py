from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.med_udi import SENTENCES, WARNINGS
from ..tools.udi import CODES, UdiError

GTIN = '09506000134352'
CODE = '01' + GTIN + '17290131' + '10LOT\u241d' + '21SER'


@tagged('post_install', '-at_install')
class TestUdi(MedCase):
    """The public methods that read and write a UDI."""

    requirement = "T9 FDA-830 CN-UDI-2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.viewer = cls.user('viewer', login='udi_viewer')
        cls.udi = cls.env['med.udi'].with_user(cls.viewer)

    def test_code_is_read_into_plain_values(self):
        answer = self.udi.parse(CODE)
        self.assertEqual(
            {key: answer[key] for key in ('version', 'issuer', 'device_identifier', 'lot', 'serial',
                                          'expiration_date', 'manufacturing_date', 'warnings')},
            {'version': 1, 'issuer': 'gs1', 'device_identifier': GTIN, 'lot': 'LOT',
             'serial': 'SER', 'expiration_date': '2029-01-31', 'manufacturing_date': '',
             'warnings': []})
        self.assertEqual(answer['code'], CODE)
        self.assertEqual(answer['elements'][1], {
            'key': '17', 'label': 'Expiry', 'text': '290131', 'value': '2029-01-31'})
        self.assertEqual(self.udi.parse(CODE.replace('\u241d', '\x1d')), answer)

    def test_what_is_read_can_be_written_again(self):
        answer = self.udi.parse(CODE)
        elements = {element['key']: element['text'] for element in answer['elements']}
        self.assertEqual(self.udi.build('gs1', elements), {
            'version': 1, 'code': answer['code'], 'hri': answer['hri']})

    def test_warning_is_told_with_what_may_be_hidden(self):
        [warning] = self.udi.parse('01' + GTIN + '10LOT21SER')['warnings']
        self.assertEqual((warning['code'], warning['element'], warning['hidden']),
                         ('separator_lost', '10', ['21']))
        self.assertIn('(10)', warning['message'])

    def test_wrong_code_is_one_sentence_in_the_users_language(self):
        with self.assertRaisesRegex(UserError, r"check digit .* of \(01\)"):
            self.udi.parse('0109506000134353')
        with self.assertRaisesRegex(UserError, "issuers"):
            self.udi.parse("hello")

    def test_every_error_and_every_warning_has_its_sentence(self):
        self.assertEqual(set(SENTENCES), set(CODES))
        for code in CODES:
            self.assertTrue(self.udi._med_error_text(UdiError(code, '17', 'x')))
        self.assertEqual(set(WARNINGS), {'separator_lost', 'brackets', 'dates_disagree'})

    def test_bad_argument_is_refused_in_one_sentence(self):
        for call in (
                lambda: self.udi.parse(5), lambda: self.udi.parse(False),
                lambda: self.udi.build('ean', {}), lambda: self.udi.build(['gs1'], {}),
                lambda: self.udi.build('gs1', [['01', GTIN]]),
                lambda: self.udi.build('gs1', {'01': 5}), lambda: self.udi.build('gs1', {})):
            with self.assertRaises(UserError):
                call()

    def test_meaning_of_the_letters_of_ma_is_a_setting(self):
        code = 'MA.156.M0.100472.11103316.E210201.V210131'
        self.assertEqual(self.udi.parse(code)['expiration_date'], '2021-01-31')
        self.assertTrue(self.udi.parse(code)['warnings'])
        parameters = self.env['ir.config_parameter'].sudo()
        parameters.set_param('med_traceability.ma_letters', '{"E": "expiry", "V": "check"}')
        answer = self.udi.parse(code)
        self.assertEqual((answer['expiration_date'], answer['warnings']), ('2021-02-01', []))
        for broken in ('{"E": "colour"}', 'E', '[]'):
            parameters.set_param('med_traceability.ma_letters', broken)
            with self.assertRaises(UserError):
                self.udi.parse(code)

    def test_who_does_not_read_medical_records_is_refused(self):
        for role in ('', 'system_admin', 'portal_dealer'):
            udi = self.env['med.udi'].with_user(self.user(role, login=f'udi_{role or "none"}'))
            with self.assertRaises(AccessError):
                udi.parse(CODE)
            with self.assertRaises(AccessError):
                udi.build('gs1', {'01': GTIN})
