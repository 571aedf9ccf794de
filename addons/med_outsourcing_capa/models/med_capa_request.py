import hashlib

from odoo import api, models
from odoo.addons.med_signature.tools import canonical
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

TEMPLATE = "med_outsourcing_capa.mail_template_capa_request"


class MedCapaRequest(models.Model):
    """The portal of processors: who is asked there, and the answer that is signed there."""

    _inherit = "med.capa.request"

    # ------------------------------------------------------------------ whose it is

    def _med_portal_processor(self):
        """Return the file of the processor that is asked, where its people may look; else none."""
        self.ensure_one()
        return self._med_processor().filtered(lambda one: one._med_is_open())

    def _med_portal_people(self):
        """Return the portal users that read this request."""
        processor = self._med_portal_processor()
        return processor._med_people() if processor else self.env["res.users"].sudo()

    def _med_portal_domain(self, processors):
        """Return which requests these processors see: addressed to them and sent, or told by
        them."""
        return Domain.OR([
            Domain("company_id", "=", one.company_id.id)
            & Domain("partner_id.commercial_partner_id", "=", one.partner_id.id)
            for one in processors]) & (
                Domain("direction", "=", "in") | Domain("sent_at", "!=", False))

    def _med_portal_open(self):
        """Return, as a domain, that an answer is awaited."""
        return Domain("state", "in", ("sent", "returned"))

    # ------------------------------------------------------------------ telling

    def _med_is_heard(self):
        # A page that nobody is called to is read by chance: it takes an address.
        return super()._med_is_heard() or bool(self._med_portal_people().filtered("email"))

    def _med_after_send(self):
        super()._med_after_send()
        self._med_portal_mail()

    def _med_after_return(self):
        super()._med_after_return()
        self._med_portal_mail()

    def _med_portal_mail(self):
        """Write to the portal users of these requests, each in his language.

        Where a program of theirs hears of the request, people are written to only if the portal
        is the way that was agreed on.
        """
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            return
        for request in self.sudo().filtered(lambda one: one.direction == "out"):
            by_program = super(MedCapaRequest, request)._med_is_heard()
            if by_program and request._med_portal_processor().connection != "portal":
                continue
            for user in request._med_portal_people().filtered("email"):
                template.sudo().with_context(
                    med_lang=user.lang or request.partner_id.lang).send_mail(
                        request.id, email_layout_xmlid="mail.mail_notification_light",
                        email_values={"recipient_ids": [Command.link(user.partner_id.id)]})

    # ------------------------------------------------------------------ answering

    def _med_portal_answer(self, processor, told, files, secret, code=""):
        """Sign and keep the answer of the portal user who calls; see ``_med_answer``.

        :param processor: ``med.processor`` that he speaks for
        :param secret: his password
        :param code: of his authenticator, where he uses one
        :return: ``med.capa.request.answer``
        :raise UserError: with one sentence; nothing is kept then
        """
        self.ensure_one()
        request = self.sudo()
        if not processor or processor != request._med_portal_processor():
            raise UserError(self.env._("This request is not yours to answer."))
        if request.direction != "out":
            raise UserError(self.env._("Nothing is asked here."))
        request._med_lock()
        content = request._med_check_told(told)
        if (same := request._med_same(content, "portal", files)) and same.signature_id:
            return same
        signature = request._med_portal_sign(processor, content, files, secret, code)
        answer = request._med_answer(self.env.user.partner_id, told, "portal", files,
                                     person=self.env.user.name)
        answer._med_signed_by(signature)
        return answer

    @api.model
    def _med_portal_tell(self, processor, values, told, files, secret, code="", record=None):
        """Sign and keep what the portal user who calls tells of a CAPA of his firm's own.

        :param values: as ``_med_receive`` has it; the caller has checked that goods and
            nonconformity are this processor's
        :return: ``med.capa.request``
        """
        if record and processor != record.sudo()._med_portal_processor():
            raise UserError(self.env._("This CAPA is not yours to tell of."))
        partner = self.env.user.partner_id
        if partner.sudo().commercial_partner_id != processor.sudo().partner_id:
            raise UserError(self.env._("This CAPA is not yours to tell of."))
        content = self._med_check_told(told)
        before = record and record._med_portal_digest()
        made = self.sudo()._med_receive(
            partner, {**values, "company_id": processor.sudo().company_id.id}, told, "portal",
            record=record, files=files, person=self.env.user.name).sudo()
        if made.answer_id.signature_id and before == made._med_portal_digest():
            return made  # the same again is nothing new to sign
        signature = made._med_portal_sign(processor, content, files, secret, code)
        made.answer_id.filtered(lambda one: not one.signature_id)._med_signed_by(signature)
        return made

    def _med_portal_sign(self, processor, content, files, secret, code):
        """Return the processor's signature under what it says now.

        Each is numbered: what was said once may be said again later, and is signed again then.
        """
        given = self.env["med.processor.signature"].sudo().search_count([
            ("res_model", "=", self._name), ("res_id", "=", self.id)])
        return processor.sudo()._med_sign(
            self, "answered", method="portal", secret=secret, code=code, by="password", content={
                **self._med_portal_content(), "answer": content, "number": given + 1,
                "files": [{"name": name, "sha256": hashlib.sha256(raw).hexdigest()}
                          for name, raw, _media in files]})

    def _med_portal_content(self):
        """Return what the processor has before it when it answers, as plain data."""
        self.ensure_one()
        one = self.sudo()
        return {
            "form": "med-capa-answer/1", "request": one.name, "title": one.title or "",
            "their_number": one.their_number or "", "their_state": one.their_state or "",
            "problem": one.problem or "", "order": one.order_id.name or "",
            "nonconformity": one.nonconformity_id.name or "",
            "asks": [name for name in ("ask_containment", "ask_cause", "ask_corrective",
                                       "ask_preventive") if one[name]],
            "contain": one.date_contain.isoformat() if one.date_contain else "",
            "due": one.date_due.isoformat() if one.date_due else "",
            "review": one.review or "" if one.state == "returned" else "",
            "lots": [{"lot": lot.name, "product": lot.product_id.id}
                     for lot in one.lot_ids.sorted("id")],
            "products": one.product_ids.sorted("id").ids}

    def _med_portal_digest(self):
        """Return the digest of what the processor has before it."""
        return canonical.digest(canonical.canonical(self._med_portal_content()))
