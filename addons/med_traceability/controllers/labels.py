import base64

from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

TYPES = {'pdf': 'application/pdf', 'zpl': 'application/octet-stream'}


class Labels(Controller):
    """Label files, each once for each print, and the record of a job.

    The methods of the job decide who may have what, and write it into the audit trail.
    """

    @route('/med/label.<string(length=3):file>', type='http', auth='user',
           methods=['GET', 'POST'], readonly=False)
    def label_file(self, file, job='', entry='', **_unknown):
        """Return the file of a print as PDF or ZPL."""
        def make():
            taken = self._job(job).take(entry=self._number(entry), file=file)
            return base64.b64decode(taken['content']), taken['filename'], TYPES.get(file, '')
        return file_answer(make)

    @route('/med/label_job.pdf', type='http', auth='user', methods=['GET'], readonly=False)
    def job_document(self, job='', **_unknown):
        """Return the record of a label job on paper."""
        return file_answer(lambda: (*self._job(job)._med_document(), TYPES['pdf']))

    def _job(self, text):
        job = request.env['med.label.job'].browse(self._number(text))
        if not job.search_count([('id', '=', job.id)]):
            raise AccessError(request.env._(
                "This label job does not exist, or you may not read it."))
        return job

    def _number(self, text):
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise UserError(request.env._("The job and the entry are whole numbers."))
        return int(text)
