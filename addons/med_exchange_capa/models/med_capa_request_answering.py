from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .med_capa_request import ENDED

LONG, MANY = 20000, 200
TEXTS = ("containment", "cause", "effect", "note")


class MedCapaRequest(models.Model):
    """What partners answer: by message, on their page, or on paper that two of ours read."""

    _inherit = "med.capa.request"

    def _med_answer(self, partner, told, way, files=(), **given):
        """Keep what a partner answers; the newest answer counts. The caller has checked who it is.

        The same answer again is none.

        :param partner: ``res.partner`` that answers; of the organisation that was asked
        :param told: ``{"containment", "cause", "effect", "note", "actions"}``; an action is
            ``{"kind", "what", "who", "due", "done"}``, days as ISO text
        :param way: portal, message or paper
        :param files: ``(name, content, media type)``
        :param given: ``person``, ``signed_on``, ``event_time``, ``exchange_partner_id``,
            ``message``
        :return: ``med.capa.request.answer``
        :raise UserError: it is not his to answer, or nothing is to be answered any more
        """
        self.ensure_one()
        if not partner or (partner.sudo().commercial_partner_id
                           != self.sudo().partner_id.commercial_partner_id):
            raise AccessError(self.env._("This request is not yours to answer."))
        self.sudo()._med_lock()
        if self.direction == "out" and not self.sent_at:
            raise UserError(self.env._("Nothing is asked here."))
        if self.state in ENDED:
            raise UserError(self.env._("%s takes no answer any more.", self.name))
        content = self._med_check_told(told)
        if same := self._med_same(content, way, files):
            return same
        answer = self._med_keep_answer(partner, content, way, files, given)
        if way != "paper":
            answer._med_take()
        else:
            self._med_ask_verifier(answer)
        return answer

    def _med_check_told(self, told):
        """Return what is told, cleaned.

        :raise UserError: it says nothing, or too much
        """
        content = {name: (told.get(name) or "").strip() for name in TEXTS}
        actions = [{"kind": one.get("kind") or "corrective", "what": one["what"].strip(),
                    "who": (one.get("who") or "").strip(), "due": one.get("due") or "",
                    "done": one.get("done") or ""}
                   for one in told.get("actions") or () if (one.get("what") or "").strip()]
        if not any(content.values()) and not actions:
            raise UserError(self.env._("The answer says nothing."))
        if len(actions) > MANY or any(len(one) > LONG for one in (
                *content.values(), *(one["what"] for one in actions))):
            raise UserError(self.env._("The answer is too long: 20,000 characters a text and 200 "
                                       "actions at most."))
        return {**content, "actions": actions}

    def _med_same(self, content, way, files):
        """Return the answer that says just this already, or none."""
        last = self.sudo().answer_ids.filtered(
            lambda one: one.state == "given").sorted("id")[-1:]
        if files or way == "paper" or not last or last.superseded or last.verdict:
            return last.browse()
        plain = last._med_plain()
        return last if all(plain[name] == content[name] for name in content) and (
            not plain["files"]) else last.browse()

    def _med_keep_answer(self, partner, content, way, files, given):
        Answer, actions = self.env["med.capa.request.answer"].sudo(), content["actions"]
        with permit(Answer._name, (), "born"):
            answer = Answer.create({
                "request_id": self.id, "partner_id": partner.id, "way": way,
                "user_id": self.env.uid, "answered_at": fields.Datetime.now(),
                **{name: content[name] or False for name in TEXTS},
                **{name: given.get(name) or False for name in (
                    "person", "signed_on", "event_time", "exchange_partner_id", "message")}})
        Action = self.env["med.capa.request.action"].sudo()
        for one in actions:
            with permit(Action._name, (), "born"):
                Action.create({
                    "answer_id": answer.id, "kind": one["kind"], "what": one["what"],
                    "who": one["who"] or False, "date_due": one["due"] or False,
                    "date_done": one["done"] or False})
        if files:
            kept = self.env["ir.attachment"].sudo().with_context({}).create([{
                "name": name, "raw": content, "mimetype": media, "res_model": Answer._name,
                "res_id": answer.id, "company_id": self.sudo().company_id.id, "public": False,
                "type": "binary", "access_token": False, "res_field": False, "url": False,
            } for name, content, media in files])
            with permit(Answer._name, answer.ids, ("file_ids",)):
                answer.write({"file_ids": [Command.set(kept.ids)]})
        answer.invalidate_recordset(["action_ids", "file_ids"])
        return answer

    def _med_count(self, answer):
        """Let an answer count, the newest from now on."""
        counts = self.answer_ids.filtered(lambda one: one.state == "given").sorted("id")[-1:]
        self.answer_ids.filtered(lambda one: one.id < counts.id)._med_supersede()
        if counts != answer:  # a paper that was verified after a newer answer had come
            return
        self._med_store({"answer_id": answer.id})
        if self.state in ("sent", "returned"):
            self._med_follow("answer")
        elif self.direction == "out":
            # What was being written about the answer before is not signed of this one.
            self._med_store({"answered_at": fields.Datetime.now(), "review": False})
            self._med_tell()
        self.message_post(body=self.env._(
            "%(partner)s has answered (%(way)s).", partner=answer.partner_id.display_name,
            way=dict(answer._fields["way"]._description_selection(self.env))[answer.way]))

    def _med_dropped(self, answer):
        """Log a paper that does not count."""
        self._med_note(self.env._("The paper entered by %s is dropped.", answer.user_id.name))

    def _med_ask_verifier(self, answer):
        """Ask a second person of quality assurance to compare the paper."""
        users = self.env.ref("med_base.med_base_group_qa").sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and user != self.env.user
            and self.company_id in user.company_ids and user != self.env.ref("base.user_root"))
        who = self._med_answerable()
        who = who if who in users else users.sorted("id")[:1]
        if who:
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo", user_id=who.id, summary=self.env._(
                    "Compare the stamped answer of %s and sign", self.partner_id.display_name))

    def action_note(self):
        """Enter an answer that came on stamped paper."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "med.capa.request.note",
                "views": [(False, "form")], "target": "new",
                "name": self.env._("Enter a Stamped Answer"),
                "context": {"default_request_id": self.id}}
