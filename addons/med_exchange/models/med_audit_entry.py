from odoo import api, fields, models
from odoo.fields import Domain


class MedAuditEntry(models.Model):
    """Words for what happens to messages."""

    _inherit = "med.audit.entry"

    exchange_message_id = fields.Many2one(
        "med.exchange.message", "Message of a Partner", compute="_compute_exchange_message_id",
        help="What another system sent that this entry carried out.")

    def _compute_exchange_message_id(self):
        found = self._exchange_messages(
            {(entry.message, entry.model, entry.res_id) for entry in self if entry.message})
        for entry in self:
            entry.exchange_message_id = found.get((entry.message, entry.model, entry.res_id))

    @api.model
    def _exchange_messages(self, keys):
        """Return ``{(name in the trail, model, record id): message}``.

        Of many that were written at once the record tells which it was; an entry of one message
        is its own, whatever record it is of.
        """
        messages = self.env["med.exchange.message"]
        if not keys or not messages.has_access("read"):
            return {}
        rows = messages.search(
            Domain("trail", "in", list({trail for trail, _model, _id in keys})))
        exact = {(row.trail, row.res_model, row.res_id): row for row in rows}
        own = {row.trail: row for row in rows if "/" in row.trail}
        return {key: exact.get(key) or own[key[0]] for key in keys
                if key in exact or key[0] in own}

    @api.model
    def _render_entries(self, rows, record=None):
        found = self._exchange_messages({(row["message"], row["model"], row["res_id"])
                                         for row in rows if row["message"]})
        for row in rows:
            if message := found.get((row["message"], row["model"], row["res_id"])):
                row["message"] = f"{message.sudo().exchange_partner_id.code}/{message.name}"
        return super()._render_entries(rows, record)

    @api.model
    def _event_labels(self):
        _ = self.env._
        return {
            **super()._event_labels(),
            "exchange_forged": _("Message not by its sender refused"),
            "exchange_tampered": _("Message changed on its way refused"),
            "exchange_clash": _("Other content under an id that was used refused"),
            "exchange_mend": _("Message mended"), "exchange_decide": _("Conflict decided"),
            "exchange_apply_again": _("Message applied again"),
            "exchange_give_back": _("Message returned"),
            "exchange_roll_back": _("Message taken back"),
            "exchange_skipped": _("Missing messages given up"),
        }
