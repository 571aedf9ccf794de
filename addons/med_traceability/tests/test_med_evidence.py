import hashlib
import io
import json
from datetime import datetime

from odoo.addons.med_base.tests.common import MedCase
from odoo.addons.med_traceability.models import stock_lot_evidence, stock_lot_tables
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.mimetypes import guess_mimetype
from pypdf import PdfReader


@tagged('post_install', '-at_install')
class TestMedEvidence(MedCase):
    """T8: the evidence of a lot, for a person and for a program, is complete and comparable."""

    requirement = "T8 T2 T3 EU-25 ISO-7.5.9.1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock = cls.env['stock.warehouse'].search(
            [('company_id', '=', cls.env.company.id)], limit=1).lot_stock_id
        cls.supplier = cls.env['res.partner'].create(
            {'name': "Polymers", 'country_id': cls.env.ref('base.cn').id})
        cls.hospital = cls.env['res.partner'].create(
            {'name': "Klinikum", 'country_id': cls.env.ref('base.de').id})
        cls.product = cls.env['product.product'].create({
            'name': "导管 <b>Kit</b>", 'is_storable': True, 'tracking': 'lot',
            'default_code': 'K', 'med_controlled': True})
        cls.lot, cls.new = cls.env['stock.lot'].create([
            {'name': name, 'product_id': cls.product.id} for name in ('L/1 "批"', 'unused')])
        cls.lot.write({'med_supplier_lot': 'S-9', 'expiration_date': datetime(2030, 1, 31)})
        cls.receipt = cls._picking('stock.stock_location_suppliers', cls.supplier, 10)
        cls.repack = cls.env['med.repack'].create({
            'kind': 'split', 'reason': "Sample", 'location_id': cls.stock.id,
            'input_ids': [Command.create({'lot_id': cls.lot.id, 'quantity': 3})],
            'output_ids': [Command.create({
                'product_id': cls.product.id, 'lot_name': 'L2', 'quantity': 3})]})
        cls.repack.action_post()
        cls.part = cls.repack.output_ids.lot_id
        cls._picking('stock.stock_location_customers', cls.hospital, 2)
        cls.viewer = cls.user('viewer')

    @classmethod
    def _picking(cls, place, partner, quantity):
        """Return a posted receipt from, or delivery to, a place of a partner."""
        warehouse, place = cls.stock.warehouse_id, cls.env.ref(place)
        incoming = place.usage == 'supplier'
        kind = warehouse.in_type_id if incoming else warehouse.out_type_id
        source, target = (place, cls.stock) if incoming else (cls.stock, place)
        picking = cls.env['stock.picking'].create({
            'picking_type_id': kind.id, 'partner_id': partner.id, 'location_id': source.id,
            'location_dest_id': target.id, 'move_ids': [Command.create({
                'product_id': cls.product.id, 'product_uom_qty': quantity,
                'location_id': source.id, 'location_dest_id': target.id})]})
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.write({'picked': True, 'move_line_ids': [Command.create({
            'product_id': cls.product.id, 'quantity': quantity, 'lot_id': cls.lot.id,
            'picking_id': picking.id, 'location_id': source.id,
            'location_dest_id': target.id})]})
        picking.move_ids._action_done()
        return picking

    def _attach(self, record, content, **values):
        return self.env['ir.attachment'].create({
            'name': "certificate.txt", 'raw': content, 'res_model': record._name,
            'res_id': record.id, **values})

    def _evidence(self, lot=None, user=None):
        [entry] = (lot or self.lot).with_user(user or self.viewer).med_evidence()['lots']
        return entry, {section['key']: section for section in entry['sections']}

    # ------------------------------------------------------------------ content

    def test_evidence_says_what_the_lot_is_where_from_where_to_and_that_it_balances(self):
        entry, sections = self._evidence()
        self.assertEqual(entry['lot']['name'], 'L/1 "批"')
        [identity] = sections['identity']['rows']
        self.assertEqual(
            (identity['supplier_lot'], identity['expiration'], identity['controlled']),
            ('S-9', '2030-01-31T00:00:00Z', True))
        [supplier] = sections['suppliers']['rows']
        self.assertEqual((supplier['partner'], supplier['received'], supplier['exact']),
                         ("Polymers", 10, 'exact'))
        self.assertEqual([row['name'] for row in sections['made_into']['rows']], ['L2'])
        [consignee] = sections['consignees']['rows']
        self.assertEqual((consignee['partner'], consignee['net'], consignee['country']),
                         ("Klinikum", 2, "Germany"))
        self.assertEqual({(row['lot'], row['quantity']) for row in sections['stock']['rows']},
                         {('L/1 "批"', 5), ('L2', 3)})
        [balance] = sections['balance']['rows']
        self.assertEqual((balance['in_total'], balance['out_total'], balance['on_hand'],
                          balance['balanced']), (10, 5, 5, True))
        self.assertEqual([row['kind'] for row in sections['events']['rows']],
                         ['receipt', 'split', 'delivery'])
        self.assertEqual(sections['events']['rows'][1]['reason'], "Sample")
        _entry, sections = self._evidence(self.part)
        self.assertEqual([row['name'] for row in sections['made_of']['rows']], ['L/1 "批"'])
        self.assertEqual(sections['suppliers']['rows'][0]['partner'], "Polymers")

    def test_every_section_has_a_title_and_a_value_for_each_of_its_columns(self):
        for lot in (self.lot, self.new):
            for section in self._evidence(lot)[0]['sections']:
                keys = [column['key'] for column in section['columns']]
                self.assertTrue(section['title'] and keys)
                self.assertTrue(all(column['label'] != column['key'] or not column['key'].islower()
                                    for column in section['columns']), section['key'])
                for row in section['rows']:
                    self.assertEqual(list(row), keys)
                    self.assertNotIn(None, row.values())

    def test_parts_recorded_into_a_unit_are_evidence_of_unit_and_part(self):
        order = self.env['mrp.production'].create({'product_id': self.product.id})
        self.env['med.genealogy.link'].create({
            'production_id': order.id, 'input_lot_id': self.lot.id,
            'output_lot_id': self.part.id, 'quantity': 2, 'source': 'scan',
            'user_id': self.viewer.id})
        for lot in (self.lot, self.part):
            [row] = self._evidence(lot)[1]['parts']['rows']
            self.assertEqual(
                (row['unit'], row['part'], row['quantity'], row['order'], row['source']),
                ('L2', 'L/1 "批"', 2, order.name, 'scan'))
            self.assertEqual(row['user'], self.viewer.name)

    def test_attachment_is_listed_with_the_hash_of_its_stored_bytes(self):
        content = "质检单".encode() * 999
        self._attach(self.lot, content)
        self._attach(self.receipt, b'other', name="a.bin")
        self._attach(self.repack, b'', name="empty")
        self._attach(self.new, b'of another lot')
        files = self._evidence()[0]['attachments']
        self.assertEqual(
            {(file['name'], file['model'], file['size'], file['sha256']) for file in files},
            {("certificate.txt", 'stock.lot', len(content), hashlib.sha256(content).hexdigest()),
             ("a.bin", 'stock.picking', 5, hashlib.sha256(b'other').hexdigest()),
             ("empty", 'med.repack', 0, hashlib.sha256(b'').hexdigest())})

    def test_attachment_whose_file_is_gone_has_no_hash(self):
        file = self._attach(self.lot, b'gone')
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = 'no/such', db_datas = NULL WHERE id = %s",
            [file.id])
        file.invalidate_recordset()
        [row] = self._evidence()[0]['attachments']
        self.assertEqual((row['size'], row['sha256']), (4, ''))

    def test_attachment_that_the_reader_may_not_see_is_not_listed(self):
        self._attach(self.lot, b'secret', res_field='note')
        self.assertEqual(self._evidence()[0]['attachments'], [])

    def test_addon_above_adds_a_section_of_its_own(self):
        own = {'key': 'udi', 'title': "UDI", 'rows': [{'di': '0952'}],
               'columns': [{'key': 'di', 'label': "Device identifier"}]}
        sections = type(self.lot)._med_evidence_sections
        self.patch(type(self.lot), '_med_evidence_sections', lambda lot: [*sections(lot), own])
        self.assertEqual(self._evidence()[0]['sections'][-1], own)
        self.assertIn("Device identifier", self._text(self.lot._med_evidence_pdf()))

    # ------------------------------------------------------------------ form

    def test_evidence_is_plain_data_in_a_canonical_form(self):
        answer = json.loads(self.lot.with_user(self.viewer)._med_evidence_json())
        self.assertEqual(
            (answer['version'], answer['database'], answer['user']),
            (1, self.env.cr.dbname, self.viewer.name))
        self.assertRegex(answer['generated'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$')
        again = json.dumps(answer, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
        self.patch(stock_lot_tables.StockLot, '_med_now', lambda lot: answer['generated'][:-1])
        self.assertEqual(self.lot.with_user(self.viewer)._med_evidence_json(), again.encode())

    def _text(self, data):
        return '\n'.join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)

    def test_paper_embeds_the_data_and_prints_its_hash_on_every_page(self):
        data = self.lot.with_user(self.viewer)._med_evidence_pdf()
        reader = PdfReader(io.BytesIO(data))
        [embedded] = reader.attachments['evidence.json']
        digest = hashlib.sha256(embedded).hexdigest()
        for number, page in enumerate(reader.pages, 1):
            text = page.extract_text()
            self.assertIn(digest, ''.join(text.split()))
            self.assertIn(f"Page {number} of {len(reader.pages)}", text)
            self.assertIn('L/1 "批"', text)
            self.assertIn(self.viewer.name, text)
            self.assertIn(self.env.cr.dbname, text)
        self.assertEqual(json.loads(embedded)['lots'][0]['lot']['id'], self.lot.id)
        text = self._text(data)
        for word in ("Polymers", "Klinikum", "Sample", "导管 <b>Kit</b>", "Balance"):
            self.assertIn(word, text)

    def test_rows_that_are_not_printed_are_counted_and_all_are_in_the_data(self):
        self.patch(stock_lot_evidence, 'PDF_ROWS', 1)
        self.patch(stock_lot_evidence, 'max', lambda *numbers: numbers[0])
        data = self.lot._med_evidence_pdf()
        self.assertIn("2 of 3 rows are not printed", self._text(data).replace('\n', ' '))
        answer = json.loads(PdfReader(io.BytesIO(data)).attachments['evidence.json'][0])
        events = next(s for s in answer['lots'][0]['sections'] if s['key'] == 'events')
        self.assertEqual(len(events['rows']), 3)

    def test_trace_report_and_workbook_are_what_they_say(self):
        answer = self.lot.med_trace()
        text = self._text(self.lot._med_trace_pdf(answer))
        for word in ("Trace report", "Klinikum", "L2", "Consignees"):
            self.assertIn(word, text)
        self.assertEqual(
            guess_mimetype(self.lot._med_trace_xlsx(self.lot.med_trace(direction='both'))),
            'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')

    def test_every_word_of_a_table_is_known(self):
        words = self.lot._med_words()
        for table in stock_lot_evidence.trace_tables(self.lot.med_trace(), words):
            self.assertIn(table.key, words)
            for column in table.columns:
                self.assertIn(column.key, words)
        for kind in dict(self.env['med.genealogy.event']._fields['kind'].selection):
            self.assertIn(f'word.{kind}', words)

    def test_failure_to_typeset_is_one_sentence(self):
        self.env.ref('med_base.document_style').arch_db = (
            '<t t-name="x"><img src="file:///etc/passwd"/></t>')
        with self.assertRaisesRegex(UserError, "could not be made .*not allowed"):
            self.lot._med_evidence_pdf()

    # ------------------------------------------------------------------ who

    def test_lot_of_another_company_and_user_without_a_role_are_refused(self):
        company = self.env['res.company'].create({'name': "Other"})
        foreign = self.env['stock.lot'].create({
            'name': 'F', 'product_id': self.product.id, 'company_id': company.id})
        for lot, user in ((foreign, self.viewer), (self.lot, self.user('')),
                          (self.lot, self.user('system_admin')),
                          (self.lot, self.user('portal_dealer'))):
            for ask in (lambda lots: lots.med_evidence(),
                        lambda lots: lots.action_med_evidence_pdf()):
                with self.assertRaises(AccessError):
                    ask(lot.with_user(user))

    def test_too_many_lots_and_none_are_refused(self):
        lots = self.env['stock.lot'].browse(range(1, 1_000_000)).with_user(self.viewer)
        for asked in (lots.browse(), lots):
            with self.assertRaises(UserError):
                asked._med_check_evidence()

    def test_buttons_download_the_files(self):
        action = self.lot.with_user(self.viewer).action_med_evidence_json()
        self.assertEqual((action['type'], action['url']),
                         ('ir.actions.act_url', f'/med/evidence.json?lot_ids={self.lot.id}'))
        self.assertIn('/med/evidence.pdf?', self.lot.action_med_evidence_pdf()['url'])
