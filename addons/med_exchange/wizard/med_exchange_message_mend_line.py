import json

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.envelope import LARGEST

KINDS = [("text", "Text"), ("number", "Whole Number"), ("yes", "Yes or No"), ("none", "Leave Out")]


class MedExchangeMessageMendLine(models.TransientModel):
    """One field of the content that is being mended."""

    _name = "med.exchange.message.mend.line"
    _description = "Field of a Mended Message"

    wizard_id = fields.Many2one("med.exchange.message.mend", required=True, ondelete="cascade",
                                index=True)
    label = fields.Char("Field", readonly=True)
    pointer = fields.Char("Path", required=True, help=(
        "Where the field stands in the content, as a JSON pointer: /lots/0/quantity/value is the "
        "quantity of the first lot."))
    hint = fields.Char("May Be", readonly=True)
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


def shown(value):
    """Return a value of a message as a person types it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def kind_of(value):
    """Return the kind of a value of a message, one of KINDS."""
    if isinstance(value, bool):
        return "yes"
    return "number" if isinstance(value, int) and abs(value) <= LARGEST else "text"
