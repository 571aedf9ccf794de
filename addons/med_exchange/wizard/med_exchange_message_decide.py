from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .med_exchange_message_decide_line import SIDES
from .med_exchange_message_mend_line import shown


class MedExchangeMessageDecide(models.TransientModel):
    """Decides a conflict: both sides field by field, one of them chosen for each."""

    _name = "med.exchange.message.decide"
    _description = "Decide a Conflict"

    message_id = fields.Many2one("med.exchange.message", required=True, readonly=True,
                                 ondelete="cascade")
    line_ids = fields.One2many("med.exchange.message.decide.line", "wizard_id", "Fields")
    all_of = fields.Selection(SIDES, "For Every Field")
    reason = fields.Char("Reason")

    @api.model
    def _of(self, message):
        message._check_seen()
        rows = message._sides()["rows"]
        labels = message._med_labels([pointer for pointer, _ours, _theirs in rows])
        return self.create({"message_id": message.id, "line_ids": [Command.create({
            "label": labels[pointer][0], "pointer": pointer,
            "ours": "" if ours is None else shown(ours),
            "theirs": "" if theirs is None else shown(theirs)})
            for pointer, ours, theirs in rows]})

    @api.onchange("all_of")
    def _onchange_all_of(self):
        for line in self.line_ids if self.all_of else ():
            line.choice = self.all_of

    def action_decide(self):
        """Apply what was chosen, if both sides are still as they were shown."""
        self.ensure_one()
        self.message_id._check_seen()
        if any(not line.choice for line in self.line_ids):
            raise UserError(self.env._("Choose a side for each field."))
        seen = {line.pointer: (line.ours or "", line.theirs or "") for line in self.line_ids}
        sides = self.message_id.both_sides()
        now = {pointer: ("" if ours is None else shown(ours),
                         "" if theirs is None else shown(theirs))
               for pointer, ours, theirs in self.message_id._sides()["rows"]}
        if seen != now:
            raise UserError(self.env._(
                "The record was changed while you looked at it. Close this and look again."))
        told = self.message_id.decide(
            {line.pointer: line.choice for line in self.line_ids}, self.reason,
            sides["seen"])
        if told["errors"] and told["state"] == "rejected":
            raise UserError("\n".join(
                f"{one['pointer']}: {one['message']}" for one in told["errors"]))
        return {"type": "ir.actions.act_window_close"}

    def _action(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id,
                "name": self.env._("Decide a Conflict"), "views": [(False, "form")],
                "target": "new", "context": {"dialog_size": "extra-large"}}
