from datetime import datetime, timezone

from odoo import api, models
from odoo.addons.med_base.tools.evidence import readable

from ..tools.tables import Column, Table, in_words, trace_tables
from ..tools.workbook import make_workbook

PDF_ROWS = 300
"""Rows of a table that are printed; the workbook or the embedded file has all."""


class StockLot(models.Model):
    _inherit = 'stock.lot'

    # ------------------------------------------------------------------ words

    @api.model
    def _med_words(self):
        """Return ``{key: text}`` in the reader's language: titles, headings, words for codes.

        An addon that adds a table, a column or a code adds its words here.
        """
        _ = self.env._
        kinds = self.env['med.genealogy.event']._fields['kind']._description_selection(self.env)
        usages = self.env['stock.location']._fields['usage']._description_selection(self.env)
        sources = self.env['med.genealogy.link']._fields['source']._description_selection(self.env)
        return {
            **{f'word.{code}': word for code, word in (*usages, *sources, *kinds)},
            'word.exact': _("exact"), 'word.possible': _("possible"),
            'word.forward': _("forward"), 'word.backward': _("backward"),
            'word.both': _("both directions"), 'word.lot': _("lot"), 'word.serial': _("serial"),
            'word.none': _("untracked"), 'word.expired': _("expired"),
            'word.own_company': _("own company"), 'word.in': _("out of stock"),
            'word.out': _("into stock"), 'word.True': _("yes"), 'word.False': _("no"),
            'summary': _("Summary"), 'lots': _("Lots"), 'edges': _("Edges"),
            'consignees': _("Consignees"), 'suppliers': _("Suppliers"), 'stock': _("Stock"),
            'events': _("Events"), 'attachments': _("Attachments"),
            'direction': _("Direction"), 'level': _("Level"), 'name': _("Document"),
            'lots.name': _("Lot/Serial"), 'attachments.name': _("File"), 'lot': _("Lot/Serial"),
            'product': _("Product"), 'tracking': _("Tracking"), 'exact': _("Exact or possible"),
            'company': _("Company"), 'expiration': _("Expiration (UTC)"),
            'on_hand': _("On hand"), 'uom': _("Unit"), 'state': _("Status"), 'from': _("From"),
            'from_product': _("From product"), 'to': _("To"), 'to_product': _("To product"),
            'quantity': _("Quantity"), 'kind': _("Kind"), 'event': _("Document"),
            'date': _("Time (UTC)"), 'partner': _("Partner"), 'country': _("Country"),
            'consignees.partner': _("Delivered to"), 'payer': _("Paid by"),
            'own_company': _("Own company"), 'shipped': _("Shipped"),
            'returned': _("Returned"), 'net': _("Net"), 'received': _("Received"),
            'documents': _("Documents"), 'location': _("Location"), 'usage': _("Kind of place"),
            'operators': _("Operators"), 'workcenters': _("Work centres"),
            'reason': _("Reason"), 'mimetype': _("Type"), 'size': _("Bytes"),
            'model': _("Of"), 'sha256': _("SHA-256"), 'number': _("Figure"), 'value': _("Value"),
        }

    # ------------------------------------------------------------------ the report of a trace

    @api.model
    def _med_trace_summary(self, answer, words):
        """Return the first table of a report: what was asked, by whom, and the totals."""
        _ = self.env._
        parts = [answer[way] for way in ('forward', 'backward')] \
            if answer['direction'] == 'both' else [answer]
        roots = {lot['id']: lot for part in parts for lot in part['lots'] if not lot['level']}
        rows = [
            (_("Traced"), ', '.join(f"{lot['name']} ({lot['product']})"
                                    for lot in list(roots.values())[:20])
             + (' …' if len(roots) > 20 else '')),
            (_("Number of lots traced"), len(roots)),
            *((_("UDI"), head['udi']) for head in answer['heads'] if head['udi']),
            (_("Direction"), in_words(answer['direction'], 'word', words)),
            (_("Steps"), answer['depth'] or _("to the end")),
            (_("Made (UTC)"), self._med_now()),
            (_("Made by"), self.env.user.name),
            (_("Database"), self.env.cr.dbname),
        ]
        labels = {
            'lots': _("Lots and serials"), 'exact': _("of these exact"),
            'possible': _("of these possible"), 'edges': _("Edges"),
            'consignees': _("Consignees"), 'countries': _("Countries"),
            'suppliers': _("Suppliers"), 'operators': _("Operators"),
            'loads': _("Loads at processors")}
        for part in parts:
            way = f" ({in_words(part['direction'], 'word', words)})" if len(parts) > 1 else ''
            rows += [(f'{label}{way}', part['totals'][key]) for key, label in labels.items()
                     if key in part['totals']]
            for label, count in (
                    (_("Edges left out of the list"), part['edges_left_out']),
                    (_("Lots withheld (other companies)"), part['withheld']['lots']),
                    (_("Consignees withheld (other companies)"), part['withheld']['consignees'])):
                if count:
                    rows.append((f'{label}{way}', count))
        columns = (Column('number', words['number']), Column('value', words['value']))
        return Table('summary', words['summary'], columns, tuple(rows))

    @api.model
    def _med_trace_xlsx(self, answer):
        """Return a trace as the bytes of a workbook."""
        words = self._med_words()
        return make_workbook(
            (self._med_trace_summary(answer, words), *trace_tables(answer, words)), words)

    @api.model
    def _med_trace_pdf(self, answer):
        """Return a trace as the bytes of a PDF; long tables are cut, and say so."""
        words = self._med_words()
        tables = [table for table in trace_tables(answer, words) if table.key != 'edges']
        summary = self._med_trace_summary(answer, words)
        return self._med_render_pdf('med_traceability.trace_document', {
            'title': self.env._("Trace report"), 'words': words,
            'traced': summary.rows[0][1], 'summary': summary.rows[1:],
            'subject': summary.rows[0][1] if summary.rows[1][1] == 1
            else self.env._("%s lots", summary.rows[1][1]),
            'tables': [self._med_print_table(table, words) for table in tables],
        })

    # ------------------------------------------------------------------ printing

    @api.model
    def _med_now(self):
        return datetime.now(timezone.utc).strftime('%Y-%m-%d %H:%M:%S')

    @api.model
    def _med_print_table(self, table, words, limit=PDF_ROWS):
        """Return a table as the templates take it: texts, and how many rows were left out."""
        rows = [[readable(in_words(value, column.kind, words), column.kind)
                 for value, column in zip(row, table.columns, strict=True)]
                for row in table.rows[:limit]]
        used = [n for n in range(len(table.columns)) if any(row[n] for row in rows)] \
            or range(len(table.columns))
        return {
            'key': table.key, 'title': table.title, 'count': len(table.rows),
            'columns': [table.columns[n] for n in used],
            'left_out': self.env._(
                "%(left)s of %(all)s rows are not printed.",
                left=len(table.rows) - len(rows), all=len(table.rows))
            if len(table.rows) > len(rows) else '',
            'rows': [[row[n] for n in used] for row in rows],
        }

    @api.model
    def _med_render_pdf(self, template, values, attachments=()):
        """Return the bytes of a PDF typeset from a QWeb template.

        :raises UserError: it could not be typeset
        """
        return self.env['med.document']._render_pdf(template, values, attachments)
