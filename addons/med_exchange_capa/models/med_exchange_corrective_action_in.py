from odoo import models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.fields import Command

from .med_capa_request import THEIR_STATES


class MedExchangeCorrectiveAction(models.AbstractModel):
    """CAPAs of partners about goods of ours; kept beside our nonconformity."""

    _inherit = "med.exchange.corrective_action"

    def _med_take_own(self, partner, record, item):
        if record and record.state == "cancelled":  # told anew under the code it had
            record = record.browse()
        told = item.payload
        if told["state"] not in dict(THEIR_STATES):
            raise Refused("/state", self.env._(
                "An own corrective action is open, planned, implemented, effective, ineffective "
                "or cancelled."))
        if not told.get("title"):
            raise Refused("/title", self.env._("Say in one sentence what it is about."))
        if record and told["number"] != record.their_number:
            raise Refused("/number", self.env._("Its number is %s.", record.their_number))
        lots = self.env["stock.lot"].union(*(
            self._med_lot_named(partner, one, f"/lots/{place}")
            for place, one in enumerate(told.get("lots") or ())))
        products = self.env["product.product"].union(*(
            self._med_named(partner, "product", code, f"/products/{place}")
            for place, code in enumerate(told.get("products") or ())))
        return self._med_carry_out(
            "", self.env["med.capa.request"]._med_receive, partner.partner_id, {
                "their_number": told["number"], "their_state": told["state"],
                "title": told["title"], "problem": told.get("problem") or False,
                "company_id": partner.company_id.id,
                "nonconformity_id": self._med_case(partner, told).id,
                "exchange_partner_id": partner.id, "lot_ids": [Command.set(lots.ids)],
                "product_ids": [Command.set((products | lots.product_id).ids)]},
            self._med_content(told), "message", record=record, person=told.get("person"),
            exchange_partner_id=partner.id, message=item.message, event_time=item.event_time)

    def _med_case(self, partner, told):
        """Return the nonconformity that is named, by our number or by the partner's own."""
        number, Case = told.get("nonconformity"), self.env["med.nonconformity"]
        if not number:
            return Case
        organisation = partner.partner_id.commercial_partner_id
        found = Case.search([
            ("company_id", "=", partner.company_id.id),
            "|", ("name", "=", number), "&", ("partner_number", "=", number),
            ("exchange_partner_id", "=", partner.id)]).filtered(
                lambda one: one.partner_id.commercial_partner_id == organisation
                or one.exchange_partner_id == partner)
        if not found:
            raise Refused("/nonconformity", self.env._("“%s” is not known here.", number))
        return found[:1]

    # ------------------------------------------------------------------ taken back

    def _med_compensate(self, partner, record, before, message):
        self._med_check_reachable(partner, record)
        if record.direction == "out":
            raise Refused("", self.env._(
                "What %s was answered stays: send a newer answer.", record.name))
        if record.state == "cancelled":
            raise Refused("", self.env._(
                "%s is cancelled already: there is nothing to take back.", record.display_name))
        if before and not self._med_is_anew(record, before, message):
            self._med_apply(partner, [message._med_item(before, record)])
            return self.env._("%s says again what it said before the message.",
                              record.display_name)
        leave(record, "cancel", self.env._("Taken back by %s", partner.name))
        return self.env._("%s was told by the message and is cancelled.", record.display_name)

    def _med_is_anew(self, record, before, message):
        """Return whether a message made a record in the stead of one that was cancelled under its
        code: what was said before is the other one's."""
        return before.get("state") == "cancelled" and not message.search_count([
            ("id", "!=", message.id), ("schema", "=", self._schema), ("state", "=", "applied"),
            ("action", "=", "state"), ("res_id", "=", record.id)], limit=1)
