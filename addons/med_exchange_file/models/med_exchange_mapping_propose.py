import base64
import json

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import fields as schema_fields
from ..tools.propose import event_column, propose
from ..tools.sheet import read_table
from ..tools.table import SheetError

KIND = {"integer": "integer", "boolean": "boolean", "quantity": "quantity", "decimal": "decimal",
        "date": "date", "date-time": "time", "array": "split"}


class MedExchangeMapping(models.Model):
    """Columns are proposed for the fields of the schema from a sample file."""

    _inherit = "med.exchange.mapping"

    def _med_fields(self):
        """Return the fields of the schema that a column can fill (see ``tools/fields``)."""
        self.ensure_one()
        return schema_fields.flat(json.loads(self.schema_id.body or "{}"))

    def _med_read(self, name, data):
        """Return the table of a file.

        :raise UserError: it cannot be read; the sentence says why and what to do
        """
        try:
            return read_table(name or "", data, self.encoding)
        except SheetError as error:
            raise UserError(self._med_sheet_words(error)) from error

    @api.model
    def _med_sheet_words(self, error):
        """Return what is wrong with a whole file as a sentence."""
        _ = self.env._
        return {
            "empty": _("The file is empty."),
            "bytes": _("The file is larger than %s bytes: send it in parts.", error.detail),
            "rows": _("The file has more than %s rows: send it in parts.", error.detail),
            "columns": _("The file has more than %s columns.", error.detail),
            "kind": _("The file is neither CSV nor XLSX: save it as one of them."),
            "encoding": _("The text of the file is not in the encoding that the mapping names, nor "
                          "in UTF-8, UTF-16 or GB 18030 where it names none."),
            "unclear": _("Encoding unclear: the letters of the file could be Chinese (GB 18030) or "
                         "Western (Windows-1252). Choose the encoding in the mapping, or save the "
                         "file as “CSV UTF-8”."),
            "other": _("The file is in %s, and the mapping names another encoding: change it "
                       "there.", error.detail),
            "broken": _("The file is broken (line %s): save it again.", error.detail or "?"),
            "bomb": _("The workbook unpacks to too much, or has parts that may not be in one."),
            "merged": _("More than %s cells of the sheet are parts of merged ones: take the "
                        "merging off, and write into each row what is meant for it.", error.detail),
        }[error.code]

    def action_propose(self):
        """Make a line for each field of the schema, with the column of the sample it is likest to.

        Lines that are there keep what was typed.
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._(
                "A mapping in force is not changed: put it back to draft first."))
        columns = []
        if self.sample:
            columns = list(self._med_read(
                self.sample_name, base64.b64decode(self.sample)).columns)
        asked = self._med_fields()
        found = propose(columns, [(one["pointer"], [one["name"], one["title"]]) for one in asked])
        mapped = {line.pointer: line for line in self.line_ids}
        commands = []
        for number, one in enumerate(asked, 1):
            line, column = mapped.get(one["pointer"]), found.get(one["pointer"])
            if line and not line.column and column:
                commands.append(Command.update(line.id, {"column": column}))
            elif not line and (column or one["required"]):
                commands.append(Command.create({
                    "sequence": number * 10, "pointer": one["pointer"], "column": column,
                    "kind": KIND.get(one["type"], "text"), "required": one["required"]}))
        values = {"line_ids": commands, "sample_columns": "\n".join(columns)}
        if not self.key_column:
            values["key_column"] = self._med_key(columns, found, asked)
        if not self.event_column:
            values["event_column"] = event_column(columns)
        self.write(values)
        return True

    @api.model
    def _med_key(self, columns, found, asked):
        """Return the column likest to a key: that of a code, else the first one."""
        codes = [one["pointer"] for one in asked if one["name"] in ("code", "number", "id")]
        return next((found[one] for one in codes if one in found), columns[0] if columns else "")
