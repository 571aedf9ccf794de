from collections import defaultdict

from odoo import api, models
from odoo.addons.med_base.tools.evidence import canonical_json, digest
from odoo.exceptions import UserError

from ..tools.balance import IN_COLUMNS, OUT_COLUMNS
from ..tools.tables import Column, Table, trace_tables
from ..tools.times import iso
from .stock_lot_tables import PDF_ROWS
from .stock_lot_trace_answer import VERSION

MAX_LOTS = 50


class StockLot(models.Model):
    _inherit = 'stock.lot'

    # ------------------------------------------------------------------ public

    @api.readonly
    def med_evidence(self):
        """Give everything that is on file about these lots, with hashes of the attachments.

        :return: ``{"version", "generated", "database", "user", "lots": [{"lot", "sections",
            "attachments"}]}``; a section is ``{"key", "title", "columns": [{"key", "label",
            "kind"}], "rows": [{column key: value}]}``, kind is text, number, date (ISO, UTC) or
            word (a code); an attachment ``{"name", "model", "res_id", "mimetype", "size",
            "sha256"}``, sha256 empty where the stored file is gone
        :raise UserError: too many lots at once
        """
        self._med_check_evidence()
        return {
            'version': VERSION,
            'generated': f"{self._med_now().replace(' ', 'T')}Z",
            'database': self.env.cr.dbname,
            'user': self.env.user.name,
            'lots': [{
                'lot': {'id': lot.id, 'name': lot.name, 'product': lot.product_id.display_name,
                        'udi': lot._med_udi_text(), 'company': lot.company_id.name or ''},
                'sections': lot._med_evidence_sections(),
                'attachments': lot._med_evidence_attachments(),
            } for lot in self],
        }

    def action_med_evidence_pdf(self):
        """Download the evidence file of these lots as PDF."""
        return self._med_evidence_action('pdf')

    def action_med_evidence_json(self):
        """Download the evidence file of these lots as JSON."""
        return self._med_evidence_action('json')

    def _med_evidence_action(self, form):
        self._med_check_evidence()
        return {
            'type': 'ir.actions.act_url', 'target': 'download',
            'url': f"/med/evidence.{form}?lot_ids={','.join(map(str, self.ids))}",
        }

    def _med_check_evidence(self):
        self.env['med.genealogy.event'].check_access('read')
        if not self:
            raise UserError(self.env._("Choose the lots whose evidence is wanted."))
        if len(self) > MAX_LOTS:
            raise UserError(self.env._(
                "An evidence file covers at most %(most)s lots, and %(asked)s were given. Ask for "
                "them in parts.", most=MAX_LOTS, asked=len(self)))
        self._med_check_lots()

    # ------------------------------------------------------------------ files

    def _med_evidence_json(self):
        """Return the evidence as canonical bytes: the same that the PDF embeds."""
        return canonical_json(self.med_evidence())

    def _med_evidence_pdf(self):
        """Return the evidence as the bytes of a PDF.

        The canonical JSON is embedded, and its SHA-256 is printed on every page, so that paper
        and file can be compared.
        """
        answer = self.med_evidence()
        data = canonical_json(answer)
        words, limit = self._med_words(), max(PDF_ROWS // len(self), 10)
        lots = [{
            **entry['lot'],
            'sections': [self._med_print_section(section, words, limit) for section in (
                *entry['sections'], self._med_attachment_section(entry['attachments'], words))],
        } for entry in answer['lots']]
        first = answer['lots'][0]['lot']
        return self._med_render_pdf('med_traceability.evidence_document', {
            'title': self.env._("Evidence file"), 'lots': lots, 'digest': digest(data),
            'subject': f"{first['name']} · {first['product']}" if len(lots) == 1
            else self.env._("%s lots", len(lots)),
            'company': self.company_id.name if len(self.company_id) == 1
            else self.env.company.name,
        }, [('evidence.json', self.env._("This evidence as data"), data)])

    @api.model
    def _med_print_section(self, section, words, limit):
        columns = tuple(Column(column['key'], column['label'], column.get('kind', 'text'))
                        for column in section['columns'])
        rows = tuple(tuple(row[column.key] for column in columns) for row in section['rows'])
        table = Table(section['key'], section['title'], columns, rows)
        return self._med_print_table(table, words, limit) | {'form': section.get('form', False)}

    @api.model
    def _med_attachment_section(self, attachments, words):
        columns = (('name', 'text'), ('model', 'text'), ('mimetype', 'text'), ('size', 'number'),
                   ('sha256', 'text'))
        return {
            'key': 'attachments', 'title': words['attachments'], 'rows': attachments,
            'columns': [{'key': key, 'kind': kind,
                         'label': words.get(f'attachments.{key}', words[key])}
                        for key, kind in columns]}

    # ------------------------------------------------------------------ sections

    def _med_evidence_sections(self):
        """Return what is on file about one lot, as a list of sections (see `med_evidence`).

        An addon above extends it: it calls super() and adds its own. A section with ``form`` true
        has one row, and is printed field by field.
        """
        self.ensure_one()
        words = self._med_words()
        trace = self.med_trace(direction='both')
        [balance] = self.med_balance()['lots']
        backward = {table.key: table for table in trace_tables(trace['backward'], words)}
        forward = {table.key: table for table in trace_tables(trace['forward'], words)}
        _ = self.env._
        return [
            self._med_identity_section(),
            self._med_table_section('suppliers', _("Received from"), backward['suppliers']),
            self._med_table_section('made_of', _("Made of"), self._med_without_roots(
                backward['lots'])),
            self._med_table_section('made_into', _("Went into"), self._med_without_roots(
                forward['lots'])),
            self._med_table_section('consignees', _("Delivered to"), forward['consignees']),
            self._med_table_section('stock', _("Where the rest stands"), forward['stock']),
            self._med_balance_section(balance),
            self._med_postings_section(balance),
            self._med_events_section(trace, backward['events'].columns),
            self._med_parts_section(),
            self._med_scans_section(),
            self._med_discrepancies_section(),
        ]

    @api.model
    def _med_section(self, key, title, columns, rows, **more):
        """Return a section; columns are (key, label, kind)."""
        return {
            'key': key, 'title': title, 'rows': rows, **more,
            'columns': [{'key': name, 'label': label, 'kind': kind}
                        for name, label, kind in columns]}

    @api.model
    def _med_table_section(self, key, title, table):
        columns = [(column.key, column.label, column.kind) for column in table.columns]
        return self._med_section(key, title, columns, [
            dict(zip([column.key for column in table.columns], row, strict=True))
            for row in table.rows])

    @api.model
    def _med_without_roots(self, table):
        level = [column.key for column in table.columns].index('level')
        return Table(table.key, table.title, table.columns,
                     tuple(row for row in table.rows if row[level]))

    def _med_identity_section(self):
        _, product = self.env._, self.product_id
        fields = [
            ('name', _("Lot/Serial"), 'text', self.name),
            ('tracking', _("Tracking"), 'word', product.tracking),
            ('product', _("Product"), 'text', product.with_context(
                display_default_code=False).display_name),
            ('code', _("Internal reference"), 'text', product.default_code or ''),
            ('udi', _("UDI"), 'text', self._med_udi_text()),
            ('batch', _("Batch"), 'text', self.med_batch or ''),
            ('manufactured', _("Manufacturing date"), 'text', str(self.med_manufactured or '')),
            ('supplier', _("Supplier of the lot number"), 'text',
             self.med_supplier_id.display_name or ''),
            ('supplier_lot', _("Supplier's lot"), 'text', self.med_supplier_lot or ''),
            ('reference', _("Reference of the lot"), 'text', self.ref or ''),
            ('company', _("Company"), 'text', self.company_id.name or ''),
            ('controlled', _("Controlled medical device"), 'word', product.med_controlled),
            ('expiration', _("Expiration (UTC)"), 'date', iso(self.expiration_date)),
            ('created', _("On file since (UTC)"), 'date', iso(self.create_date)),
            ('created_by', _("Entered by"), 'text', self.create_uid.name or ''),
        ]
        return self._med_section(
            'identity', _("Identity"), [field[:3] for field in fields],
            [{key: value for key, _label, _kind, value in fields}], form=True)

    def _med_balance_section(self, balance):
        _ = self.env._
        labels = {
            'received': _("Received"), 'made': _("Made"), 'recovered': _("Recovered"),
            'returned': _("Returned by consignees"), 'transferred_in': _("Transferred in"),
            'gained': _("Found at inventory"), 'in_total': _("Total in"),
            'consumed': _("Consumed"), 'shipped': _("Shipped"),
            'vendor_returned': _("Returned to supplier"),
            'transferred_out': _("Transferred out"), 'scrapped': _("Scrapped"),
            'lost': _("Missing at inventory"), 'out_total': _("Total out"),
            'on_hand': _("On hand"), 'difference': _("Difference"), 'balanced': _("Balanced"),
        }
        keys = (*IN_COLUMNS, 'in_total', *OUT_COLUMNS, 'out_total', 'on_hand', 'difference')
        columns = [(key, labels.get(key, key), 'number') for key in keys]
        columns += [('uom', _("Unit"), 'text'), ('balanced', labels['balanced'], 'word')]
        return self._med_section(
            'balance', _("Balance"), columns, [{key: balance[key] for key, *_rest in columns}],
            form=True)

    def _med_postings_section(self, balance):
        words = self._med_words() | {'side': self.env._("In or out")}
        columns = [(key, words[key], kind) for key, kind in (
            ('date', 'date'), ('kind', 'word'), ('name', 'text'), ('partner', 'text'),
            ('side', 'word'), ('quantity', 'number'))]
        return self._med_section(
            'postings', self.env._("Movements of this lot"), columns,
            [{key: row[key] for key, *_rest in columns} for row in balance['postings']])

    def _med_events_section(self, trace, columns):
        events = {event['id']: event for way in ('backward', 'forward')
                  for event in trace[way]['events']}
        rows = [{column.key: ', '.join(value) if isinstance(value, list) else value
                 for column in columns for value in [event[column.key]]}
                for event in sorted(events.values(), key=lambda e: (e['date'], e['id']))]
        return self._med_section(
            'events', self.env._("Events on the way"),
            [(column.key, column.label, column.kind) for column in columns], rows)

    def _med_parts_section(self):
        """Return who recorded which part into which unit, this lot being either."""
        _ = self.env._
        links = self.env['med.genealogy.link'].search(
            ['|', ('input_lot_id', '=', self.id), ('output_lot_id', '=', self.id)]).sudo()
        columns = [
            ('unit', _("Device unit"), 'text'), ('part', _("Part"), 'text'),
            ('product', _("Product of the part"), 'text'), ('quantity', _("Quantity"), 'number'),
            ('order', _("Order"), 'text'), ('source', _("How"), 'word'),
            ('user', _("Recorded by"), 'text'), ('date', _("Time (UTC)"), 'date')]
        return self._med_section('parts', _("Recorded parts"), columns, [{
            'unit': link.output_lot_id.name, 'part': link.input_lot_id.name,
            'product': link.input_lot_id.product_id.display_name, 'quantity': link.quantity,
            'order': link.production_id.name, 'source': link.source, 'user': link.user_id.name,
            'date': iso(link.create_date)} for link in links])

    def _med_scans_section(self):
        """Return which labels of this lot were scanned, where, when and by whom (QMSR-35c)."""
        _ = self.env._
        scans = self.env['med.udi.scan'].sudo().search(
            [('undone', '=', False), '|', ('lot_id', '=', self.id),
             ('move_line_id.lot_id', '=', self.id)], order='id')
        columns = [
            ('date', _("Time (UTC)"), 'date'), ('label', _("Label"), 'text'),
            ('quantity', _("Quantity"), 'number'), ('document', _("Document"), 'text'),
            ('user', _("Scanned by"), 'text')]
        return self._med_section('scans', _("Labels scanned"), columns, [{
            'date': iso(scan.create_date), 'label': scan.hri, 'quantity': scan.quantity,
            'document': scan.picking_id.name or scan.production_id.name or '',
            'user': scan.user_id.name} for scan in scans])

    def _med_discrepancies_section(self):
        """Return what was found wrong with labels of this lot, and how it was settled."""
        _ = self.env._
        records = self.sudo().med_discrepancy_ids.sorted('id')
        words = dict(records._fields['conclusion']._description_selection(self.env))
        columns = [
            ('number', _("Number"), 'text'), ('date', _("Time (UTC)"), 'date'),
            ('message', _("What is wrong"), 'text'), ('document', _("Document"), 'text'),
            ('user', _("Found by"), 'text'), ('conclusion', _("Conclusion"), 'text'),
            ('note', _("Grounds"), 'text'), ('settled_by', _("Settled by"), 'text'),
            ('settled', _("Settled (UTC)"), 'date')]
        return self._med_section('discrepancies', _("Discrepancies"), columns, [{
            'number': one.name, 'date': iso(one.create_date), 'message': one.message,
            'document': one.picking_id.name or one.production_id.name or '',
            'user': one.user_id.name, 'conclusion': words.get(one.conclusion, ''),
            'note': one.note or '', 'settled_by': one.settled_uid.name or '',
            'settled': iso(one.settled_date)} for one in records])

    # ------------------------------------------------------------------ attachments

    def _med_evidence_documents(self):
        """Return ``{model: ids}`` of the documents whose attachments belong to this lot."""
        self.ensure_one()
        documents = defaultdict(set)
        documents['stock.lot'].add(self.id)
        for posting in self.med_balance()['lots'][0]['postings']:
            documents[posting['model']].add(posting['res_id'])
        return documents

    def _med_evidence_attachments(self):
        """Return the files of this lot and its documents that the reader may see, with hashes."""
        rows = []
        for model, res_ids in sorted(self._med_evidence_documents().items()):
            if model not in self.env:
                continue
            for file in self.env['ir.attachment'].search([
                    ('res_model', '=', model), ('res_id', 'in', list(res_ids)),
                    ('type', '=', 'binary')], order='id'):
                data = file.raw or b''
                rows.append({
                    'name': file.name, 'model': model, 'res_id': file.res_id,
                    'mimetype': file.mimetype or '', 'size': file.file_size,
                    'sha256': digest(data) if data or not file.file_size else ''})
        return rows
