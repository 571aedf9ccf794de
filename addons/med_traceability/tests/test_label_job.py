import base64
import io
import re
from datetime import date, datetime
from unittest.mock import patch

import pypdfium2
import zxingcpp
from odoo.addons.med_traceability.tools.label import Made, render
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from pypdf import PdfReader

from .label_case import CASE, LabelCase, QuickLabelCase

RENDER = 'odoo.addons.med_traceability.models.med_label_job_render.render'


@tagged('post_install', '-at_install')
class TestLabelImages(LabelCase):
    """Every image is read back by an independent reader before anything is printed."""

    requirement = "QMSR-45 FDA-801.18 FDA-801.40 T4 T9"

    def read(self, pdf, dpi=300):
        """Return what a reader finds on each page: nothing of ours is used."""
        found = []
        for page in pypdfium2.PdfDocument(pdf):
            picture = page.render(scale=dpi / 72, grayscale=True).to_pil()
            found.append([(code.bytes.decode(), code.symbology_identifier)
                          for code in zxingcpp.read_barcodes(picture)])
        return found

    def test_labels_of_serials_are_read_from_the_finished_file(self):
        job = self.made(self.serials(12))
        self.assertEqual(len(job.label_ids), 12)
        pages = self.read(base64.b64decode(job.sudo().pdf))
        self.assertEqual(pages, [[(label.code, ']d2')] for label in job.label_ids])
        self.assertEqual(job.label_ids.mapped('decoded'), [']d2' + label.code
                                                           for label in job.label_ids])
        self.assertEqual(job.label_ids[0].hri,
                         '(01)09506000134369(11)260201(17)280131(10)B-77(21)SN00001')
        self.assertEqual(len(set(job.label_ids.mapped('digest'))), 12)

    def test_text_on_the_label_has_iso_dates_and_the_numbers_of_the_market(self):
        job = self.made(self.serials(1))
        text = PdfReader(io.BytesIO(base64.b64decode(job.sudo().pdf))).pages[0].extract_text()
        for shown in ("2028-01-31", "2026-02-01", "B-77", "SN00001", "CAT-7",
                      "国械注准20243130001", "沪药监械生产许20200001号", "上海示例医疗器械有限公司",
                      "冠状动脉药物洗脱支架", "(21)SN00001"):
            self.assertIn(shown, re.sub(r'\s', '', text))

    def test_a_lot_is_one_image_and_many_copies(self):
        job = self.made(self.lot, copies=500)
        self.assertEqual((len(job.label_ids), job.quantity), (1, 500))
        self.assertIn(b'^PQ500', base64.b64decode(job.sudo().zpl))

    def test_labels_of_a_case_bear_the_number_of_the_case(self):
        case = self.device(self.tube, CASE, level='case', pi_lot=True, pi_expiry=True,
                           contains_id=self.tube_di.id, contained_quantity=20)
        template = self.make_template(case)
        job = self.made(self.lot, di_id=case.id, template_id=template.id, copies=3)
        self.assertEqual(job.label_ids.hri, f'(01){CASE}(17)280131(10)ABC-123')

    def test_linear_symbol_at_203_dpi(self):
        template = self.make_template(self.tube_di, symbology='gs1_128', dpi='203', width=100,
                                      height=60)
        job = self.made(self.lot, template_id=template.id)
        self.assertEqual(job.label_ids.decoded, ']C1' + job.label_ids.code)

    def test_batches_are_joined_in_order(self):
        lots = self.serials(5)
        with patch('odoo.addons.med_traceability.models.med_label_job_render.BATCH', 2):
            job = self.job(lots)
            job.start()
            job.sudo()._render_batch()
            self.assertEqual(job.rendering(), {
                'version': 1, 'id': job.id, 'name': job.name, 'state': 'rendering', 'labels': 5,
                'read_back': 2, 'printed': 0, 'scans_left': 0, 'error': ''})
            self.render(job)
        self.assertEqual([page[0][0] for page in self.read(base64.b64decode(job.sudo().pdf))],
                         job.label_ids.sorted('sequence').mapped('code'))
        self.assertFalse(job.sudo().batch_ids)

    def test_the_scheduled_action_makes_what_waits(self):
        job = self.job(self.lot)
        job.start()
        with self.enter_registry_test_mode():
            self.env.ref('med_traceability.med_label_job_cron').method_direct_trigger()
        job.invalidate_recordset()
        self.assertEqual(job.state, 'ready')

    def test_job_cancelled_meanwhile_is_not_finished(self):
        job = self.job(self.lot)
        job.start()
        job.sudo()._render_batch()
        job.cancel(reason="Wrong lot")
        self.render(job)
        self.assertEqual((job.state, job.sudo().pdf), ('cancelled', False))

    def tampered(self, change):
        """Return a renderer whose results are changed, as a broken one's would be."""
        def broken(labels, **options):
            made = render(labels, **options)
            return Made(tuple(change(dict(row)) for row in made.results), made.pdf, made.zpl,
                        made.preview)
        return patch(RENDER, broken)

    def test_an_image_that_reads_otherwise_is_refused(self):
        cases = {
            "another expiry": lambda row: {**row, 'found': [
                [row['found'][0][0].replace('280131', '280132'.replace('32', '30')), ']d2']]},
            "another symbology": lambda row: {**row, 'found': [[row['found'][0][0], ']C1']]},
            "nothing read": lambda row: {**row, 'found': []},
            "two symbols": lambda row: {**row, 'found': row['found'] * 2},
            "no code at all": lambda row: {**row, 'found': [['HELLO', ']d1']]},
            "other date in words": lambda row: {
                **row, 'text': row['text'].replace('2028-01-31', '2028-01-30')},
            "lot left out": lambda row: {**row, 'text': row['text'].replace('ABC-123', '')},
        }
        for name, change in cases.items():
            with self.subTest(name):
                job = self.job(self.lot)
                job.start()
                with self.tampered(change):
                    self.render(job)
                self.assertEqual(job.state, 'draft')
                self.assertTrue(job.error)
                self.assertFalse(job.label_ids)
                self.assertEqual(job.entry_ids.kind, 'failed')
                with self.assertRaises(UserError):
                    job.print_labels()

    def test_wrong_expiry_of_the_lot_is_refused_at_every_step(self):
        """The record said one date when the label was fixed, and says another later."""
        other = datetime(2029, 6, 30)
        job = self.job(self.lot)
        job.start()
        self.lot.expiration_date = other
        self.render(job)
        self.assertEqual(job.state, 'draft')
        self.assertIn("changed", job.error)
        job.start()
        self.render(job)
        self.lot.expiration_date = datetime(2028, 1, 31)
        with self.assertRaisesRegex(UserError, "changed since its label"):
            job.print_labels()
        self.assertEqual(job.state, 'ready')

    def test_lots_that_cannot_be_labelled_are_refused_with_the_reason(self):
        plain = self.lots_of(self.tube, 'NO-DATE')
        plain.expiration_date = False
        expired = self.lot_of(self.tube, 'OLD', '2026-02-28')
        odd = self.lot_of(self.tube, 'ODD', '2028-01-31', med_manufactured=date(2028, 2, 1))
        strange = self.lot_of(self.tube, '批号', '2028-01-31')
        for lots, words in ((plain, "no expiration date"), (expired, "expires on 2026-02-28"),
                            (odd, "was made on"), (strange, "No code can be made"),
                            (self.lot | self.lot_of(self.tube, 'TWO', '2028-01-31'),
                             "different codes")):
            with self.assertRaisesRegex(UserError, words):
                self.job(lots).start()

    def test_template_that_does_not_belong_is_refused(self):
        draft = self.make_template(self.tube_di, approved=False)
        for values, words in (
                ({'template_id': draft.id}, "not approved"),
                ({'di_id': self.stent_di.id}, "not an active device identifier"),
                ({'lot_ids': [Command.clear()]}, "Choose the lots"),
                ({'lot_ids': [Command.set(self.serials(1).ids)]}, "not of")):
            job = self.job(self.lot)
            job.write(values)
            with self.assertRaisesRegex(UserError, words):
                job.start()

    def test_what_the_label_shows_the_code_must_hold(self):
        template = self.make_template(self.tube_di)
        self.tube_di.pi_expiry = False
        with self.assertRaisesRegex(UserError, "does not hold"):
            self.job(self.lot, template_id=template.id).start()


@tagged('post_install', '-at_install')
class TestLabelJob(QuickLabelCase):
    """From the printer to the last label: counted, proved, inspected, reconciled."""

    requirement = "QMSR-45 T4"

    def test_whole_job_of_serials(self):
        job = self.proved(self.serials(12))
        self.inspected(job, note="Compared with DMR 7")
        job.reconcile(used=10, destroyed=2, returned=0)
        job.close()
        self.assertEqual((job.state, job.difference), ('closed', 0))
        self.assertEqual(job.entry_ids.sorted('id').mapped('kind'), [
            'render', 'print', *['scan'] * 3, 'inspect', 'reconcile', 'close'])
        self.assertEqual(job.entry_ids.filtered(lambda row: row.kind == 'inspect').user_id,
                         self.leader)

    def test_day_on_the_label_is_that_of_who_made_the_job(self):
        """Midnight in Shanghai is another day in UTC, where the background works."""
        self.operator.tz = 'Asia/Shanghai'
        self.lot.expiration_date = datetime(2028, 1, 30, 16)
        job = self.printed(self.lot)
        self.assertEqual(job.label_ids.expiry, date(2028, 1, 31))
        self.assertIn('(17)280131', job.label_ids.hri)

    def test_first_last_and_a_sample_are_asked_for(self):
        job = self.printed(self.serials(12))
        due = job.label_ids.filtered('due').mapped('sequence')
        self.assertEqual((len(due), due[0], due[-1]), (3, 1, 12))
        job.scan(code=job.label_ids[0].code)
        job.scan(code=job.label_ids[-1].code)
        self.assertEqual(job.state, 'printed')
        unasked = job.label_ids[1:-1].filtered(lambda label: not label.due)[0]
        self.assertEqual(job.scan(code=unasked.code)['scans_left'], 1)
        self.assertEqual(job.scan(code=job.label_ids.filtered('due').code)['state'], 'proved')

    def test_number_of_scans_follows_the_rule(self):
        for total, scans in ((1, 1), (2, 2), (3, 3), (50, 3), (51, 5), (500, 5), (501, 7)):
            job = self.env['med.label.job'].new({'label_ids': [Command.create(
                {'sequence': 1, 'name': "x", 'code': "x", 'hri': "x", 'copies': total})]})
            job._ask_scans(total)
            self.assertEqual(job.label_ids.due, scans, total)

    def test_scanner_forms_of_the_code_are_read(self):
        job = self.printed(self.serials(1))
        label = job.label_ids
        self.assertTrue(job.scan(code=']d2' + label.code)['matches'])
        self.assertTrue(job.scan(code=label.hri)['matches'])

    def test_a_code_that_does_not_fit_stops_the_job(self):
        label = '0109506000134352' + '17290630' + '10ABC-123'
        for code, words in ((label, "Expiration date: the label in hand says 2029-06-30"),
                            (label.replace('17290630', '17280131').replace('ABC', 'ABD'), "Lot"),
                            ('0109506000134369' + '17280131' + '10ABC-123', "Device identifier"),
                            ('HELLO', "no code of the job"), ('0109506000134353', "no code")):
            with self.subTest(code):
                job = self.printed(self.lot, copies=100)
                answer = job.scan(code=code)
                self.assertFalse(answer['matches'])
                self.assertIn(words, answer['message'])
                self.assertEqual((job.state, answer['state']), ('stopped', 'stopped'))
                self.assertEqual(job.entry_ids[0].code, code)
                for step in (lambda it=job: it.scan(code=it.label_ids.code), job.close,
                             lambda it=job: it.reprint(label=it.label_ids.id, reason="x"),
                             lambda it=job: self.inspected(it)):
                    with self.assertRaises(UserError):
                        step()

    def test_another_person_lets_a_stopped_job_go_on_and_scans_begin_again(self):
        job = self.printed(self.lot, user=self.leader, copies=100)
        job.scan(code=job.label_ids.code)
        job.scan(code='HELLO')
        with self.assertRaises(AccessError):
            job.with_user(self.operator).resume(reason="Looked at it")
        with self.assertRaisesRegex(AccessError, "another person"):
            job.resume(reason="Looked at it")
        with self.assertRaisesRegex(UserError, "reason"):
            job.with_user(self.qa).resume(reason=" ")
        job.with_user(self.qa).resume(reason="A label of yesterday lay on the desk")
        self.assertEqual((job.state, job.due_count, job.label_ids.scanned), ('printed', 5, 0))

    def test_closing_needs_proof_inspection_and_count(self):
        job = self.printed(self.lot, copies=3)
        with self.assertRaisesRegex(UserError, "not possible now"):
            job.close()
        self.scan_due(job)
        with self.assertRaisesRegex(UserError, "second person"):
            job.close()
        self.inspected(job)
        with self.assertRaisesRegex(UserError, "Count the labels"):
            job.close()
        job.reconcile(used=3, destroyed=0, returned=0)
        job.close()
        for step in (job.print_labels, lambda: job.cancel(reason="x"),
                     lambda: job.reconcile(used=1, destroyed=1, returned=1),
                     lambda: job.scan(code=job.label_ids.code)):
            with self.assertRaises(UserError):
                step()

    def test_a_gap_is_explained_and_approved_by_a_third_person(self):
        job = self.proved(self.lot, user=self.leader, copies=10)
        job.with_user(self.qa).inspect(udi=True, expiry=True, storage=True, handling=True,
                                       processing=True)
        with self.assertRaisesRegex(UserError, "reason"):
            job.with_user(self.operator).reconcile(used=7, destroyed=1, returned=1)
        counter = self.user('shift_leader', login='med_counter')
        answer = job.with_user(counter).reconcile(
            used=7, destroyed=1, returned=1, reason="One torn in the dispenser")
        self.assertEqual(answer['difference'], 1)
        with self.assertRaisesRegex(UserError, "unaccounted"):
            job.close()
        for user in (self.leader, counter):
            with self.assertRaisesRegex(AccessError, "another person"):
                job.with_user(user).approve_difference(reason="fine")
        with self.assertRaises(AccessError):
            job.with_user(self.operator).approve_difference(reason="fine")
        job.with_user(self.qa).approve_difference(reason="Seen in the dispenser's log")
        job.close()
        self.assertEqual(job.difference_approver_id, self.qa)

    def test_counting_again_takes_the_approval_back(self):
        job = self.proved(self.lot, copies=10)
        self.inspected(job)
        job.reconcile(used=9, destroyed=0, returned=0, reason="One lost")
        job.with_user(self.qa).approve_difference(reason="Accepted")
        job.reconcile(used=5, destroyed=0, returned=0, reason="Five lost")
        with self.assertRaisesRegex(UserError, "unaccounted"):
            job.close()

    def test_too_many_labels_are_a_difference_too(self):
        job = self.proved(self.lot, copies=2)
        self.assertEqual(job.reconcile(
            used=3, destroyed=0, returned=0, reason="One of another job")['difference'], -1)
        self.inspected(job)
        with self.assertRaisesRegex(UserError, "unaccounted"):
            job.close()

    def test_inspection_is_by_a_second_person_and_complete(self):
        job = self.proved(self.lot, user=self.leader)
        with self.assertRaisesRegex(AccessError, "another person"):
            self.inspected(job)
        with self.assertRaises(AccessError):
            job.with_user(self.operator).inspect(True, True, True, True, True)
        for missing in ('udi', 'expiry', 'storage', 'handling', 'processing'):
            values = dict.fromkeys(('udi', 'expiry', 'storage', 'handling', 'processing'), True)
            for value in (False, 'yes', 1):
                with self.assertRaisesRegex(UserError, "Not confirmed"):
                    job.with_user(self.qa).inspect(**{**values, missing: value})
        self.assertFalse(job.inspector_id)

    def test_one_label_again_is_counted_reasoned_scanned_and_inspected_again(self):
        job = self.proved(self.serials(3))
        self.inspected(job)
        label = job.label_ids[1]
        with self.assertRaisesRegex(UserError, "reason"):
            job.reprint(label=label.id, reason="")
        answer = job.reprint(label=label.id, reason="Smeared", quantity=2)
        self.assertEqual((job.state, job.printed_quantity, label.printed, job.inspector_id.id),
                         ('printed', 5, 3, False))
        taken = job.take(entry=answer['entry'], file='zpl')
        self.assertIn(b'^PQ2', base64.b64decode(taken['content']))
        job.scan(code=label.code)
        self.assertEqual(job.state, 'proved')
        job.reconcile(used=3, destroyed=2, returned=0)
        with self.assertRaisesRegex(UserError, "second person"):
            job.close()

    def test_the_file_of_a_print_is_handed_out_once_to_who_printed(self):
        job = self.made(self.lot)
        entry = job.print_labels()['entry']
        other = self.user('operator', login='med_operator_2')
        with self.assertRaises(AccessError):
            job.with_user(other).take(entry=entry)
        with self.assertRaisesRegex(UserError, "pdf or zpl"):
            job.take(entry=entry, file='exe')
        taken = job.take(entry=entry)
        self.assertEqual(base64.b64decode(taken['content'])[:5], b'%PDF-')
        self.assertEqual(taken['sha256'], job.pdf_digest)
        for file in ('pdf', 'zpl'):
            with self.assertRaisesRegex(UserError, "has been taken"):
                job.take(entry=entry, file=file)

    def test_a_file_that_was_changed_behind_our_back_is_not_handed_out(self):
        job = self.made(self.lot)
        entry = job.print_labels()['entry']
        attachment = self.env['ir.attachment'].search([
            ('res_model', '=', job._name), ('res_id', '=', job.id), ('res_field', '=', 'pdf')])
        attachment.sudo().raw = b'%PDF-other'
        with self.assertRaisesRegex(UserError, "not the one that was proved"):
            job.take(entry=entry)

    def test_cancelling_printed_labels_needs_all_of_them_back(self):
        job = self.printed(self.lot, copies=5)
        job.scan(code='HELLO')
        with self.assertRaisesRegex(UserError, "Count the labels"):
            job.cancel(reason="Wrong roll")
        job.reconcile(used=1, destroyed=4, returned=0)
        with self.assertRaisesRegex(UserError, "were used"):
            job.cancel(reason="Wrong roll")
        job.reconcile(used=0, destroyed=5, returned=0)
        job.cancel(reason="Wrong roll")
        self.assertEqual(job.state, 'cancelled')

    def test_record_of_the_job_on_paper(self):
        job = self.proved(self.serials(2))
        data, name = job._med_document()
        text = ''.join(page.get_textpage().get_text_bounded()
                       for page in pypdfium2.PdfDocument(data))
        self.assertEqual(name, job.name.replace('/', '-') + '.pdf')
        for shown in (job.name, "SN00001", "Inspection of the labels", "Not confirmed"):
            self.assertIn(shown, text)

    def test_jobs_are_made_from_lots_and_orders(self):
        lots = self.serials(3) | self.lot | self.lot_of(self.tube, 'DEF-456', '2028-01-31')
        action = lots.with_user(self.operator).action_med_label_jobs()
        jobs = self.env['med.label.job'].search(action['domain'])
        self.assertEqual(sorted((job.product_id.id, len(job.lot_ids)) for job in jobs),
                         sorted([(self.stent.id, 3), (self.tube.id, 1), (self.tube.id, 1)]))
        again = lots.with_user(self.operator).action_med_label_jobs()
        self.assertEqual(self.env['med.label.job'].search(again['domain']), jobs)
        self.assertEqual((self.lot.med_label_job_count, self.tube_di.label_job_count), (1, 2))
        lot = self.lot_of(self.tube, 'MADE-1', '2028-01-31')
        order = self.make(self.tube, 1, [(self.product("Raw", 'none'), None, 1)], lot)
        action = order.with_user(self.operator).action_med_label_jobs()
        job = self.env['med.label.job'].browse(action['res_id'])
        self.assertEqual((job.lot_ids, job.production_id), (lot, order))
        self.assertEqual(order.med_label_job_count, 1)

    def test_dialogs_do_what_the_methods_do(self):
        job = self.proved(self.serials(3))

        def step(kind, user, **values):
            return self.env['med.label.step'].with_user(user).create(
                {'job_id': job.id, 'kind': kind, **values}).action_apply()
        step('inspect', self.leader, udi=True, expiry=True, storage=True, handling=True,
             processing=True)
        action = step('reprint', self.operator, label_id=job.label_ids[0].id, reason="Smeared")
        self.assertEqual((action['tag'], action['params']['file']), ('med_label_file', 'pdf'))
        self.scan_due(job)
        step('inspect', self.leader, udi=True, expiry=True, storage=True, handling=True,
             processing=True)
        step('reconcile', self.operator, used=2, destroyed=1, returned=0, reason="One lost")
        step('approve', self.qa, reason="Accepted")
        job.action_close()
        self.assertEqual(job.state, 'closed')
        with self.assertRaises(UserError):
            step('cancel', self.operator, reason="x")
        with self.assertRaises(UserError):
            step('resume', self.qa, reason="x")


@tagged('post_install', '-at_install')
class TestLabelAccess(QuickLabelCase):
    """Who may do what, also by RPC and with hostile defaults."""

    requirement = "P11-10d P11-10g QMSR-45"

    HOSTILE = (
        {'default_state': 'proved'}, {'default_printed_quantity': 0, 'default_state': 'closed'},
        {'default_inspector_id': 2}, {'default_check_udi': True},
        {'default_difference_approver_id': 2}, {'default_used_quantity': 5},
        {'default_label_ids': [Command.create({'sequence': 1, 'name': "x", 'code': "x",
                                               'hri': "x"})]},
        {'default_pdf': 'JVBERi0='}, {'default_preview': 'JVBERi0='},
        {'default_entry_ids': [Command.create({'kind': 'print'})]},
        {'default_printer_ids': [Command.link(2)]},
    )

    def test_no_default_of_a_caller_starts_a_job_further_on(self):
        for context in self.HOSTILE:
            with self.subTest(context), self.assertRaises(UserError), \
                    self.env.cr.savepoint():
                job = self.env['med.label.job'].with_user(self.operator).with_context(
                    **context).create({'product_id': self.tube.id,
                                       'template_id': self.template.id,
                                       'lot_ids': [Command.set(self.lot.ids)]})
                self.assertFalse(job, "a job was made")

    def test_nobody_writes_status_counts_or_persons(self):
        job = self.printed(self.lot, copies=10)
        admin = self.env.ref('base.user_admin')
        for user in (self.operator, self.leader, self.qa, admin):
            record = job.with_user(user).sudo()
            for values in ({'state': 'closed'}, {'printed_quantity': 1}, {'used_quantity': 10},
                           {'inspector_id': self.qa.id}, {'difference_approver_id': self.qa.id},
                           {'check_udi': True}, {'printer_ids': [Command.clear()]},
                           {'pdf': False}, {'preview': False}, {'copies': 5},
                           {'lot_ids': [Command.clear()]}, {'template_id': False},
                           {'label_ids': [Command.clear()]}, {'entry_ids': [Command.clear()]}):
                with self.subTest(user=user.login, values=values), \
                        self.assertRaises(UserError), self.env.cr.savepoint():
                    record.with_context(med_label_permitted=True, bypass=1).write(values)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                record.unlink()

    def test_labels_and_entries_are_written_by_nobody(self):
        job = self.printed(self.lot)
        for user in (self.operator, self.leader, self.qa, self.regulatory, self.viewer):
            for record in (job.label_ids.with_user(user), job.entry_ids[0].with_user(user)):
                for call in (lambda it=record: it.write({'create_uid': 1}), record.unlink,
                             record.copy):
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        call()

    def test_viewer_reads_and_does_nothing(self):
        job = self.made(self.lot)
        mine = job.with_user(self.viewer)
        self.assertEqual(mine.rendering()['state'], 'ready')
        for step in (mine.print_labels, lambda: mine.scan(code="x"), mine.close,
                     lambda: mine.cancel(reason="x"), lambda: mine.resume(reason="x"),
                     lambda: mine.reconcile(used=0, destroyed=0, returned=0),
                     lambda: mine.approve_difference(reason="x"),
                     lambda: mine.take(entry=1), lambda: self.job(self.lot, user=self.viewer),
                     lambda: mine.reprint(label=job.label_ids.id, reason="x")):
            with self.assertRaises(AccessError):
                step()

    def test_files_are_read_by_nobody_past_the_steps(self):
        job = self.made(self.lot)
        for user in (self.operator, self.qa, self.viewer):
            for name in ('pdf', 'zpl'):
                with self.assertRaises(AccessError):
                    job.with_user(user).read([name])

    def test_bad_arguments_change_nothing(self):
        job = self.printed(self.lot, copies=5)
        for step in (lambda: job.scan(code=7), lambda: job.scan(code=" "),
                     lambda: job.reconcile(used=-1, destroyed=0, returned=0),
                     lambda: job.reconcile(used=True, destroyed=0, returned=0),
                     lambda: job.reconcile(used="1", destroyed=0, returned=0),
                     lambda: job.reprint(label=0, reason="x"),
                     lambda: job.reprint(label=job.label_ids.id, reason="x", quantity=0)):
            with self.assertRaises(UserError):
                step()
        self.assertEqual((job.state, job.printed_quantity), ('printed', 5))

    def test_job_of_another_company_is_not_seen(self):
        other = self.env['res.company'].create({'name': "Other labels"})
        job = self.made(self.lot)
        stranger = self.user('operator', login='med_stranger', company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        self.assertFalse(self.env['med.label.job'].with_user(stranger).with_context(
            allowed_company_ids=other.ids).search([('id', '=', job.id)]))
        with self.assertRaises(AccessError):
            job.with_user(stranger).with_context(allowed_company_ids=other.ids).print_labels()
