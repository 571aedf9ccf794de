import base64
import hashlib
import re

from odoo import api, fields, models
from odoo.addons.med_traceability.tools.tables import Column, Table
from odoo.addons.med_traceability.tools.workbook import make_workbook
from odoo.exceptions import UserError

from ..tools import pack, schema, sheets, tree


class MedUdiFile(models.Model):
    """Making a file: checked first, written whole or not at all."""

    _inherit = "med.udi.file"

    @api.model
    def draw_up(self, format: int, device_identifiers: list):
        """Begin a file of a form for device identifiers, and make it if nothing is missing.

        :param format: number of a ``med.udi.file.format`` that is in use
        :param device_identifiers: numbers in canonical form, as ``["09506000134352"]``
        :return: what ``make`` returns
        :raise UserError: a device identifier is not known, or the form is not in use
        """
        self.check_access("create")
        if not isinstance(device_identifiers, (list, tuple)) or not device_identifiers or not all(
                isinstance(name, str) for name in device_identifiers):
            raise UserError(self.env._("device_identifiers must be a list of texts."))
        if type(format) is not int:
            raise UserError(self.env._("format must be the number of a form."))
        form = self.env["med.udi.file.format"].search([("id", "=", format)])
        devices = self.env["med.udi.di"].search([("name", "in", list(device_identifiers))])
        if unknown := set(device_identifiers) - set(devices.mapped("name")):
            raise UserError(self.env._("There is no device identifier %s.",
                                       ", ".join(sorted(unknown)[:10])))
        return self._med_draw_up(form, devices).make()

    @api.model
    def _med_draw_up(self, form, devices, **vals):
        if form.state != "active":
            raise UserError(self.env._("Choose a form that is in use."))
        return self.create({"format_id": form.id, **vals, "line_ids": [
            fields.Command.create({"di_id": di.id}) for di in devices]})

    def make(self):
        """Make the file of a draft, or say what is missing.

        :return: ``{"version": 1, "file", "number", "state", "check", "sha256", "problems":
            [{"device", "kind", "element", "place", "line", "sentence"}]}``; with any problem the
            state stays ``draft`` and nothing is kept
        """
        self._med_lock("draft")
        if self.format_id.state != "active":
            raise UserError(self.env._("Choose a form that is in use."))
        self.problem_ids.sudo().unlink()
        self._store({"made_time": fields.Datetime.now(), "check_state": False})
        self._med_find_registrations()
        cells, problems = self._med_lay_out()
        documents, check = {}, "unchecked"
        if not problems:
            documents = self._med_documents(cells)
            check, problems = self._med_check_documents(documents)
        if problems:
            self._store({"check_state": "failed" if check == "failed" else False,
                         "made_time": False})
            self.env["med.udi.file.problem"].sudo().create(
                [{"file_id": self.id, **problem} for problem in problems])
        else:
            self._med_keep(documents, check)
        return self._med_told()

    def action_make(self):
        """Make the file, or show what is missing; return True."""
        self.ensure_one()
        self.make()
        return True

    def _med_told(self):
        return {
            "version": 1, "file": self.id, "number": self.name, "state": self.state,
            "check": self.check_state or "", "sha256": self.sha256 or "",
            "problems": [{
                "device": one.di_id.name or "", "kind": one.kind, "element": one.element or "",
                "place": one.place or "", "line": one.row, "sentence": one.sentence,
            } for one in self.problem_ids]}

    # ------------------------------------------------------------------ the documents

    def _med_documents(self, cells):
        """Return ``{file name: bytes}``."""
        name = re.sub(r"[^\w-]+", "_", self.name)
        if self.format_id.kind == "xlsx":
            return {f"{name}.xlsx": self._med_workbook(cells)}
        if not self.format_id.apart:
            return {f"{name}.xml": self._med_document(cells, self._med_entries())}
        return {f"{name}_{re.sub(r'[^0-9A-Za-z]+', '_', line.di_id.name)}.xml":
                self._med_document(cells, [line]) for line in self._med_entries()}

    def _med_document(self, cells, lines):
        form = self.format_id
        places = [[one._med_place() for one in form.field_ids if one.scope == scope
                   and one.source != "entries"] for scope in ("file", "entry")]
        at = form.field_ids.filtered(lambda one: one.source == "entries")[:1].path or ""
        return tree.make_document(form.root, form._med_namespaces(), cells[None][lines[0]], at,
                                  [cells[line] for line in lines], places)

    def _med_workbook(self, cells):
        places = [one._med_place() for one in self.format_id.field_ids]
        return make_workbook([
            Table(str(index), sheet.title,
                  tuple(Column(str(at), head) for at, head in enumerate(sheet.heads)), sheet.rows)
            for index, sheet in enumerate(sheets.lay_sheets(
                places, [cells[line] for line in self._med_entries()]))], {})

    def _med_check_documents(self, documents):
        """Return ``(verdict, problems)`` of the official schema, where there is one."""
        compiled = self.format_id._med_uploaded_schema()
        if compiled is None:
            return "unchecked", []
        at = self.format_id.field_ids.filtered(lambda one: one.source == "entries")[:1].path or ""
        entries, problems = self._med_entries(), []
        for number, (name, data) in enumerate(documents.items()):
            lines = [entries[number]] if self.format_id.apart else entries
            for fault in schema.faults(compiled, data):
                index, path = tree.where(data, fault.line, at, self.format_id._med_namespaces())
                line = lines[index] if index is not None else None
                problems.append({
                    "kind": "schema", "row": fault.line, "place": path,
                    "line_id": line and line.id, "di_id": line and line.di_id.id,
                    "element": self._med_element_at(path),
                    "sentence": self.env._(
                        "%(file)s, line %(line)s, %(path)s: %(message)s", file=name,
                        line=fault.line, path=path or "/", message=fault.message)})
        return ("failed" if problems else "passed"), problems

    def _med_element_at(self, path):
        """Return the words for the data element that is written at a path of a document."""
        rows = self.format_id.field_ids.filtered(
            lambda one: one.source and path.endswith(tree.plain_path(one.path)))
        return max(rows, key=lambda one: len(one.path))._med_label() if rows else ""

    def _med_keep(self, documents, check):
        """Keep what was made, with its digest."""
        if len(documents) == 1:
            [(name, data)] = documents.items()
        else:
            name = re.sub(r"[^\w-]+", "_", self.name) + ".zip"
            data = pack.pack(documents)
        self._store({
            "state": "made", "data": base64.b64encode(data), "file_name": name,
            "size": len(data), "sha256": hashlib.sha256(data).hexdigest(),
            "check_state": check, "made_user_id": self.env.uid,
            "schema_sha256": self.format_id.schema_sha256 if check == "passed" else False})
