import logging

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.med_signature.models.med_signable_step import perform
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

WATCHED = 13
"""So many issued statements of a processor are compared with the postings each day."""
LONGEST = 250
"""Characters of the words of a fault that a task shows."""


class MedOutsourcingStatement(models.Model):
    """Who is asked to sign, and the statements that come about each month."""

    _inherit = "med.outsourcing.statement"

    def _med_follow(self, name):
        """Take the step that follows from the processor's signature."""
        transition = self._med_find_transition(name)
        self._med_before_transition(transition)
        perform(self, transition, "")

    def _med_ask_processor(self):
        """Tell the processor's portal users that a statement waits for them."""
        people = self.sudo().processor_id._med_people().partner_id
        for lang, some in people.grouped("lang").items():
            told = self.sudo().with_context(lang=lang or self.env.lang)
            told.message_notify(
                partner_ids=some.ids, subject=told.display_name, body=told.env._(
                    "Please read the statement %(statement)s, and sign or refuse it.",
                    statement=told.display_name))

    def action_ask_again(self):
        """Ask the processors of these statements once more to sign."""
        self.check_access("write")
        for one in self:
            if one.state != "issued":
                raise UserError(self.env._(
                    "%(statement)s does not wait for the processor's signature.",
                    statement=one.display_name))
            people = one.sudo().processor_id._med_people()
            if not people:
                raise UserError(self.env._(
                    "%(statement)s: nobody of the processor uses the portal. Print it, and have "
                    "it signed and stamped.", statement=one.display_name))
            one._med_ask_processor()
            one._med_note(self.env._("Asked again to sign: %s", ", ".join(people.mapped("name"))))
        return True

    def _med_remind(self, text):
        """Put a task before quality assurance, once."""
        kind = self.env.ref("mail.mail_activity_data_todo")
        for one in self.sudo():
            if not one.activity_ids.filtered(lambda row: row.summary == text):
                one.activity_schedule(
                    activity_type_id=kind.id, summary=text, user_id=one._med_keeper().id)

    def _med_keeper(self):
        """Return whom a task about the statement is given to."""
        people = self.env.ref("med_base.med_base_group_qa").sudo().all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids)
        last = self.create_uid & people
        return (last or people.sorted("id"))[:1]

    @api.model
    def _cron_statements(self):
        """Make the statements of the month before, ask for signatures, compare issued ones."""
        processors = self.env["med.processor"].sudo().search([
            ("location_id", "!=", False), ("state", "in", ("approved", "suspended", "ended"))])
        self.env["ir.cron"]._commit_progress(remaining=len(processors))
        for processor in processors:
            try:
                with self.env.cr.savepoint():
                    self._med_month(processor)
            except Exception as error:  # one processor's fault must not keep the others waiting
                _logger.warning("Statement of %s", processor.display_name, exc_info=True)
                self._med_tell_failed(processor, error)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _med_tell_failed(self, processor, error):
        """Put a task before who is responsible for a processor and before quality assurance.

        :param error: what stopped its statements; its words are shown as they are
        """
        processor = processor.sudo().with_company(processor.company_id)
        what = str(error).strip() if isinstance(error, UserError) else (
            f"{type(error).__name__}: {error}".strip())
        text = self.env._("The statement of %(processor)s was not made: %(what)s",
                          processor=processor.display_name, what=what)[:LONGEST]
        people = self.env["med.nonconformity"].sudo()._med_responsible(processor.company_id)
        if processor.owner_id.active:
            people |= processor.owner_id
        for user in people or self.env.ref("base.user_admin"):
            if not processor.activity_ids.filtered(
                    lambda one, it=user: one.user_id == it and one.summary == text):
                processor.activity_schedule(
                    "mail.mail_activity_data_warning", user_id=user.id, summary=text,
                    note=self.env._(
                        "It is tried again every day. Make it by hand where it is needed now: "
                        "Outsourcing, Statements, New."))

    @api.model
    def _med_month(self, processor):
        """Make last month's statement of a processor where there is something to say."""
        probe = self.sudo().with_company(processor.company_id).new(
            {"company_id": processor.company_id.id, "processor_id": processor.id})
        first = probe._med_today().replace(day=1) - relativedelta(months=1)
        probe.update(self._med_dates("month", first))
        known = self.sudo().search([
            ("processor_id", "=", processor.id), ("period", "=", "month"),
            ("state", "!=", "cancelled")], limit=WATCHED)
        known.filtered(lambda one: one.state != "draft")._med_mark_outdated()
        if first not in known.mapped("date_from") and probe._med_sums():
            known |= self.sudo().create({
                "processor_id": processor.id, "period": "month", "date_from": first})
        for one in known.filtered(lambda row: row.state == "draft"):
            one._med_compute()
            one._med_remind(self.env._("Read and sign the statement %(statement)s",
                                       statement=one.display_name))
        late = fields.Datetime.now() - relativedelta(days=10)
        for one in known.filtered(lambda row: row.state == "issued" and row.write_date < late):
            one._med_remind(self.env._("%(statement)s still waits for the processor's signature",
                                       statement=one.display_name))
