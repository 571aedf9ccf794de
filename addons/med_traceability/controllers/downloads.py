import re
from hashlib import sha256

from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

MAX_LOTS = 50_000
XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


class Downloads(Controller):
    """Traces and evidence as files.

    The methods of the models decide who may see what; nothing here goes around them. Each file is
    an entry of the audit trail, which is why no replica can serve it. A bad
    parameter is answered with one sentence and 400, a lot one may not read with 403.
    """

    @route('/med/trace.xlsx', type='http', auth='user', methods=['GET'])
    def trace_xlsx(self, lot_ids='', direction='forward', depth='0', **_unknown):
        """Return a trace as a workbook; ``lot_ids`` are numbers joined by commas."""
        return self._answer('trace', 'xlsx', XLSX, lot_ids, lambda lots: lots._med_trace_xlsx(
            lots.med_trace(direction=direction, depth=self._number(depth, 'depth'))))

    @route('/med/trace.pdf', type='http', auth='user', methods=['GET'])
    def trace_pdf(self, lot_ids='', direction='forward', depth='0', **_unknown):
        """Return a trace as a report on paper."""
        return self._answer(
            'trace', 'pdf', 'application/pdf', lot_ids, lambda lots: lots._med_trace_pdf(
                lots.med_trace(direction=direction, depth=self._number(depth, 'depth'))))

    @route('/med/evidence.pdf', type='http', auth='user', methods=['GET'])
    def evidence_pdf(self, lot_ids='', **_unknown):
        """Return the evidence file on paper, with its data embedded."""
        return self._answer('evidence', 'pdf', 'application/pdf', lot_ids,
                            lambda lots: lots._med_evidence_pdf())

    @route('/med/evidence.json', type='http', auth='user', methods=['GET'])
    def evidence_json(self, lot_ids='', **_unknown):
        """Return the evidence file as data, in its canonical form."""
        return self._answer('evidence', 'json', 'application/json; charset=utf-8', lot_ids,
                            lambda lots: lots._med_evidence_json())

    # ------------------------------------------------------------------

    def _answer(self, name, extension, mimetype, lot_ids, make):
        """Return the file that `make` makes of the lots, or a sentence that says what is wrong."""
        def file():
            lots = self._lots(lot_ids)
            data, filename = make(lots), self._filename(name, lots, extension)
            request.env['med.audit.entry']._record_event('export', lots[0], {
                'file': filename, 'lots': len(lots), 'sha256': sha256(data).hexdigest()})
            return data, filename, mimetype
        return file_answer(file)

    def _lots(self, text):
        """Return the lots of a list of numbers, in that order; all of them readable."""
        parts = text.split(',', MAX_LOTS) if text.strip() else []
        if not parts or len(parts) > MAX_LOTS:
            raise UserError(request.env._(
                "The lot_ids must be between 1 and %s numbers joined by commas.", MAX_LOTS))
        lots = request.env['stock.lot'].browse(
            dict.fromkeys(self._number(part, 'lot_ids') for part in parts))
        if len(request.env['stock.lot'].search_fetch([('id', 'in', lots.ids)], ['name'])) \
                != len(lots):
            raise AccessError(request.env._(
                "One of these lots does not exist, or you may not read it."))
        return lots

    def _number(self, text, name):
        if not re.fullmatch(r'\s*[0-9]{1,9}\s*', text, re.ASCII):
            raise UserError(request.env._(
                "The value of %(name)s must be a whole number from 0, not \"%(value)s\".",
                name=name, value=text[:40]))
        return int(text)

    def _filename(self, name, lots, extension):
        """Return a name that any file system takes; the lot's own when there is but one."""
        lot = re.sub(r'[^\w.-]+', '_', lots.name).strip('._')[:60] if len(lots) == 1 else len(lots)
        return f'{name}_{lot}.{extension}'
