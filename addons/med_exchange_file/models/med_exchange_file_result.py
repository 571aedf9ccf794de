import base64
from pathlib import PurePosixPath

from odoo import models
from odoo.exceptions import UserError

from ..tools.encoding import CODECS
from ..tools.sheet import read_table
from ..tools.table import SheetError
from ..tools.workbook import workbook


class MedExchangeFile(models.Model):
    """The result is sent back: the partner's own rows, with what became of each."""

    _inherit = "med.exchange.file"

    def _med_result(self):
        """Return the bytes of the result: the file as XLSX, with status and reason at its end."""
        self.ensure_one()
        try:
            table = read_table(self.name, self._med_content(), self._med_encoding())
        except SheetError as error:
            raise UserError(self.mapping_id._med_sheet_words(error)) from error
        said = {}
        for row in self.row_ids:
            for number in row.numbers.split(", "):
                said[int(number)] = row
        words = self._med_result_words()
        rows, bad = [], []
        for index, (number, cells) in enumerate(table.rows):
            row = said.get(number)
            if row and row.outcome in ("refused", "conflict"):
                bad.append(index)
            rows.append([*(cells.get(column, "") for column in table.columns), str(number),
                         words(row) if row else "", row and self._med_reason(row) or ""])
        return workbook([*table.columns, self.env._("Line"), self.env._("Status"),
                         self.env._("Reason")], rows, bad)

    def _med_encoding(self):
        """Return in which encoding the file was read, whatever the mapping says by now."""
        codec = (self.read_as or "").partition(" ")[0]
        return next((name for name, known in CODECS.items() if known == codec),
                    self.mapping_id.encoding)

    def _med_result_words(self):
        """Return the function that tells a row's status, of a trial or of what was done."""
        trial = self.state in ("new", "tried", "broken")
        outcomes = dict(self.env["med.exchange.file.row"]._fields[
            "outcome"]._description_selection(self.env))
        done = {"make": self.env._("Made"), "change": self.env._("Changed")}

        def words(row):
            if row.undone:
                return self.env._("Taken back")
            if row.outcome == "waiting" and row.message_state != "waiting":
                return dict(row._fields["message_state"]._description_selection(self.env))[
                    row.message_state]
            if not trial and row.message_id and row.outcome in done:
                return done[row.outcome]
            return outcomes[row.outcome]
        return words

    def _med_reason(self, row):
        return row.undoing or row.reasons or ""

    def result(self):
        """Return the result to be sent back to the partner.

        :return: ``{"version", "name", "content"}``: the file's name, and an XLSX in base64
        """
        self.ensure_one()
        self.check_access("read")
        if not self.row_ids:
            raise UserError(self.env._("“%s” was not tried yet.", self.name))
        stem = PurePosixPath(self.name).stem[:80] or "file"
        return {"version": 1, "name": f"{stem}-result.xlsx",
                "content": base64.b64encode(self.sudo()._med_result()).decode()}

    def action_result(self):
        """Download the result."""
        self.ensure_one()
        self.check_access("read")
        if not self.row_ids:
            raise UserError(self.env._("“%s” was not tried yet.", self.name))
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/exchange/file/{self.id}/result.xlsx"}
