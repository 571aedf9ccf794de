import math
from datetime import timedelta

from odoo import fields, models
from odoo.addons.med_recall.models.med_recall import DECIDERS
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, email_normalize

from .med_recall_notice import VERSION

COUNTS = ("held", "used", "sold_on", "returned", "to_return")
MOST_ANSWERS, MOST_ACCOUNTS, SHORT, LONG = 50, 200, 200, 4000


class MedRecallNotice(models.Model):
    """What a consignee answers: on his page, from his system, or by a person who notes it."""

    _inherit = "med.recall.notice"

    def answer(self, lots, person, role="", comment="", accounts=None):
        """Take an answer to this notice; it acknowledges it, and replaces the one before.

        :param list lots: ``{"lot": number or id, "held", "used", "sold_on", "returned",
            "to_return", "comment"}`` in the unit of the product; counts left out are 0. Untracked
            stock has no number: the id is that of its product, below 0
        :param str person: who answers
        :param list accounts: ``{"lot", "name", "email", "quantity"}`` of customers it was sold on
            to, who need not be named; who has an e-mail address gets a notice of his own
        :return: ``{"version", "answer" (id), "number", "told" (new notices to customers)}``
        """
        self.ensure_one()
        via = "staff"
        if not any(self.env.user.has_group(one) for one in DECIDERS):
            mine = self.sudo().partner_id.commercial_partner_id
            if not self.env.user.has_group("med_base.med_base_group_portal_dealer") or (
                    not mine or self.env.user.partner_id.commercial_partner_id != mine):
                raise AccessError(self.env._("This notice is not yours to answer."))
            via = "rpc"
        else:
            self.check_access("write")
        return self.sudo()._med_answer(via, lots, person, role, comment, accounts or [])

    def _med_answer(self, via, lots, person, role, comment, accounts):
        """Write an answer; see :meth:`answer`. The caller has checked who it is."""
        _ = self.env._
        self.lock_for_update()
        if self.state == "closed" or not self.queued_at:
            raise UserError(_("This notice is not open for an answer."))
        number = len(self.answer_ids) + 1
        if number > MOST_ANSWERS or len(accounts) > MOST_ACCOUNTS:
            raise UserError(_("That is too much for one notice: call us."))
        if not self._med_text(person, SHORT):
            raise UserError(_("Say who answers."))
        rows = self._med_lot_rows()[self.id]
        his = {row["id"]: row["net"] for row in rows}
        known = {**{row["lot"]: row["id"] for row in rows if row["lot"]},
                 **{one: one for one in his}}
        lines = self._med_answer_lines(lots, his, known)
        told = self._med_answer_accounts(accounts, known)
        Answer, Line = self.env["med.recall.answer"], self.env["med.recall.answer.line"]
        self.answer_ids.filtered("latest")._med_not_latest()
        with permit(Answer._name, (), "born"):
            answer = Answer.create({
                "notice_id": self.id, "number": number, "latest": True, "via": via,
                "person": self._med_text(person, SHORT), "role": self._med_text(role, SHORT),
                "comment": self._med_text(comment, LONG), "answered_at": fields.Datetime.now()})
        with permit(Line._name, (), "born"):
            Line.create([{"answer_id": answer.id, **line} for line in lines])
        children = self._med_tell_on(answer, told)
        now = fields.Datetime.now()
        self._med_acknowledge()
        self._med_store({"state": "answered", "answered_at": now, "to_call": False})
        return {"version": VERSION, "answer": answer.id, "number": number, "told": len(children)}

    def _med_text(self, text, most):
        if text and not isinstance(text, str):
            raise UserError(self.env._("This must be text."))
        return (text or "").strip()[:most]

    def _med_number(self, value):
        try:
            number = float(value or 0)
        except (TypeError, ValueError):
            number = -1.0
        if not math.isfinite(number) or not 0 <= number < 1e9:
            raise UserError(self.env._("Quantities are numbers from 0."))
        return number

    def _med_his_lot(self, row, known):
        lot = row.get("lot") if isinstance(row, dict) else None
        if not isinstance(lot, (str, int)) or lot not in known:
            raise UserError(self.env._("This lot is not one of this notice."))
        return known[lot]

    def _med_subject(self, row):
        if row < 0:
            return {"lot_id": False, "product_id": -row}
        return {"lot_id": row, "product_id": self.env["stock.lot"].browse(row).product_id.id}

    def _med_answer_lines(self, lots, his, known):
        lines = {}
        for row in lots:
            lot = self._med_his_lot(row, known)
            counts = {name: self._med_number(row.get(name)) for name in COUNTS}
            if counts["to_return"] > counts["held"]:
                raise UserError(self.env._("Only what is still there can be sent back."))
            total = sum(counts[name] for name in COUNTS[:-1])
            lines[lot] = {
                **self._med_subject(lot), "received": his[lot], **counts,
                "differs": abs(total - his[lot]) > 1e-6,
                "comment": self._med_text(row.get("comment"), SHORT)}
        if not lines:
            raise UserError(self.env._("Answer for one lot at least."))
        return list(lines.values())

    def _med_answer_accounts(self, accounts, known):
        told = []
        for row in accounts:
            lot = self._med_his_lot(row, known)
            email = self._med_text(row.get("email"), SHORT)
            if email and not email_normalize(email):
                raise UserError(self.env._("This is no e-mail address: %s", email))
            name = self._med_text(row.get("name"), SHORT) or email
            if not name:
                raise UserError(self.env._("Say whom it was sold on to."))
            told.append({**self._med_subject(lot), "name": name, "quantity": self._med_number(
                row.get("quantity")), "email": email_normalize(email) if email else False})
        return told

    def _med_check_link_mails(self, count):
        """Raise where outsiders would have more letters sent today than the company lets them.

        Two answers at the same moment do not see each other, and may go beyond it together.
        """
        company = self.company_id
        self.env.flush_all()
        [[told]] = self.env.execute_query(SQL("""
            SELECT count(DISTINCT n.id) FROM med_recall_notice n
              JOIN med_recall_customer c ON c.child_id = n.id
              JOIN med_recall_answer a ON a.id = c.answer_id AND a.via <> 'staff'
              JOIN med_recall r ON r.id = n.recall_id AND r.drill IS NOT TRUE
             WHERE n.parent_id IS NOT NULL AND n.company_id = %s AND n.queued_at > %s""",
            company.id, fields.Datetime.now() - timedelta(days=1)))
        most = company.med_recall_link_mails
        if told + count > most:
            raise UserError(self.env._(
                "At most %(most)s customers are written to in a day, and %(told)s were already. "
                "Leave their e-mail addresses out, or answer again tomorrow; or call us, and we "
                "tell them.", most=most, told=told))

    def _med_tell_on(self, answer, told):
        """Write down whom it was sold on to; tell those who can be, each once. Return the new."""
        children = {one.email: one for one in self.child_ids}
        fresh = {row["email"]: row["name"] for row in told
                 if row["email"] and row["email"] not in children}
        if fresh and answer.via != "staff" and not self.drill:
            self._med_check_link_mails(len(fresh))
        new = self._med_born([{
            "recall_id": self.recall_id.id, "scope_id": self.scope_id.id, "parent_id": self.id,
            "name": name, "email": email, "lang": self.lang, "channel": "email",
            "jurisdiction_id": self.jurisdiction_id.id, "letter_id": self.letter_id.id,
            "token_until": self.token_until} for email, name in fresh.items()])
        children.update({one.email: one for one in new})
        Account = self.env["med.recall.customer"]
        with permit(Account._name, (), "born"):
            Account.create([{
                "answer_id": answer.id, **row,
                "child_id": children[row["email"]].id if row["email"] else False}
                for row in told])
        now = fields.Datetime.now()
        new._med_store({"queued_at": now, "state": "simulated", "sent_at": now} if self.drill
                       else {"queued_at": now, "state": "queued"})
        if new:
            self.env.ref("med_recall_notice.med_recall_notice_cron_write").sudo()._trigger()
        return new
