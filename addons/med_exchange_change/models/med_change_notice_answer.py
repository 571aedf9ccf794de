from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError

from .med_change_notice import ENDED

VERSION = 1
LONG = 20000
WORDS = ("agreed", "refused", "withdrawn")


class MedChangeNotice(models.Model):
    """Telling a partner, and what he answers: by message, on his page, or noted by us."""

    _inherit = "med.change.notice"

    def announce(self):
        """Tell the partners of these notices that are not told yet.

        :return: ``{"version", "told", "by_hand"}``; ``by_hand``: names of those whom no program
            tells: write to them, and note their answers
        """
        self.check_access("write")
        self.change_id._med_check_mine(later=True)
        self._med_check_open()
        todo = self.filtered(lambda one: one.state == "planned")
        if mute := todo.filtered(lambda one: not (one.description or "").strip()):
            raise UserError(self.env._("%s: say what the partner is to read.", mute[0].name))
        todo._med_store({"state": "told", "told_at": fields.Datetime.now()})
        by_hand = todo.filtered(lambda one: not one._med_is_heard()).partner_id
        for change in todo.change_id:
            change._med_note(self.env._("Told of this change: %s", ", ".join(
                (todo & change.notice_ids).partner_id.mapped("display_name"))))
        return {"version": VERSION, "told": len(todo), "by_hand": by_hand.mapped("display_name")}

    def _med_is_heard(self):
        """Return whether a program of the partner's hears of this notice. For the addon of a
        partners' page to extend."""
        self.ensure_one()
        return bool(self.env["med.exchange.right"].sudo().search_count([
            ("schema", "=", "change_notice"), ("direction", "=", "out"),
            ("company_id", "=", self.company_id.id),
            ("exchange_partner_id.state", "=", "active"),
            ("exchange_partner_id.partner_id.commercial_partner_id", "=",
             self.partner_id.commercial_partner_id.id)], limit=1))

    def action_announce(self):
        """Tell the partners, and say whom no program tells."""
        told = self.announce()
        text = self.env._("%s partners were told.", told["told"])
        if told["by_hand"]:
            text += " " + self.env._("Write to these, and note their answers: %s.", ", ".join(
                told["by_hand"]))
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "warning" if told["by_hand"] else "success", "message": text,
            "sticky": bool(told["by_hand"]),
            "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}

    # ------------------------------------------------------------------ answers

    def answer(self, agreement: str, note: str = ""):
        """Note the answer that a partner gave by letter or word of mouth.

        :param agreement: agreed or refused
        :param note: who answered and how; under which conditions
        :return: ``{"version", "answer" (id)}``
        """
        self.ensure_one()
        self.check_access("write")
        self.change_id._med_check_mine(later=True)
        if not isinstance(note, str) or not note.strip():
            raise UserError(self.env._("“note” must say who answered, and how."))
        return {"version": VERSION,
                "answer": self._med_answer(self.partner_id, agreement, note).id}

    def _med_answer(self, partner, agreement, note, origin=None, message=0, event_time=None):
        """Keep what a partner answers; the newest answer counts. The caller has checked who it is.

        The same answer again is none.

        :param partner: ``res.partner`` that answers; of the organisation that was asked
        :param agreement: agreed, refused, or withdrawn for one that takes its answer back
        :param origin: ``med.exchange.partner`` whose message brought it
        :param message: number of that message
        :return: ``med.change.answer``
        :raise UserError: it is not his to answer, or nothing is to be answered any more
        """
        self.ensure_one()
        if not partner or self.partner_id.commercial_partner_id != partner.commercial_partner_id:
            raise AccessError(self.env._("This notice is not yours to answer."))
        if self.direction != "out" or self.state == "planned":
            raise UserError(self.env._("Nothing is asked here."))
        if agreement not in WORDS:
            raise UserError(self.env._("“agreement” must be “agreed” or “refused”."))
        if not isinstance(note or "", str) or len(note or "") > LONG:
            raise UserError(self.env._("“note” must be text of 20,000 characters at most."))
        self.sudo().change_id._med_lock()
        if self.change_id.state in ENDED:
            raise UserError(self.env._(
                "%s is in effect or ended: it takes no answer any more.", self.change_id.name))
        note = (note or "").strip() or False
        last = self.sudo().answer_ids.sorted("id")[-1:]
        if last and not last.superseded and (last.agreement, last.note) == (agreement, note):
            return last
        Answer = self.env["med.change.answer"]
        with permit(Answer._name, (), "born"):
            answer = Answer.sudo().create({
                "notice_id": self.id, "agreement": agreement, "note": note,
                "partner_id": partner.id, "user_id": self.env.uid,
                "answered_at": fields.Datetime.now(), "event_time": event_time or False,
                "exchange_partner_id": origin.id if origin else False, "message": message or 0})
        last._med_supersede()
        self._med_store({"state": "told" if agreement == "withdrawn" else agreement})
        self._med_tell_answer(answer)
        return answer

    def _med_tell_answer(self, answer):
        """Log an answer; one that is no agreement is somebody's to look at."""
        change = self.sudo().change_id
        words = dict(answer._fields["agreement"]._description_selection(self.env))
        text = self.env._("%(partner)s: %(answer)s", partner=self.partner_id.display_name,
                          answer=words[answer.agreement])
        change._med_note(f"{text}. {answer.note or ''}".strip())
        if answer.agreement != "agreed" and (user := change._med_answerable()):
            change.activity_schedule("mail.mail_activity_data_warning", user_id=user.id,
                                     summary=text, note=answer.note or "")

    def _med_ask_again(self, why):
        """Let answers count no more: what was answered to is not what is now."""
        answered = self.filtered(lambda one: one.state in ("agreed", "refused"))
        if not answered:
            return
        answered.sudo().answer_ids._med_supersede()
        answered._med_store({"state": "told", "overdue_told": False})
        for change in answered.change_id:
            change._med_note(why)

    @api.model
    def _tell_unanswered(self):
        """Tell owners of answers that did not come in time; once."""
        late = self.sudo().search([
            ("state", "=", "told"), ("direction", "=", "out"), ("overdue_told", "=", False),
            ("answer_by", "<", fields.Date.today()), ("change_id.state", "not in", ENDED)])
        for notice in late:
            change = notice.change_id
            if user := change._med_answerable():
                change.activity_schedule(
                    "mail.mail_activity_data_warning", user_id=user.id, summary=self.env._(
                        "%(partner)s has not answered until %(date)s",
                        partner=notice.partner_id.display_name, date=notice.answer_by))
        late._med_store({"overdue_told": True})
