from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.plain import plain
from .med_exchange_file_send import SPEC, _iso, _sealed


class MedExchangeFile(models.Model):
    """A file is undone by messages that take back its messages, the last one first."""

    _inherit = "med.exchange.file"

    def undo(self, reason: str):
        """Take back what a file has done, row by row, the last one first.

        What cannot be taken back stays, and its row says why.

        :param str reason: why
        :return: ``{"version", "undone", "left": [{"line", "key", "reason"}]}``
        """
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why the file is undone."))
        self._med_lock("applied", "part", "undone_part")
        return self.with_context(plain(self.env.context))._med_undo(reason.strip())

    def _med_undo(self, reason):
        self.exchange_partner_id._med_check_file(self.schema)
        rows = self.row_ids.filtered(
            lambda row: row.message_id and not row.undone).sorted("number", reverse=True)
        first, behind = self._med_next_number()
        answers = self._med_submit([
            self._med_cancel(row, number, behind) for number, row in enumerate(rows, first)])
        for row, answer in zip(rows, answers, strict=True):
            done = answer["outcome"] == "accepted"
            message = self.env["med.exchange.message"].sudo().browse(answer["message"])
            row.sudo()._store({"undone": done, "undoing": (
                row.message_id.sudo().note_shown or message.note_shown
                or self.env._("Taken back.")) if done
                else "\n".join(one["message"] for one in message._problems())
                or self._med_not_yet(answer["outcome"])})
        left = self.row_ids.filtered(lambda row: row.message_id and not row.undone)
        self._store({"state": "undone_part" if left else "undone", "reason": reason,
                     "left_count": len(left)})
        return {"version": 1, "undone": len(rows) - len(left & rows), "left": [
            {"line": row.number, "key": row.object_key, "reason": row.undoing or ""}
            for row in left.sorted("number")]}

    def _med_not_yet(self, outcome):
        if outcome == "waiting":
            return self.env._("It waits for numbers of the stream that have not come: undo the "
                              "file again when they have.")
        return outcome

    def _med_cancel(self, row, number, behind=False):
        """Return the message that takes a row's message back."""
        partner = self.exchange_partner_id.sudo()
        told = row.message_id.sudo()
        known = partner._med_env()["med.exchange.object"]._known(
            partner, self.schema, [row.object_key])
        version = known.get(row.object_key, {}).get("version", told.object_version)
        again = self.env["med.exchange.message"].sudo().search_count([
            ("exchange_partner_id", "=", partner.id),
            ("name", "=like", f"{row.message}-undo%")])
        return _sealed({
            "spec": SPEC, "id": self._med_message_id(row.number, undo=True) + (
                f"{again}" if again else ""),
            "sender": partner.code, "stream": self.mapping_id.stream, "sequence": number,
            "schema": self.schema, "version": told.version, "action": "cancel",
            "cancels": told.name, "time": _iso(fields.Datetime.now()),
            "object": {"id": row.object_key, **(
                {} if behind else {"version": version + 1, "base": version})},
            "payload": {}})

    def action_undo(self):
        return {"type": "ir.actions.act_window", "res_model": "med.exchange.file.undo",
                "view_mode": "form", "target": "new", "context": {"default_file_id": self.id},
                "name": self.env._("Undo the File")}
