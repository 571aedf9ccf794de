import io
import json

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger
from openpyxl import load_workbook
from pypdf import PdfReader


@tagged('post_install', '-at_install')
class TestDownloads(HttpCase):
    """T8, EU-25: traces and evidence as files, for those who may read them."""

    requirement = "T8 EU-25"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env['product.product'].create(
            {'name': "=cmd|'/C calc'!A0", 'is_storable': True, 'tracking': 'lot'})
        cls.company = cls.env['res.company'].create({'name': "Other"})
        cls.lot, cls.foreign = cls.env['stock.lot'].create([
            {'name': '../批 "1"\n;x', 'product_id': cls.product.id},
            {'name': 'F', 'product_id': cls.product.id, 'company_id': cls.company.id}])
        group = 'med_base.med_base_group_viewer'
        new_test_user(cls.env, 'med_reader', groups=group)
        new_test_user(cls.env, 'med_nobody', groups='base.group_user')
        new_test_user(cls.env, 'med_portal', groups='base.group_portal')

    def _get(self, path, login='med_reader', **params):
        self.authenticate(login, login)
        return self.url_open(
            f'/med/{path}', params=params, allow_redirects=False, timeout=120)

    def test_workbook_of_a_trace(self):
        answer = self._get('trace.xlsx', lot_ids=self.lot.id, direction='both', depth=0)
        self.assertEqual(answer.status_code, 200)
        book = load_workbook(io.BytesIO(answer.content))
        self.assertEqual(book.sheetnames, [
            "Summary", "Lots", "Edges", "Consignees", "Suppliers", "Stock", "Events"])
        cell = book["Lots"]['D2']
        self.assertEqual((cell.value, cell.data_type), (self.product.name, 's'))
        self.assertIn('attachment', answer.headers['Content-Disposition'])
        self.assertEqual(answer.headers['X-Content-Type-Options'], 'nosniff')

    def test_report_of_a_trace_and_evidence_file_and_data(self):
        for path in ('trace.pdf', 'evidence.pdf'):
            answer = self._get(path, lot_ids=self.lot.id)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.headers['Content-Type'], 'application/pdf')
            self.assertIn("批", PdfReader(io.BytesIO(answer.content)).pages[0].extract_text())
        answer = self._get('evidence.json', lot_ids=f'{self.lot.id},{self.lot.id}')
        [entry] = json.loads(answer.content)['lots']
        self.assertEqual(entry['lot']['id'], self.lot.id)

    def test_file_name_holds_nothing_a_file_system_or_header_minds(self):
        answer = self._get('evidence.json', lot_ids=self.lot.id)
        self.assertEqual(
            answer.headers['Content-Disposition'],
            "attachment; filename*=UTF-8''evidence_%E6%89%B9_1_x.json")

    def test_hostile_parameters_get_one_sentence_and_400(self):
        good = str(self.lot.id)
        for path, params in (
                ('trace.xlsx', {}),
                ('trace.xlsx', {'lot_ids': ''}),
                ('trace.pdf', {'lot_ids': 'x'}),
                ('trace.pdf', {'lot_ids': '1,,2'}),
                ('trace.pdf', {'lot_ids': '-1'}),
                ('trace.pdf', {'lot_ids': '9' * 30}),
                ('trace.pdf', {'lot_ids': '١'}),
                ('trace.pdf', {'lot_ids': good, 'direction': 'sideways'}),
                ('trace.pdf', {'lot_ids': good, 'direction': '<script>alert(1)</script>'}),
                ('trace.xlsx', {'lot_ids': good, 'depth': '-1'}),
                ('trace.xlsx', {'lot_ids': good, 'depth': '1e9'}),
                ('trace.xlsx', {'lot_ids': good, 'depth': '999999999'}),
                ('evidence.pdf', {'lot_ids': "1) OR 1=1 --"}),
                ('evidence.json', {'lot_ids': '1;2'}),
        ):
            with self.subTest(path=path, params=params):
                answer = self._get(path, **params)
                self.assertEqual(answer.status_code, 400, answer.text)
                self.assertEqual(answer.headers['Content-Type'], 'text/plain; charset=utf-8')
                self.assertRegex(answer.text, r'^[A-Z].+\.$')
                self.assertNotIn('Traceback', answer.text)

    def test_lot_of_another_company_or_none_at_all_is_refused_alike(self):
        texts = set()
        for ids in (self.foreign.id, 999_999_999, f'{self.lot.id},{self.foreign.id}'):
            for path in ('trace.xlsx', 'trace.pdf', 'evidence.pdf', 'evidence.json'):
                answer = self._get(path, lot_ids=ids)
                self.assertEqual(answer.status_code, 403)
                texts.add(answer.text)
        self.assertEqual(len(texts), 1)

    def test_user_without_a_role_is_refused_and_a_stranger_is_sent_to_log_in(self):
        for login in ('med_nobody', 'med_portal'):
            with mute_logger('odoo.addons.base.models.ir_model', 'odoo.http'):
                answer = self._get('evidence.json', login, lot_ids=self.lot.id)
            self.assertEqual(answer.status_code, 403)
        self.authenticate(None, None)
        answer = self.url_open(f'/med/evidence.json?lot_ids={self.lot.id}', allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn('/web/login', answer.headers['Location'])

    def test_downloads_only_read(self):
        self.authenticate('med_reader', 'med_reader')
        answer = self.url_open('/med/evidence.json', data={'lot_ids': self.lot.id})
        self.assertEqual(answer.status_code, 405)
