import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.conflict import flat, put

KINDS = [("text", "Text"), ("number", "Whole Number"), ("yes", "Yes or No"), ("none", "Leave Out")]


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
        return self.create({"message_id": message.id, "line_ids": [Command.create({
            "pointer": pointer, "sent": _shown(value), "value": _shown(value),
            "kind": _kind(value), "problem": said.get(pointer)}) for pointer, value in rows]})

    def action_mend(self):
        """Apply the mended content; show what is still wrong, if anything is."""
        self.ensure_one()
        payload = json.loads(self.message_id.mended or "null") or json.loads(
            self.message_id.body).get("payload") or {}
        for line in self.line_ids:
            if (line.value or "") != (line.sent or "") or line.kind in ("none",) or not line.sent:
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
                "target": "new"}


class MedExchangeMessageMendLine(models.TransientModel):
    """One field of the content that is being mended."""

    _name = "med.exchange.message.mend.line"
    _description = "Field of a Mended Message"

    wizard_id = fields.Many2one("med.exchange.message.mend", required=True, ondelete="cascade",
                                index=True)
    pointer = fields.Char("Field", required=True)
    sent = fields.Char("As It Is", readonly=True)
    value = fields.Char("Mended")
    kind = fields.Selection(KINDS, required=True, default="text")
    problem = fields.Char(readonly=True)

    def _read(self):
        if self.kind == "none":
            return None
        if self.kind == "number":
            text = (self.value or "").strip()
            if not text.lstrip("-").isdecimal():
                raise UserError(self.env._("“%s” must be a whole number.", self.pointer))
            return int(text)
        if self.kind == "yes":
            return (self.value or "").strip().lower() in ("true", "yes", "1", "是")
        return self.value or ""


def _shown(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _kind(value):
    return "yes" if isinstance(value, bool) else "number" if isinstance(value, int) else "text"
