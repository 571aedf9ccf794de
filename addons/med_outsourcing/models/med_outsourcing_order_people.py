from odoo import fields, models
from odoo.addons.med_base.tools.evidence import canonical_json, digest
from odoo.fields import Command
from odoo.tools import clean_context

CONFIRMED = ("acknowledged", "finished")
"""What the processor has to have said of goods that are posted."""


class MedOutsourcingOrder(models.Model):
    """Whom an order asks to look, and what it tells the processor."""

    _inherit = "med.outsourcing.order"

    def _med_ask(self, user, summary):
        """Ask a person of ours to look; once for the same words."""
        self.ensure_one()
        order = self.sudo().with_context(clean_context(self.env.context))
        user = user if user and not user.share and user.active else self.env.ref("base.user_admin")
        if order.activity_ids.filtered(
                lambda one: one.user_id == user and one.summary == summary):
            return
        order.activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id, summary=summary)

    def _med_ask_quality(self, summary):
        """Ask quality assurance to look."""
        self._med_ask(self.env["med.nonconformity"].sudo()._med_responsible(self.company_id),
                      summary)

    def _med_ask_unsaid(self):
        """Ask about orders whose goods are posted and that their processor never confirmed, or of
        which it never said what was finished."""
        for order in self:
            told = set(order._med_counting().mapped("kind"))
            if missing := [kind for kind in CONFIRMED if kind not in told]:
                words = dict(order._med_words("kind"))
                order._med_ask(order.user_id, self.env._(
                    "%(order)s: its goods came, and the processor did not report: %(missing)s. "
                    "Have it reported, or enter it from its papers.", order=order.name,
                    missing=", ".join(words[kind] for kind in missing)))

    def _med_tell_processor(self, reference, note, lots=None):
        """Put a word of ours among the events, where portal and messages show it.

        :param str reference: what it is about, such as the number of a hold; a second one of it
            gets a number behind
        :param lots: ``stock.lot`` that it is about
        """
        self.ensure_one()
        order = self.sudo()
        taken = set(order.event_ids.filtered(lambda one: one.kind == "note").mapped("reference"))
        name, count = reference, 1
        while name in taken:
            count += 1
            name = f"{reference} ({count})"
        now = fields.Datetime.now()
        event = self.env["med.outsourcing.event"].sudo().with_context(
            clean_context(self.env.context)).create({
                "order_id": order.id, "kind": "note", "reference": name, "event_time": now,
                "note": note, "origin": "own", "user_id": self.env.uid,
                "digest": digest(canonical_json([name, note, sorted((lots or self.env[
                    "stock.lot"]).ids), fields.Datetime.to_string(now)])),
                "lot_ids": [Command.create({
                    "product_id": lot.product_id.id, "lot_id": lot.id, "lot_name": lot.name,
                    "outcome": "held"}) for lot in lots or ()]})
        order._med_after_report(event)
        return event
