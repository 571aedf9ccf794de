import base64
import binascii
import hashlib

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import answer
from ..tools.safe_xml import UnsafeXml

MAX_FILE = 10 * 1024 * 1024


class MedUdiFile(models.Model):
    """Handing a file in, and what the regulator answers."""

    _inherit = "med.udi.file"

    def submit(self, receipt: str, receipt_name: str = "", receipt_file: str = ""):
        """Say that a made file was handed in, with the number of the receipt.

        Registrations that were drafts are submitted.

        :param receipt: number of the acknowledgement
        :param receipt_name: name of its file, if any
        :param receipt_file: its bytes in base64
        :return: ``{"version": 1, "number", "state", "receipt"}``
        """
        self._med_lock("made")
        if not isinstance(receipt, str) or not receipt.strip() or len(receipt) > 200:
            raise UserError(self.env._("Give the number of the receipt, up to 200 characters."))
        self._med_content()  # refuses what is not the file that was made
        data = self._med_decode(receipt_file) if receipt_file else b""
        self._store({
            "state": "submitted", "submitted_user_id": self.env.uid,
            "submitted_time": fields.Datetime.now(), "receipt_number": receipt.strip(),
            "receipt_name": str(receipt_name)[:200] if data else False,
            "receipt_file": base64.b64encode(data) if data else False,
            "receipt_sha256": hashlib.sha256(data).hexdigest() if data else False})
        if self.format_id.entry == "di":
            self.line_ids.registration_id.filtered(
                lambda one: one.state == "draft").action_submit()
        return {"version": 1, "number": self.name, "state": self.state,
                "receipt": self.receipt_number}

    def read_answer(self, name: str, content: str):
        """Read the regulator's answer to a submitted file: all of it, or nothing.

        A device that was accepted is published in its registration; one that was refused keeps
        what the regulator says.

        :param name: name of the answer's file
        :param content: its bytes in base64
        :return: ``{"version": 1, "number", "state", "accepted", "refused", "waiting"}``
        :raise UserError: the answer cannot be read, or speaks of other devices
        """
        self._med_lock("submitted")
        if not isinstance(name, str) or not name.strip():
            raise UserError(self.env._("Name the file of the answer."))
        data = self._med_decode(content)
        try:
            rows = answer.read(data, self.format_id._med_answer_form())
        except (answer.AnswerError, UnsafeXml) as error:
            raise UserError(self._med_answer_error(error)) from error
        return self._med_decide(rows, name.strip()[:200], data)

    def action_submit(self):
        """Ask for the receipt of the regulator."""
        return self._med_open_wizard("med.udi.file.submit", self.env._("Submitted"))

    def action_read_answer(self):
        """Ask for the file of the regulator's answer."""
        return self._med_open_wizard("med.udi.file.read", self.env._("Read the Answer"))

    def _med_open_wizard(self, model, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": title, "res_model": model,
            "views": [(False, "form")], "target": "new",
            "context": {"default_file_id": self.id},
        }

    # ------------------------------------------------------------------ what it says

    def _med_decide(self, rows, name, data):
        """Write what an answer says of each device."""
        lines = {}
        for line in self.line_ids:
            lines.setdefault(line.basic_id.name if self.format_id.entry == "basic"
                             else line.di_id.name, []).append(line)
        for row in rows:
            if row.device not in lines:
                raise UserError(self.env._(
                    "Row %(row)s speaks of %(device)s, which %(file)s does not hold. Nothing was "
                    "read: see whether this is the answer to another file.", row=row.number,
                    device=row.device, file=self.name))
            if any(line.state != "waiting" for line in lines[row.device]):
                raise UserError(self.env._(
                    "Row %(row)s: %(device)s was answered before. Nothing was read.",
                    row=row.number, device=row.device))
        now = fields.Datetime.now()
        for row in rows:
            for line in lines[row.device]:
                line._store({
                    "state": "accepted" if row.accepted else "refused", "decided_time": now,
                    "message": row.message[:1000] or False, "record_key": row.key[:200] or False})
        self.env["med.udi.file.answer"].sudo().create({
            "file_id": self.id, "name": name, "content": base64.b64encode(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "accepted_count": sum(row.accepted for row in rows),
            "refused_count": sum(not row.accepted for row in rows)})
        decided = [line for row in rows if row.accepted for line in lines[row.device]]
        self._med_accept(self.env["med.udi.file.line"].union(*decided))
        outcomes = set(self.line_ids.mapped("state"))
        if "waiting" not in outcomes:
            self._store({"state": outcomes.pop() if len(outcomes) == 1 else "partial"})
        return {"version": 1, "number": self.name, "state": self.state,
                **{word: sum(line.state == word for line in self.line_ids)
                   for word in ("accepted", "refused", "waiting")}}

    def _med_accept(self, lines):
        """Tell registrations, or Basic UDI-DIs, that the database shows them."""
        if self.format_id.entry == "basic":
            lines.basic_id.filtered(lambda one: not one.registered_date).write(
                {"registered_date": fields.Date.context_today(self)})
            return
        for line in lines.filtered("record_key"):
            if line.registration_id.record_key != line.record_key:
                line.registration_id.record_key = line.record_key
        # A suspended or ended registration is a decision of its own, which no file lifts.
        lines.registration_id.filtered(
            lambda one: one.state in ("draft", "submitted")).action_publish()

    def _med_decode(self, content):
        try:
            if not isinstance(content, (str, bytes)) or len(content) > 2 * MAX_FILE:
                raise ValueError
            data = base64.b64decode(content, validate=True)
        except (ValueError, binascii.Error) as error:
            raise UserError(self.env._(
                "The file is empty, larger than %s bytes, or not base64.", MAX_FILE)) from error
        if not data or len(data) > MAX_FILE:
            raise UserError(self.env._(
                "The file is empty, larger than %s bytes, or not base64.", MAX_FILE))
        return data

    def _med_answer_error(self, error):
        _, detail = self.env._, error.detail
        return {
            "size": _("The answer is larger than %s bytes.", detail),
            "encoding": _("The answer is neither UTF-8 nor GB 18030 text."),
            "column": _("The answer has no column “%s”. See how the form describes an answer.",
                        detail),
            "rows": _("The answer has more than %s rows.", detail),
            "empty": _("The answer speaks of no device. See how the form describes an answer."),
            "device": _("Row %s names no device identifier.", detail),
            "word": _("Row %s is neither a word for accepted nor one for refused. Add it to the "
                      "form if it is one.", detail),
            "twice": _("Row %s speaks of a device a second time.", detail),
            "doctype": _("The answer has a document type (DTD), which is not read."),
        }.get(error.code) or _("The answer cannot be read: %s", detail or error.code)

    # ------------------------------------------------------------------ and anew

    def supersede(self):
        """Begin a new file in the place of this one, with the devices that are not accepted.

        :return: ``{"version": 1, "file": id of the new one, "number"}``
        """
        self._med_lock("made", "refused", "partial")
        left = self.line_ids.filtered(lambda line: line.state != "accepted")
        new = self._med_draw_up(self.format_id, left.di_id, company_id=self.company_id.id)
        new._store({"previous_id": self.id})
        self._store({"state": "superseded"})
        return {"version": 1, "file": new.id, "number": new.name}

    def action_supersede(self):
        """Begin a new file in the place of this one, and open it."""
        return {"type": "ir.actions.act_window", "res_model": self._name, "view_mode": "form",
                "views": [(False, "form")], "res_id": self.supersede()["file"]}
