import base64
from datetime import date, datetime

from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .label_case import CONTENT, QuickLabelCase


@tagged('post_install', '-at_install')
class TestLabelTours(QuickLabelCase, HttpCase):
    """Print a job and prove its roll, in a browser, in English and in Chinese; its files."""

    requirement = "QMSR-45 T4"

    @classmethod
    def _start_clock(cls):
        """Leave the clock alone: a browser and a server run by the real one."""

    @classmethod
    def tick(cls):
        """Let time pass by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env['res.lang']._activate_lang('zh_CN'):
            cls.env['ir.module.module'].search([
                ('name', '=', 'med_traceability')])._update_translations(['zh_CN'])
        cls.stent_di.pi_manufactured = False
        cls.tour_template = cls.make_template(cls.stent_di, lang='zh_CN', content=[
            row for row in CONTENT if row[0] != 'manufactured'])

    def ready(self, lang, **values):
        lots = self.env['stock.lot'].search([('product_id', '=', self.stent.id)])
        lots = lots or self.env['stock.lot'].create([{
            'name': f'TOUR-{number}', 'product_id': self.stent.id, 'med_batch': 'B-1',
            'med_manufactured': date(2026, 2, 1), 'expiration_date': datetime(2035, 1, 31)}
            for number in (1, 2, 3)])
        user = self.user('operator', login=f'label_{lang}', lang=lang)
        return user, self.made(lots, user=user, template_id=self.tour_template.id, **values)

    def test_print_and_prove_in_english_and_chinese(self):
        for lang in ('en_US', 'zh_CN'):
            with self.subTest(lang):
                user, job = self.ready(lang)
                self.start_tour(f'/odoo/med-label-jobs/{job.id}', 'med_label_print_tour',
                                login=user.login, timeout=120)
                self.env.invalidate_all()
                self.assertEqual(
                    (job.state, job.printed_quantity, job.used_quantity, job.difference),
                    ('proved', 3, 2, 0))
                self.assertTrue(job.entry_ids.filtered(lambda row: row.kind == 'print').taken)

    def test_a_label_that_does_not_fit_stops_the_job_on_screen(self):
        user, job = self.ready('en_US')
        job.print_labels()
        self.start_tour(f'/odoo/med-label-proof?job_id={job.id}', 'med_label_stop_tour',
                        login=user.login, timeout=120)
        self.env.invalidate_all()
        self.assertEqual(job.state, 'stopped')

    def test_files_are_handed_out_once_and_logged(self):
        user, job = self.ready('en_US')
        entry = job.print_labels()['entry']
        self.authenticate(user.login, user.login)
        path = f'/med/label.zpl?job={job.id}&entry={entry}'
        answer = self.url_open(path)
        self.assertEqual((answer.status_code, answer.content[:3]), (200, b'^XA'))
        self.assertIn('attachment', answer.headers['Content-Disposition'])
        for bad, status in ((path, 400), (f'/med/label.exe?job={job.id}&entry={entry}', 400),
                            (f'/med/label.pdf?job={job.id}&entry=x', 400),
                            ('/med/label.pdf?job=999999999&entry=1', 403)):
            with self.subTest(bad):
                self.assertEqual(self.url_open(bad).status_code, status)
        record = self.url_open(f'/med/label_job.pdf?job={job.id}')
        self.assertEqual(record.content[:5], b'%PDF-')
        nobody = self.user('', login='label_nobody')
        self.authenticate(nobody.login, nobody.login)
        with mute_logger('odoo.addons.base.models.ir_model', 'odoo.http'):
            self.assertEqual(self.url_open(f'/med/label_job.pdf?job={job.id}').status_code, 403)


@tagged('post_install', '-at_install')
class TestLabelRpc(QuickLabelCase, MedRpcCase):
    """A label station's own program prints, scans and counts over JSON-2."""

    requirement = "QMSR-45 T4"

    @classmethod
    def _start_clock(cls):
        """Leave the clock alone: keys of programs are checked by the real one."""

    @classmethod
    def tick(cls):
        """Let time pass by itself."""

    def call(self, job, method, /, user=None, **kw):
        return self.json2(user or self.operator, 'med.label.job', method, ids=job.ids, **kw)

    def test_station_goes_through_a_job(self):
        lot = self.lot_of(self.tube, 'ST-1', '2035-01-31')
        job = self.job(lot, copies=2)
        self.assertEqual(self.call(job, 'start').json()['state'], 'rendering')
        self.render(job)
        entry = self.call(job, 'print_labels').json()['entry']
        taken = self.call(job, 'take', entry=entry, file='zpl').json()
        self.assertIn('^PQ2', base64.b64decode(taken['content']).decode())
        for left in (1, 0):
            answer = self.call(job, 'scan', code=job.label_ids.code).json()
            self.assertEqual((answer['matches'], answer['scans_left']), (True, left))
        checks = dict.fromkeys(('udi', 'expiry', 'storage', 'handling', 'processing'), True)
        with mute_logger('odoo.http'):
            self.assertEqual(self.call(job, 'inspect', **checks).status_code, 403)
        self.assertEqual(self.call(job, 'inspect', user=self.leader, **checks).status_code, 200)
        answer = self.call(job, 'reconcile', used=2, destroyed=0, returned=0).json()
        self.assertEqual(answer['difference'], 0)
        self.assertEqual(self.call(job, 'close').json()['state'], 'closed')
        with mute_logger('odoo.http'):
            self.assertEqual(self.call(job, 'cancel', reason="late").status_code, 422)
