from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class MedRecallNotice(models.Model):
    """Whom a dealer sold recalled lots on to, where it has told us before it was asked."""

    _inherit = "med.recall.notice"

    onward_ids = fields.Many2many("med.sale.on.line", string="Onward Sales", compute=(
        "_compute_onward_ids"), help="What the consignee reported of the lots of this notice.")

    def _compute_onward_ids(self):
        for notice in self:
            notice.onward_ids = notice._med_onward()

    def _med_onward(self):
        """Return the onward sales of the lots of this notice by its consignee."""
        self.ensure_one()
        organisation = self.sudo().partner_id.commercial_partner_id
        lots = [row["id"] for row in self.sudo()._med_lot_rows()[self.id] if row["id"] > 0] if (
            self.consignee_id) else []
        return self.env["med.sale.on.line"].search([
            ("lot_id", "in", lots), ("company_id", "=", self.company_id.id),
            ("sale_id.partner_id", "=", organisation.id), ("sale_id.state", "=", "reported")])

    def tell_buyers(self):
        """Write to those whom the consignee sold recalled lots on to, each once.

        :return: ``{"version", "told", "by_hand"}``; ``by_hand``: who has no e-mail address, with
            what else is known of him: call them
        """
        self.ensure_one()
        self._med_check_staff()
        if not self.queued_at or self.state == "closed":
            raise UserError(self.env._("The consignee is told first."))
        known = {one.email for one in self.child_ids}
        fresh, by_hand = {}, []
        for buyer in self._med_onward().filtered("still").sale_id:
            email = email_normalize(buyer.buyer_email or "")
            if not email:
                by_hand.append(", ".join(filter(None, (
                    buyer.buyer_name, buyer.buyer_phone, buyer.buyer_city))))
            elif email not in known:
                fresh[email] = buyer.buyer_name
        new = self._med_born([{
            "recall_id": self.recall_id.id, "scope_id": self.scope_id.id, "parent_id": self.id,
            "name": name, "email": email, "lang": self.lang, "channel": "email",
            "jurisdiction_id": self.jurisdiction_id.id, "letter_id": self.letter_id.id,
            "token_until": self.token_until} for email, name in fresh.items()])
        now = fields.Datetime.now()
        new._med_store({"queued_at": now, "state": "simulated", "sent_at": now} if self.drill
                       else {"queued_at": now, "state": "queued"})
        if new:
            self.env.ref("med_recall_notice.med_recall_notice_cron_write").sudo()._trigger()
        return {"version": 1, "told": len(new), "by_hand": list(dict.fromkeys(by_hand))}

    def action_tell_buyers(self):
        """Tell the buyers, and say whom to call."""
        told = self.tell_buyers()
        text = self.env._("%s buyers are written to.", told["told"])
        if told["by_hand"]:
            text += " " + self.env._("Call these: %s.", "; ".join(told["by_hand"]))
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "warning" if told["by_hand"] else "success", "message": text,
            "sticky": bool(told["by_hand"]),
            "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}

    def _med_lot_rows(self):
        """A buyer that the consignee named in no answer sees what was reported as sold to him."""
        told = super()._med_lot_rows()
        for notice in self.sudo().filtered("parent_id"):
            if told[notice.id]:
                continue
            sums = {}
            for line in notice.parent_id._med_onward():
                if email_normalize(line.sale_id.buyer_email or "") == notice.email:
                    sums[line.lot_id] = sums.get(line.lot_id, 0.0) + line.signed_quantity
            told[notice.id] = [self._med_lot_row(lot, lot.product_id, quantity)
                               for lot, quantity in sums.items() if quantity > 0]
        return told
