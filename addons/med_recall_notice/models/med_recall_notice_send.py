from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .med_recall_notice import VERSION

BATCH = 500
PDF_BATCH = 10
# The wait doubles with each try: ten minutes, twenty, … all in all a day.
ATTEMPTS, FIRST_WAIT = 8, timedelta(minutes=10)
POSTED = ("print", "registered", "phone")


class MedRecallNotice(models.Model):
    """Out to the consignees: written here, sent by Odoo's queue of mails.

    A notice is ``queued`` by a person; a job then writes its mail and remembers it in the same
    transaction, so that whatever ends in between leaves both or none. The mail keeps its
    Message-Id when it is tried again.
    """

    _inherit = "med.recall.notice"

    def send(self):
        """Send notices that are prepared or have failed; the others stay as they are.

        E-mails leave in the background. In a drill nothing leaves.

        :return: ``{"version", "queued", "simulated", "to_post", "warnings"}``; ``to_post``: letters
            and calls that a person sends, and marks as posted; ``warnings``: sentences of what
            should have been done before, which keep nothing from leaving
        """
        self._med_check_staff()
        if any(one.recall_id.state not in ("decided", "completed") for one in self):
            raise UserError(self.env._("Notices leave when the recall is decided."))
        todo = self.filtered(lambda one: one.state in ("prepared", "failed"))
        warnings = [text for one in todo.recall_id for text in one._med_notice_warnings()]
        todo._med_choose_letters()
        now = fields.Datetime.now()
        base = {"queued_at": now, "failure": False, "retry": False, "retry_at": False,
                "attempts": 0, "pdf_failure": False, "token_until": now + timedelta(
            days=int(self.env["ir.config_parameter"].sudo().get_param(
                "med_recall_notice.link_days", "180")))}
        drill = todo.filtered("drill")
        drill._med_store({**base, "state": "simulated", "sent_at": now})
        drill._med_begun()
        posted = (todo - drill).filtered(lambda one: one.channel in POSTED)
        posted._med_store(base)
        others = todo - drill - posted
        for channel, some in others.grouped("channel").items():
            getattr(some, f"_med_send_by_{channel}", some._med_send_by_nothing)(base)
        self.env.ref("med_recall_notice.med_recall_notice_cron_write")._trigger()
        self.env.ref("med_recall_notice.med_recall_notice_cron_pdf")._trigger()
        return {"version": VERSION, "queued": len(others), "simulated": len(drill),
                "to_post": len(posted), "warnings": warnings}

    def _med_send_by_email(self, base):
        if lost := self.filtered(lambda one: not one.email):
            raise UserError(self.env._("%s has no e-mail address.", lost[0].name))
        self.mail_id.sudo().filtered(lambda one: one.state != "sent").cancel()
        self._med_store({**base, "state": "queued", "mail_id": False, "sent_at": False})

    def _med_send_by_portal(self, base):
        """He finds it on his page: nothing is sent."""
        self._med_store({**base, "state": "sent", "sent_at": base["queued_at"]})
        self._med_begun()

    def _med_send_by_nothing(self, _base):
        """For an addon that knows a gateway: ``_med_send_by_messenger``, ``_med_send_by_rpc``."""
        raise UserError(self.env._(
            "%s: no gateway is set up for this way. Choose another.", self[0].name))

    def mark_posted(self, number=""):
        """Note that letters were posted, or consignees called; with the number of the letter.

        :return: ``{"version", "posted"}``
        """
        self._med_check_staff()
        todo = self.filtered(lambda one: one.channel in POSTED and one.state in (
            "prepared", "failed") and one.queued_at)
        if len(todo) != len(self):
            raise UserError(self.env._("Only letters and calls that were sent off are posted."))
        values = {"state": "sent", "sent_at": fields.Datetime.now()}
        todo._med_store({**values, "registered_number": number} if number else values)
        todo._med_begun()
        return {"version": VERSION, "posted": len(todo)}

    def _med_begun(self):
        """The recall is initiated by the first notice that was sent."""
        for recall in self.recall_id.sudo().filtered(lambda one: not one.initiated_at):
            recall._med_store({"initiated_at": fields.Datetime.now()})

    def _med_choose_letters(self):
        """Give each notice the signed letter of its language and jurisdiction."""
        letters = {}
        for letter in self.env["med.recall.letter"].sudo().search(
                [("recall_id", "in", self.recall_id.ids), ("state", "=", "approved")]):
            letters[letter.recall_id, letter.lang, letter.jurisdiction_id] = letter
        nobody, chosen = self.env["med.jurisdiction"].sudo(), {}
        for notice in self.sudo():
            found = next((letters[key] for key in (
                (notice.recall_id, lang, market)
                for lang in dict.fromkeys((notice.lang, "en_US"))
                for market in (notice.jurisdiction_id, nobody)) if key in letters), None)
            if not found:
                raise UserError(self.env._(
                    "There is no signed letter for %(name)s (%(lang)s, %(market)s).",
                    name=notice.name, lang=notice.lang,
                    market=notice.jurisdiction_id.code or self.env._("no jurisdiction")))
            chosen[notice.id] = found
        for letter in set(chosen.values()):
            self.filtered(lambda one, letter=letter: chosen[one.id] == letter)._med_store(
                {"letter_id": letter.id})

    # ------------------------------------------------------------------ jobs

    @api.model
    def _cron_write(self):
        """Write the mails of queued notices, in batches."""
        # Not by the state: who saw his page before the mail was written gets it all the same.
        domain = [("queued_at", "!=", False), ("sent_at", "=", False), ("mail_id", "=", False),
                  ("channel", "=", "email"),
                  ("state", "in", ("queued", "read", "acknowledged", "answered"))]
        while todo := self.sudo().search(domain, limit=BATCH, order="id").try_lock_for_update():
            todo._med_write_mails()
            left = self.sudo().search_count(domain)
            if not self.env["ir.cron"]._commit_progress(len(todo), remaining=left):
                break
        if not self.sudo().search_count(domain):
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _med_write_mails(self, reminder=False):
        """Write one mail for each notice, and remember it."""
        texts = self._med_texts()
        mails = self.env["mail.mail"].sudo().create([{
            "subject": one._med_in_his_language().env._("Reminder: %s", texts[one.id].subject)
            if reminder else texts[one.id].subject,
            "body_html": texts[one.id].body, "email_to": one.email, "auto_delete": False,
            "email_from": one.company_id.email_formatted or self.env.user.email_formatted,
            "attachment_ids": one.pdf_id.ids} for one in self])
        if not reminder:
            for notice, mail in zip(self, mails, strict=True):
                notice._med_store({"mail_id": mail.id})

    @api.model
    def _cron_retry(self):
        """Put mails that the server did not take into the queue again."""
        late = self.sudo().search([
            ("state", "=", "failed"), ("retry", "=", True),
            ("retry_at", "<=", fields.Datetime.now())])
        late.mail_id.mark_outgoing()
        late._med_store({"state": "queued", "retry": False, "retry_at": False})

    @api.model
    def _cron_pdf(self):
        """Typeset the letters of notices, a few at a time."""
        domain = [("pdf_id", "=", False), ("pdf_failure", "=", False),
                  ("letter_id", "!=", False), ("state", "!=", "closed")]
        while todo := self.sudo().search(domain, limit=PDF_BATCH, order="id").try_lock_for_update():
            todo._med_try_pdfs()
            if not self.env["ir.cron"]._commit_progress(
                    len(todo), remaining=self.sudo().search_count(domain)):
                break

    # ------------------------------------------------------------------ what became of it

    def _med_on_mail(self, mails):
        """Take over what became of mails: sent, refused, or the server is down."""
        now = fields.Datetime.now()
        for notice in self.sudo().search([("mail_id", "in", mails.ids)]):
            mail = notice.mail_id
            if mail.state == "sent" and not notice.sent_at:
                state = {"state": "read" if notice.read_at else "sent"} if notice.state in (
                    "queued", "failed") else {}
                notice._med_store({**state, "sent_at": now, "failure": False, "retry": False,
                                   "retry_at": False})
                notice._med_begun()
            elif mail.state == "exception" and notice.state == "queued":
                notice._med_failed(mail.failure_reason or "", retry=mail._med_is_server_down())

    def _med_failed(self, reason, retry=False):
        now = fields.Datetime.now()
        for notice in self:
            tries = notice.attempts + 1
            again = retry and tries < ATTEMPTS
            notice._med_store({
                "state": "failed", "failed_at": now, "failure": reason[:500], "attempts": tries,
                "retry": again,
                "retry_at": now + FIRST_WAIT * 2 ** (tries - 1) if again else False})
            if not again:
                notice.recall_id._med_tell_owner(
                    self.env._("Notices did not arrive: look at those that failed"))
