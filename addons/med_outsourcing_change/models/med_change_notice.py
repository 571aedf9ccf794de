from odoo import models
from odoo.addons.med_exchange_change.models.med_change_notice import ENDED
from odoo.addons.med_signature.tools import canonical
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

TEMPLATE = "med_outsourcing_change.mail_template_change_notice"


class MedChangeNotice(models.Model):
    """The portal of processors: who is told there, and the answer that is signed there."""

    _inherit = "med.change.notice"

    # ------------------------------------------------------------------ whose it is

    def _med_portal_processor(self):
        """Return the file of the processor that is told, where its people may look; else none."""
        self.ensure_one()
        found = self.env["med.processor"]._med_of(self.sudo().partner_id, self.sudo().company_id)
        return found.filtered(lambda one: one._med_is_open())

    def _med_portal_people(self):
        """Return the portal users that read this notice."""
        processor = self._med_portal_processor()
        return processor._med_people() if processor else self.env["res.users"].sudo()

    def _med_portal_domain(self, processors):
        """Return which notices these processors see: addressed to them, once they were told."""
        return Domain.OR([
            Domain("company_id", "=", one.company_id.id)
            & Domain("partner_id.commercial_partner_id", "=", one.partner_id.id)
            for one in processors]) & Domain("direction", "=", "out") & Domain(
                "state", "!=", "planned")

    def _med_portal_open(self):
        """Return, as a domain, that an answer is still awaited or possible and none was given."""
        return Domain("state", "=", "told") & Domain("change_id.state", "not in", ENDED)

    # ------------------------------------------------------------------ telling

    def announce(self):
        todo = self.filtered(lambda one: one.state == "planned")
        told = super().announce()
        todo._med_portal_mail()
        return told

    def _med_is_heard(self):
        # A page that nobody is called to is read by chance: it takes an address.
        return super()._med_is_heard() or bool(self._med_portal_people().filtered("email"))

    def _med_ask_again(self, why):
        again = self.filtered(lambda one: one.state in ("agreed", "refused"))
        done = super()._med_ask_again(why)
        again._med_portal_mail(again=True)
        return done

    def _med_portal_mail(self, again=False):
        """Write to the portal users of these notices, each in his language.

        Where a program of theirs hears of the notice, people are written to only if the portal is
        the way that was agreed on.
        """
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            return
        for notice in self.sudo().filtered(lambda one: one.direction == "out"):
            by_program = super(MedChangeNotice, notice)._med_is_heard()
            if by_program and notice._med_portal_processor().connection != "portal":
                continue
            for user in notice._med_portal_people().filtered("email"):
                template.sudo().with_context(
                    med_lang=user.lang or notice.partner_id.lang, med_again=again).send_mail(
                        notice.id, email_layout_xmlid="mail.mail_notification_light",
                        email_values={"recipient_ids": [Command.link(user.partner_id.id)]})

    # ------------------------------------------------------------------ answering

    def _med_portal_answer(self, processor, agreement, note, secret, code=""):
        """Sign and keep the answer of the portal user who calls; see ``_med_answer``.

        The same answer again is none, and asks for no second signature.

        :param processor: ``med.processor`` that he speaks for
        :param secret: his password
        :param code: of his authenticator, where he uses one
        :return: ``med.change.answer``
        :raise UserError: with one sentence; nothing is kept then
        """
        self.ensure_one()
        notice = self.sudo()
        if processor != notice._med_portal_processor():
            raise UserError(self.env._("This notice is not yours to answer."))
        notice.change_id._med_lock()
        notice.invalidate_recordset(["state", "answer_ids"])
        last = notice._med_portal_last()
        if last.signature_id and (last.agreement, last.note or "") == (agreement, note):
            return last
        signature = processor.sudo()._med_sign(
            notice, agreement, content=notice._med_portal_signed(agreement, note),
            method="portal", secret=secret, code=code, by="password", note=note)
        answer = notice._med_answer(self.env.user.partner_id, agreement, note)
        answer._med_signed_by(signature)
        return answer

    def _med_portal_last(self):
        """Return the answer that counts, or none."""
        return self.sudo().answer_ids.filtered(lambda one: not one.superseded).sorted("id")[-1:]

    def _med_portal_content(self):
        """Return what the processor has before it when it answers, as plain data."""
        self.ensure_one()
        notice, change = self.sudo(), self.sudo().change_id
        return {
            "form": "med-change-answer/1", "notice": notice.name, "change": change.name,
            "title": change.title or "", "text": notice.description or "",
            "reason": notice.reason or "", "effective": change.effective_kind,
            "date": canonical.time_text(change.effective_date)
            if change.effective_kind == "date" else None,
            "lot": change.effective_lot or "" if change.effective_kind == "lot" else "",
            "products": [{"product": one.id, "name": one.display_name,
                          "code": one.default_code or ""}
                         for one in notice.product_ids.sorted("id").with_context(lang="en_US")],
            "documents": [{"name": one.name, "sha256": one.med_sha256 or one.checksum or ""}
                          for one in notice.document_ids.sorted("id")],
        }

    def _med_portal_digest(self):
        """Return the digest of what the processor has before it."""
        return canonical.digest(canonical.canonical(self._med_portal_content()))

    def _med_portal_signed(self, agreement, note):
        # How many answers came before: the same words may be signed again after others.
        return {**self._med_portal_content(), "answer": agreement, "note": note,
                "number": len(self.sudo().answer_ids) + 1}

    def _med_tell_answer(self, answer):
        """In the words of who reads it; a condition is somebody's to look at."""
        by_page = self.env.user.share and not answer.exchange_partner_id
        if not by_page:
            super()._med_tell_answer(answer)
            return
        reader = self.sudo().change_id._med_answerable()
        told = self.with_context(lang=reader.lang or self.env.lang)
        super(MedChangeNotice, told)._med_tell_answer(answer.with_env(told.env))
        if reader and answer.agreement == "agreed" and answer.note:
            told.sudo().change_id.activity_schedule(
                "mail.mail_activity_data_warning", user_id=reader.id, note=answer.note,
                summary=told.env._("%(partner)s agrees on a condition: see that it is met",
                                   partner=told.sudo().partner_id.display_name))
