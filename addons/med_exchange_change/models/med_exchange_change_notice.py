from odoo import models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_signature.models.med_signable_step import leave

# State of a change here → how far it is for who is told of it.
STATES = {"draft": "announced", "emergency": "announced", "assessed": "announced",
          "approved": "approved", "effective": "effective", "closed": "effective",
          "rejected": "withdrawn", "cancelled": "withdrawn"}
DECIDED = {"approved": "agreed", "effective": "agreed", "closed": "agreed", "rejected": "refused"}
STATEMENT = {"state", "agreement", "agreement_note"}  # not what the change is


class MedExchangeChangeNotice(models.AbstractModel):
    """Notices of changes, one object a partner: what it is asked is nobody else's to hear.

    A partner answers what it was asked, or announces a change of its own.
    """

    _name = "med.exchange.change_notice"
    _description = "Exchanged Notices of Changes"
    _inherit = "med.exchange.goods"
    _schema = "change_notice"
    _model = "med.change.notice"

    def _med_find(self, partner, object_ids):
        """Return nothing: an answer to what was asked is no conflict with the question. What the
        code names is looked up where the answer is taken."""
        return {}

    def _med_export(self, records):
        products = self._med_product_codes(records.product_ids)
        return {one.id: self._med_theirs(one) if one.direction == "in"
                else self._med_ours(one, products) for one in records}

    def _med_ours(self, notice, products):
        change = notice.change_id
        answer = notice.answer_ids.filtered(lambda one: not one.superseded).sorted("id")[-1:]
        return self._med_compact({
            "number": change.name, "title": change.title[:512], "state": STATES[change.state],
            "description": notice.description, "reason": notice.reason,
            "class": change.change_class, "effective_kind": change.effective_kind,
            "effective_date": change.effective_kind == "date" and change.effective_date
            and change.effective_date.isoformat(),
            "effective_lot": change.effective_kind == "lot" and change.effective_lot,
            "products": [self._med_compact({
                "product": products[one.id], **self._med_versions(change, one)})
                for one in notice.product_ids],
            "answer_by": notice.answer_by and notice.answer_by.isoformat(),
            "agreement": notice.state if notice.state in ("agreed", "refused") else None,
            "agreement_note": notice.state in ("agreed", "refused") and answer.note,
        }) | {"agreement_needed": notice.agreement_needed}

    def _med_versions(self, change, product):
        """Return from which revision to which; the new one once the change has made it."""
        made = change.version_ids.filtered(
            lambda one: one.product_tmpl_id == product.product_tmpl_id).sorted("number")
        if not made:
            return {"revision_from": self._med_revision(product.product_tmpl_id)}
        first = made[0].number - 1
        return {"revision_from": str(first) if first else "",
                "revision_to": str(made[-1].number)}

    def _med_theirs(self, notice):
        """Return what a partner announced, with what we say to it once that is decided here."""
        ours = DECIDED.get(notice.change_id.state)
        return {**notice.their_notice, "state": notice.their_state,
                **({"agreement": ours} if ours else {})}

    def _med_reachable(self, partner, records):
        """A notice is addressed: nobody else hears of it, however far his rights reach."""
        organisation = partner.partner_id.commercial_partner_id
        return records.filtered(
            lambda one: one.company_id == partner.company_id and one.state != "planned"
            and one.partner_id.commercial_partner_id == organisation)

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told = item.payload
        notice = item.record or self._med_asked(partner, item)
        self._med_check_reachable(partner, notice)
        if notice and notice.direction == "out":
            return self._med_take_answer(partner, notice, item)
        if told.get("agreement"):
            raise Refused("/agreement" if notice else "/number", self.env._(
                "Whether we agree to a change of yours is decided here.") if notice
                else self.env._("“%s” is not known here.", told["number"]))
        return self._med_take_change(partner, notice, item)

    def _med_asked(self, partner, item):
        """Return the notice that an answer is to: by its code, or by the number of the change."""
        mine = self.env["med.change.notice"].search([
            ("direction", "=", "out"), ("company_id", "=", partner.company_id.id),
            ("change_id.name", "=", item.payload["number"])])
        mine = self._med_reachable(partner, mine)
        if item.payload.get("agreement"):
            return mine[:1]
        return mine.filtered(lambda one: one.name == item.object_id)

    def _med_take_answer(self, partner, notice, item):
        told = item.payload
        if told["number"] != notice.change_id.name:
            raise Refused("/number", self.env._("You were asked about %s.", notice.change_id.name))
        if not told.get("agreement"):
            raise Refused("/agreement", self.env._(
                "Say “agreed” or “refused”: all else of this change is told by us."))
        self._med_carry_out(
            "/state", notice._med_answer, partner.partner_id, told["agreement"],
            told.get("agreement_note"), partner, item.message, item.event_time)
        return notice

    # ------------------------------------------------------------------ taken back

    def _med_compensate(self, partner, record, before, message):
        self._med_check_reachable(partner, record)
        change = record.change_id
        if record.direction == "out":
            agreement = before.get("agreement") or "withdrawn"
            self._med_carry_out(
                "", record._med_answer, partner.partner_id, agreement,
                before.get("agreement_note"), partner, message.id)
            return self.env._("The answer to %s is taken back; it stays in the list.", change.name)
        if before:
            content = {name: value for name, value in before.items() if name not in STATEMENT}
            self._med_take_change(partner, record, message._med_item(
                {**content, "state": before["state"]}, record))
            return self.env._("%s says again what it said before the message.", change.name)
        if change.state != "draft":
            raise Refused("", self.env._(
                "%s is assessed here: quality assurance decides about it.", change.name))
        leave(change, "cancel", self.env._("Taken back by %s", partner.name))
        return self.env._("%s was begun by the message and is cancelled.", change.name)
