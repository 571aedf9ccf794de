import re
from hashlib import sha256

from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

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

        def make():
            devices, markets = self._wanted(export)
            data, name = request.env['med.udi.sheet']._file(devices, markets, kind)
            if devices:
                request.env['med.audit.entry']._record_event('export', devices[0], {
                    'file': name, 'rows': len(devices), 'sha256': sha256(data).hexdigest()})
            return data, name, TYPES[kind]
        return file_answer(make)

    def _wanted(self, export):
        """Return the device identifiers and the markets that a spreadsheet is of."""
        devices = request.env['med.udi.di']
        devices.check_access('read')
        if not export:
            return devices, request.env.company.sudo().med_jurisdiction_ids.sudo(False)
        if not re.fullmatch('[0-9]{1,9}', export):
            raise UserError(request.env._("The export must be a number."))
        chosen = request.env['med.udi.export'].search([('id', '=', int(export))])
        if not chosen.di_ids:
            raise AccessError(request.env._("This export is not yours, or is gone."))
        return chosen.di_ids, chosen.market_ids
