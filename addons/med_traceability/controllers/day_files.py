from hashlib import sha256

from odoo.addons.med_base.file_answer import file_answer
from odoo.http import Controller, request, route

from .downloads import XLSX


class DayFiles(Controller):
    """The daily report of production as a file; `med.day` decides who gets it."""

    @route('/med/production_day.xlsx', type='http', auth='user', methods=['GET'])
    def production_xlsx(self, day='', time_from='00:00', time_to='24:00', **_unknown):
        """Return the report as a workbook."""
        return self._answer('xlsx', XLSX, '_med_day_xlsx', day, time_from, time_to)

    @route('/med/production_day.pdf', type='http', auth='user', methods=['GET'])
    def production_pdf(self, day='', time_from='00:00', time_to='24:00', **_unknown):
        """Return the report on paper."""
        return self._answer('pdf', 'application/pdf', '_med_day_pdf', day, time_from, time_to)

    def _answer(self, extension, mimetype, make, day, time_from, time_to):
        def file():
            days = request.env['med.day']
            answer = days.production(day=day, time_from=time_from, time_to=time_to)
            data = getattr(days, make)(answer)
            name = days._med_day_filename(answer, extension)
            request.env['med.audit.entry']._record_event('export', None, {
                'file': name, 'sha256': sha256(data).hexdigest()})
            return data, name, mimetype
        return file_answer(file)
