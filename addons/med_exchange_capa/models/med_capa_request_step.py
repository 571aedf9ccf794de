from odoo import fields, models
from odoo.addons.med_signature.models.med_signable_step import perform
from odoo.exceptions import UserError

from .med_capa_request import PARTS


class MedCapaRequest(models.Model):
    """Sending, being answered, accepting and sending back."""

    _inherit = "med.capa.request"

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "send":
            self._med_check_send()
        elif transition.name == "answer" and not self._med_unread():
            raise UserError(self.env._("The partner itself answers; enter its paper."))
        elif transition.name == "receive" and self.direction != "in":
            raise UserError(self.env._("The partner itself tells of its CAPA."))
        elif transition.name == "accept":
            self._med_check_complete()

    def _med_check_send(self):
        self._med_check_asked()
        if not any(self[f"ask_{part}"] for part in PARTS):
            raise UserError(self.env._("%s: say what is asked for.", self.name))
        if self.date_due < fields.Date.context_today(self):
            raise UserError(self.env._("%s: the day to answer is over.", self.name))
        if self.date_contain and self.date_contain > self.date_due:
            raise UserError(self.env._(
                "%s: containment is due before the whole answer.", self.name))

    def _med_unread(self):
        """Return whether an answer counts that nobody has judged yet."""
        return bool(self.answer_id.state == "given" and not self.answer_id.verdict)

    def _med_check_complete(self):
        """Refuse to accept an answer that lacks what was asked for."""
        labels = {part: self._fields[f"ask_{part}"]._description_string(self.env)
                  for part in PARTS}
        lacking = [labels[part] for part in PARTS
                   if self[f"ask_{part}"] and not self.answer_id._med_says_of(part)]
        if lacking:
            raise UserError(self.env._(
                "%(name)s: the answer lacks: %(parts)s. Send it back, or wait for the next one.",
                name=self.name, parts=", ".join(lacking)))

    def _med_follow(self, name):
        """Take the step that follows from what the partner did."""
        transition = self._med_find_transition(name)
        self._med_before_transition(transition)
        perform(self, transition, "")

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        follow = getattr(self, f"_med_after_{transition.name}", None)
        self.activity_ids.unlink()
        if follow:
            follow()
        self._med_tell()

    def _med_after_send(self):
        self._med_store({"sent_at": fields.Datetime.now(), "overdue_told": False})
        self._med_remind(self.env._("%s is to answer", self.partner_id.display_name),
                         self.date_contain or self.date_due)
        self.capa_id._med_note(self.env._("%(number)s is sent to %(partner)s.", number=self.name,
                                          partner=self.partner_id.display_name))

    def _med_after_answer(self):
        # What was missing of the answer before stands with that answer.
        self._med_store({"answered_at": fields.Datetime.now(), "overdue_told": False,
                         "review": False})
        self._med_remind(self.env._(
            "%s has answered: accept it or send it back", self.partner_id.display_name))

    def _med_after_accept(self):
        self.answer_id._med_judge("accepted", "")
        self.capa_id._med_note(self.env._("The answer to %s is accepted.", self.name))

    def _med_after_return(self):
        self.answer_id._med_judge("returned", self.review)
        self._med_store({"overdue_told": False})
        self._med_remind(self.env._("%s is to answer anew", self.partner_id.display_name),
                         self.date_due)

    def _med_after_cancel(self):
        if self.capa_id:
            self.capa_id._med_note(self.env._("%s is cancelled.", self.name))

    def _med_tell(self):
        """Tell the partner's program how far it is."""
        self.env["med.exchange.corrective_action"]._med_tell_anew(
            self.sudo().filtered(lambda one: one.direction == "out" and one.sent_at))

    def _med_remind(self, text, deadline=None):
        """Put it before who sees to it: the owner of the CAPA, else quality assurance."""
        if user := self._med_answerable():
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo", user_id=user.id, summary=text,
                **({"date_deadline": deadline} if deadline else {}))

    def _med_answerable(self):
        owner = (self.sudo().capa_id.owner_id or self.sudo().nonconformity_id.owner_id)
        return owner if owner and owner.active and not owner.share else self.env[
            "med.nonconformity"]._med_responsible(self.sudo().company_id)

    def _med_is_heard(self):
        """Return whether a program of the partner's hears of this request. For the addon of a
        partners' page to extend."""
        self.ensure_one()
        return bool(self.env["med.exchange.right"].sudo().search_count([
            ("schema", "=", "corrective_action"), ("direction", "=", "out"),
            ("company_id", "=", self.company_id.id),
            ("exchange_partner_id.state", "=", "active"),
            ("exchange_partner_id.partner_id.commercial_partner_id", "=",
             self.partner_id.commercial_partner_id.id)], limit=1))

    def _med_open_form(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id,
                "views": [(False, "form")]}

    def action_send(self):
        """Send these requests, and say whom neither program nor page tells."""
        self.check_access("read")
        for one in self:
            one.med_transition("send")
        mute = self.filtered(lambda one: not one._med_is_heard()).partner_id
        text = self.env._("Sent: %s.", ", ".join(self.mapped("name")))
        if mute:
            text += " " + self.env._("Write to these, and enter their stamped answers: %s.",
                                     ", ".join(mute.mapped("display_name")))
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "warning" if mute else "success", "message": text, "sticky": bool(mute),
            "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}
