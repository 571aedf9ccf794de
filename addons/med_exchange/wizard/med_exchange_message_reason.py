from odoo import fields, models


class MedExchangeMessageReason(models.TransientModel):
    """Asks why, before messages are applied again, returned or taken back."""

    _name = "med.exchange.message.reason"
    _description = "Reason for What Is Done with Messages"

    message_ids = fields.Many2many("med.exchange.message", readonly=True,
                                   relation="med_exchange_message_reason_rel")
    verb = fields.Selection(
        [("apply_again", "Apply Again"), ("give_back", "Return"), ("roll_back", "Take Back"),
         ("skip", "Go On Without Missing Ones")],
        required=True, readonly=True)
    stream_id = fields.Many2one("med.exchange.stream", readonly=True, ondelete="cascade")
    count = fields.Integer("Messages", compute="_compute_count")
    anyway = fields.Boolean("Also What Was Changed Here Since")
    reason = fields.Char("Reason")

    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.message_ids)

    def action_confirm(self):
        """Do it, and say how many it worked for."""
        self.ensure_one()
        messages = self.message_ids
        if self.verb == "roll_back":
            for message in messages:
                message.roll_back(self.reason, anyway=self.anyway)
            text = messages[:1].note_shown or ""
        elif self.verb == "give_back":
            messages.give_back(self.reason)
            text = self.env._("%s messages are returned.", len(messages))
        elif self.verb == "apply_again":
            told = messages.apply_again(self.reason)
            text = self.env._("%(done)s of %(all)s messages are applied.", done=told["applied"],
                              all=len(messages))
        else:
            told = self.stream_id.skip_missing(self.reason)
            text = self.env._("%s messages that waited are applied.", told["applied"])
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "message": text, "type": "info",
            "next": {"type": "ir.actions.act_window_close"}}}
