import base64
import binascii

from odoo import models
from odoo.addons.med_traceability.tools.udi_sheet import SheetError, cell_text, read_rows
from odoo.exceptions import UserError

from .med_inspection_sheet import VERSION

LARGEST = 5 * 1024 * 1024
WIDEST = 500


class MedInspection(models.Model):
    """Tables of values from files: read here, looked at on the page, entered as any other."""

    _inherit = "med.inspection"

    def read_file(self, name: str, content: str):
        """Read a table of values from a file; nothing is entered.

        :param name: of the file: ``.csv`` (UTF-8 or GB 18030) or ``.xlsx`` (its first sheet)
        :param content: the file in base64, at most 5 MB
        :return: ``{"version", "rows": [[text]]}``, the headings first
        """
        self.ensure_one()
        self.check_access("read")
        self._check_may_work()
        if not isinstance(name, str) or not isinstance(content, str):
            raise UserError(self.env._("“name” and “content” must be texts."))
        try:
            data = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("“content” must be the file in base64.")) from error
        if len(data) > LARGEST:
            raise UserError(self.env._("The file is larger than 5 MB."))
        try:
            rows = read_rows(name, data)
        except SheetError as error:
            raise UserError(self.env._(
                "%(name)s cannot be read: a table as CSV (UTF-8 or GB 18030) or XLSX is needed.",
                name=name)) from error
        return {"version": VERSION,
                "rows": [[cell_text(cell) for cell in cells[:WIDEST]] for _number, cells in rows]}
