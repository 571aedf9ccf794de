import re
from hashlib import sha256

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, content_disposition, request, route

from .downloads import XLSX

TYPES = {'xlsx': XLSX, 'csv': 'text/csv; charset=utf-8'}


class UdiDownloads(Controller):
    """Device identifiers as a spreadsheet: the template, or those of an export."""

    @route(['/med/udi.xlsx', '/med/udi.csv'], type='http', auth='user', methods=['GET'])
    def udi(self, export='', **_unknown):
        """Return a spreadsheet that ``med.udi.import`` reads.

        :param export: number of a ``med.udi.export`` of the caller; without it, the template
        """
        kind = request.httprequest.path.rpartition('.')[2]
        devices, markets = request.env['med.udi.di'], request.env['med.jurisdiction']
        try:
            devices.check_access('read')
            if export:
                if not re.fullmatch('[0-9]{1,9}', export):
                    raise UserError(request.env._("The export must be a number."))
                chosen = request.env['med.udi.export'].search([('id', '=', int(export))])
                if not chosen.di_ids:
                    raise AccessError(request.env._("This export is not yours, or is gone."))
                devices, markets = chosen.di_ids, chosen.market_ids
            else:
                markets = request.env.company.sudo().med_jurisdiction_ids.sudo(False)
            data, name = request.env['med.udi.sheet']._file(devices, markets, kind)
            if devices:
                request.env['med.audit.entry']._record_event('export', devices[0], {
                    'file': name, 'rows': len(devices), 'sha256': sha256(data).hexdigest()})
        except AccessError as error:
            return self._sentence(error, 403)
        except UserError as error:
            return self._sentence(error, 400)
        return request.make_response(data, headers=[
            ('Content-Type', TYPES[kind]), ('Content-Length', len(data)),
            ('Content-Disposition', content_disposition(name)),
            ('X-Content-Type-Options', 'nosniff'), ('Cache-Control', 'no-store')])

    def _sentence(self, error, status):
        return request.make_response(
            str(error.args[0]), headers=[('Content-Type', 'text/plain; charset=utf-8')],
            status=status)
