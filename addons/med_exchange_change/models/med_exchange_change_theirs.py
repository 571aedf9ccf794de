from odoo import fields, models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_signature.tools.permit import permit
from odoo.fields import Command

from .med_exchange_change_notice import STATEMENT


class MedExchangeChangeNotice(models.AbstractModel):
    """Changes that partners announce. Each begins one here, which is assessed here."""

    _inherit = "med.exchange.change_notice"

    def _med_take_change(self, partner, notice, item):
        told = item.payload
        content = {name: value for name, value in told.items() if name not in STATEMENT}
        change = notice.change_id
        if not notice:
            if told["state"] == "withdrawn":
                raise Refused("/state", self.env._("Nothing of it is known here to withdraw."))
            values = self._med_change_values(partner, told)
            change = self._med_carry_out("", self.env["med.change"].create, {
                **values, "source": "supplier", "company_id": partner.company_id.id,
                "partner_id": partner.partner_id.commercial_partner_id.id,
                "owner_id": self._med_owner(partner).id})
            return self._med_note_change(partner, change, told, content)
        if content != notice.their_notice:
            if change.state != "draft":
                raise Refused("", self.env._(
                    "%s is assessed here: it is not changed from outside any more. Announce what "
                    "is new as a change of its own.", change.name))
            self._med_carry_out("", change.write, self._med_change_values(partner, told))
        self._med_note_state(notice, told["state"])
        notice._med_store({"their_notice": content, "their_state": told["state"]})
        return notice

    def _med_note_change(self, partner, change, told, content):
        """Keep what was announced beside the change that it began here."""
        Notice = self.env["med.change.notice"]
        with permit(Notice._name, (), "received"):
            return Notice.create({
                "change_id": change.id, "direction": "in", "state": "received",
                "partner_id": partner.partner_id.commercial_partner_id.id,
                "product_ids": [Command.set((
                    change.component_ids | change.product_tmpl_ids.product_variant_ids).ids)],
                "description": told.get("description") or told["title"],
                "reason": told.get("reason") or False, "told_at": fields.Datetime.now(),
                "agreement_needed": told.get("agreement_needed") or False,
                "answer_by": told.get("answer_by") or False, "overdue_told": False,
                "exchange_partner_id": partner.id, "their_notice": content,
                "their_state": told["state"]})

    def _med_note_state(self, notice, state):
        """Have somebody look where a partner's change goes on: what follows is decided here."""
        if state == notice.their_state:
            return
        text = self.env._("%(partner)s: the change that it announced is now “%(state)s” there",
                          partner=notice.partner_id.display_name, state=state)
        notice.change_id._med_note(text)
        if user := notice.change_id._med_answerable():
            notice.change_id.activity_schedule(
                "mail.mail_activity_data_todo", user_id=user.id, summary=text)

    def _med_owner(self, partner):
        """Return who sees to a change that a partner announced."""
        return partner.responsible_id or self.env["med.nonconformity"]._med_responsible(
            partner.company_id)

    def _med_change_values(self, partner, told):
        """Return what a change that was announced says: a material, or a product that is made by
        a bill of materials."""
        products = self.env["product.product"].union(*(
            self._med_named(partner, "product", one["product"], f"/products/{place}/product")
            for place, one in enumerate(told.get("products") or ())))
        made = products.filtered("bom_ids")
        kind = told.get("effective_kind") or "now"
        if kind != "now" and not told.get(f"effective_{kind}"):
            raise Refused(f"/effective_{kind}", self.env._("Say from when it takes effect."))
        return {
            "title": told["title"], "reason": told.get("reason") or False,
            "description": self._med_description(told),
            "component_ids": [Command.set((products - made).ids)],
            "product_tmpl_ids": [Command.set(made.product_tmpl_id.ids)],
            "effective_kind": kind, "effective_date": told.get("effective_date") or False,
            "effective_lot": told.get("effective_lot") or False,
            "date_wanted": told.get("answer_by") or False}

    def _med_description(self, told):
        """Return the description with what has no field of its own here: their class and their
        revisions say nothing of ours."""
        lines = [told.get("description") or "", *(
            self.env._("%(product)s: revision %(old)s → %(new)s", product=one["product"],
                       old=one.get("revision_from") or "—", new=one.get("revision_to") or "—")
            for one in told.get("products") or ()
            if one.get("revision_from") or one.get("revision_to"))]
        if told.get("class"):
            lines.append(self.env._("Class by the partner: %s", told["class"]))
        return "\n".join(filter(None, lines)) or False
