from odoo import models
from odoo.addons.med_exchange.exceptions import Refused

from .med_capa_request import PARTS

TEXTS = {"containment": "containment", "cause": "cause", "effect": "effectiveness",
         "note": "remarks", "person": "person"}
"""Field of an answer → its name in a message."""


class MedExchangeCorrectiveAction(models.AbstractModel):
    """Requests for corrective action, one object a partner: nobody else hears of them.

    A partner answers what it was asked, or tells of a CAPA of its own about goods of ours.
    """

    _name = "med.exchange.corrective_action"
    _description = "Exchanged Corrective Actions"
    _inherit = "med.exchange.goods"
    _schema = "corrective_action"
    _model = "med.capa.request"
    _unread = ("/order",)  # of a partner's own: its lots say what it is about

    def _med_find(self, partner, object_ids):
        """Return nothing: an answer to what was asked is no conflict with the question. What the
        code names is looked up where the answer is taken."""
        return {}

    def _med_export(self, records):
        products = self._med_product_codes(records.product_ids | records.lot_ids.product_id)
        return {one.id: self._med_compact({
            **self._med_head(one), "title": (one.title or "")[:512], "problem": one.problem,
            "nonconformity": self._med_case_number(one),
            "products": [products[product.id] for product in one.product_ids],
            "lots": [{"product": products[lot.product_id.id], "lot": lot.name}
                     for lot in one.lot_ids],
            **self._med_told_answer(one)}) for one in records}

    def _med_head(self, one):
        """Return what only a request, or only a CAPA of theirs, says."""
        if one.direction == "in":
            return {"kind": "own", "number": one.their_number,
                    "state": "cancelled" if one.state == "cancelled" else one.their_state}
        return {
            "kind": "request", "number": one.name, "state": one.state,
            "asks": [part for part in PARTS if one[f"ask_{part}"]],
            "containment_by": one.date_contain and one.date_contain.isoformat(),
            "answer_by": one.date_due and one.date_due.isoformat(),
            "review": one.state == "returned" and one.review}

    def _med_case_number(self, one):
        """Return the number by which the partner knows the nonconformity: its own where it has
        reported it, else ours."""
        case = one.nonconformity_id
        told = case.exchange_partner_id.partner_id.commercial_partner_id
        own = told and told == one.partner_id.commercial_partner_id
        return own and case.partner_number or case.name

    def _med_told_answer(self, one):
        answer = one.answer_id
        if not answer or answer.superseded:
            return {}
        plain = answer._med_plain()
        return {**{name: answer[field] for field, name in TEXTS.items()},
                "actions": [{name: value for name, value in row.items() if value}
                            for row in plain["actions"]]}

    def _med_reachable(self, partner, records):
        """A request is addressed: nobody else hears of it, however far his rights reach."""
        organisation = partner.partner_id.commercial_partner_id
        return records.filtered(
            lambda one: one.company_id == partner.company_id
            and (one.direction == "in" or one.sent_at)
            and one.partner_id.commercial_partner_id == organisation)

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told, record = item.payload, item.record
        self._med_check_reachable(partner, record)
        if told["kind"] == "own":
            if record and record.direction != "in":
                raise Refused("/kind", self.env._(
                    "%s was asked by us: answer it as a “request”.", record.name))
            return self._med_take_own(partner, record, item)
        return self._med_take_answer(partner, record or self._med_asked(partner, told), item)

    def _med_asked(self, partner, told):
        """Return the request of a number, where it is this partner's."""
        mine = self._med_reachable(partner, self.env["med.capa.request"].search([
            ("direction", "=", "out"), ("company_id", "=", partner.company_id.id),
            ("name", "=", told["number"])]))
        if not mine:
            raise Refused("/number", self.env._("“%s” is not known here.", told["number"]))
        return mine

    def _med_take_answer(self, partner, request, item):
        told = item.payload
        if request.direction != "out" or told["number"] != request.name:
            raise Refused("/number", self.env._("You were asked about %s.", request.name))
        if told["state"] != "answered":
            raise Refused("/state", self.env._(
                "How far a request is follows from its steps here: say “answered”."))
        self._med_carry_out(
            "", request._med_answer, partner.partner_id, self._med_content(told), "message",
            person=told.get("person"), exchange_partner_id=partner.id, message=item.message,
            event_time=item.event_time)
        return request

    def _med_content(self, told):
        """Return what an answer says, as the request takes it."""
        return {**{field: told.get(name) or "" for field, name in TEXTS.items()
                   if field != "person"}, "actions": told.get("actions") or ()}
