from odoo import api, models
from odoo.exceptions import UserError

TOLD = {"queued_at", "sent_at", "letter_id", "acknowledged_at", "answered_at"}
TAKEN = ("accepted", "duplicate", "acknowledged")


class MedRecallNotice(models.Model):
    """Notices are told to consignees' programs; for those of the way “Their System” that is how
    they are sent."""

    _inherit = "med.recall.notice"

    def write(self, vals):
        done = super().write(vals)
        if TOLD & vals.keys():
            tell = self.env["med.exchange.recall_notice"]
            (tell._med_tell_anew if "queued_at" in vals else tell._med_tell)(
                lambda: self.sudo().filtered("queued_at"))
        return done

    def _med_programs(self):
        """Return the exchange partners whose programs hear of this notice."""
        self.ensure_one()
        return self.env["med.exchange.right"].sudo().search([
            ("schema", "=", "recall_notice"), ("direction", "=", "out"),
            ("company_id", "=", self.company_id.id),
            ("exchange_partner_id.state", "=", "active"),
            ("exchange_partner_id.partner_id.commercial_partner_id", "=",
             self.sudo().partner_id.commercial_partner_id.id)]).exchange_partner_id

    def _med_send_by_rpc(self, base):
        """His program is told; it counts as sent once that has taken it: :meth:`_cron_taken`."""
        if mute := self.filtered(lambda one: not one.consignee_id or not one._med_programs()):
            raise UserError(self.env._(
                "%s: no program of this consignee hears of recall notices. Choose another way.",
                mute[0].name))
        self.mail_id.sudo().filtered(lambda one: one.state != "sent").cancel()
        self._med_store({**base, "state": "queued", "mail_id": False, "sent_at": False})

    @api.model
    def _cron_taken(self):
        """Write down which notices the consignees' programs have taken, and which they refused or
        cannot be reached with."""
        waiting = self.sudo().search([
            ("channel", "=", "rpc"), ("queued_at", "!=", False), ("sent_at", "=", False),
            ("state", "in", ("queued", "read", "acknowledged", "answered"))])
        events = self.env["med.exchange.event"].sudo().search([
            ("schema", "=", "recall_notice"), ("model", "=", self._name),
            ("res_id", "in", waiting.ids)]).grouped("res_id")
        for notice in waiting:
            # What was told before it was sent once more, or to an archive, does not count.
            mine = events.get(notice.id, self.env["med.exchange.event"].sudo())
            tries = mine.delivery_ids.filtered(
                lambda one, it=notice: one.queued_at >= it.queued_at
                and one.exchange_partner_id.partner_id.commercial_partner_id
                == it.partner_id.commercial_partner_id)
            if taken := tries.filtered(
                    lambda one: one.state == "sent" and (one.outcome or "accepted") in TAKEN):
                notice._med_store({
                    "sent_at": min(taken.mapped("sent_at")), "failure": False,
                    **({"state": "sent"} if notice.state == "queued" else {})})
                notice._med_begun()
            elif notice.state == "queued" and tries and all(
                    one.state != "queued" for one in tries):
                last = tries.sorted("id")[-1]
                notice._med_failed(self.env._(
                    "Their system: %s", last.error or last.outcome or last.state))
