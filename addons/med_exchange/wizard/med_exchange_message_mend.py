import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.conflict import flat, put
from .med_exchange_message_mend_line import kind_of, shown


class MedExchangeMessageMend(models.TransientModel):
    """Mends the content of a refused message field by field; what was sent stays as it is."""

    _name = "med.exchange.message.mend"
    _description = "Mend a Message"

    message_id = fields.Many2one("med.exchange.message", required=True, readonly=True,
                                 ondelete="cascade")
    line_ids = fields.One2many("med.exchange.message.mend.line", "wizard_id", "Fields")
    reason = fields.Char("Reason")
    result = fields.Char(readonly=True)

    @api.model
    def _of(self, message):
        body = json.loads(message.mended or "null") or json.loads(message.body).get("payload") or {}
        said = {}
        for one in message._problems():
            pointer = one["pointer"].removeprefix("/payload")
            said[pointer] = " ".join(filter(None, (said.get(pointer), one["message"])))
        rows = flat(body)
        known = {pointer for pointer, _value in rows}
        rows += [(pointer, "") for pointer in said if pointer and pointer not in known]
        labels = message._med_labels([pointer for pointer, _value in rows])
        return self.create({"message_id": message.id, "line_ids": [Command.create({
            "label": labels[pointer][0], "hint": labels[pointer][1],
            "pointer": pointer, "sent": shown(value), "value": shown(value),
            "kind": kind_of(value), "problem": said.get(pointer)})
            # What is wrong stands first.
            for pointer, value in sorted(rows, key=lambda row: row[0] not in said)]})

    def action_mend(self):
        """Apply the mended content; show what is still wrong, if anything is."""
        self.ensure_one()
        payload = json.loads(self.message_id.mended or "null") or json.loads(
            self.message_id.body).get("payload") or {}
        there = dict(flat(payload))
        for line in self.line_ids:
            # A number that no message may have is taken as text, as are those said to be text.
            retyped = line.kind == "text" and not isinstance(
                there.get(line.pointer, ""), str | list | dict | None)
            if retyped or line.kind == "none" or not line.sent or (
                    (line.value or "") != (line.sent or "")):
                try:
                    payload = put(payload, line.pointer or "", line._read())
                except LookupError as error:
                    raise UserError(self.env._(
                        "“%s” is no field of the content.", line.pointer)) from error
        told = self.message_id.mend(payload, self.reason)
        if told["state"] in ("applied", "overtaken"):
            return {"type": "ir.actions.act_window_close"}
        again = self._of(self.message_id)
        again.reason = self.reason
        again.result = self.env._("It is still refused: see what is said beside the fields.")
        return again._action()

    def _action(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id,
                "name": self.env._("Mend a Message"), "views": [(False, "form")],
                "target": "new", "context": {"dialog_size": "extra-large"}}
