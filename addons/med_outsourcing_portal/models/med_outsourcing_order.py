from datetime import timedelta
from hashlib import sha256

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools.upload import MOST_HOUR

LATER = {
    "released": ("acknowledged", "declined", "received"),
    "acknowledged": ("received", "started", "declined"),
    "started": ("step", "result", "finished", "shipped", "received"),
    "finished": ("shipped", "result", "step", "finished"),
    "shipped": ("result", "shipped"),
    "received": ("result",),
}
"""What a processor may report next; the first is the next step. The order itself decides."""


class MedOutsourcingOrder(models.Model):
    """What the portal shows of an order, and the mail that says there is one."""

    _inherit = "med.outsourcing.order"

    def _med_after_release(self):
        result = super()._med_after_release()
        self._med_portal_tell()
        return result

    def _med_portal_tell(self):
        """Tell the processor's portal users of released orders, each in his language."""
        template = self.env.ref(
            "med_outsourcing_portal.mail_template_order_released", raise_if_not_found=False)
        if not template:
            return
        for order in self.sudo().filtered(lambda one: one.processor_id.connection == "portal"):
            for user in order.processor_id._med_people().filtered("email"):
                template.sudo().with_context(med_lang=user.lang or order.partner_id.lang).send_mail(
                    order.id, email_layout_xmlid="mail.mail_notification_light",
                    email_values={"recipient_ids": [Command.link(user.partner_id.id)]})

    def _med_portal_domain(self, processors):
        """Return which orders these processors see: theirs, once they are released."""
        return Domain("processor_id", "in", processors.ids) & Domain("state", "!=", "draft")

    def _med_portal_next(self):
        """Return the kinds of report that come next, the most likely first."""
        return LATER.get(self.state, ())

    # ------------------------------------------------------------------ reporting

    def _med_portal_report(self, report, files=()):
        """Take a report of the portal, and keep its files with the event.

        :param report: see ``_med_report``
        :param files: ``(name, content, media type)``; what they are is part of the report, so that
            the same number with another file is another report
        :return: the ``med.outsourcing.event``
        """
        self.ensure_one()
        if files:
            lines = [f"{name} (SHA-256 {sha256(content).hexdigest()})"
                     for name, content, _media in files]
            report = {**report, "note": "\n".join(filter(None, [report.get("note"), *lines]))}
        event = self.sudo()._med_report(report, "portal")
        event._med_portal_keep(files)
        return event

    def _med_portal_prepare(self, lots, revision, note, deviation=""):
        """Return a production release of these lots that waits for the processor's signature.

        :param deviation: number of ours, where it was made to another revision than ordered
        """
        return self.env["med.processor.release"].sudo()._med_prepare(
            self.sudo(), [{"lot": one["lot"], "quantity": one["quantity"]} for one in lots],
            revision, note, deviation)

    def _med_portal_released(self, release, reference):
        """Put a signed production release among the events, so that its page counts once."""
        self.sudo()._med_report({
            "kind": "note", "reference": reference, "time": fields.Datetime.now(),
            "person": self.env.user.name, "note": self.env._(
                "Production release %(release)s signed: %(lots)s", release=release.name,
                lots=release.lots_text or "")}, "portal")

    def _med_portal_weigh(self, size):
        """Refuse more than a portal user may send within an hour.

        :param size: bytes that are about to be kept
        """
        since = fields.Datetime.now() - timedelta(hours=1)
        [(sent,)] = self.env["ir.attachment"].sudo()._read_group(
            [("create_uid", "=", self.env.uid), ("create_date", ">=", since),
             ("res_field", "=", False)], [], ["file_size:sum"])
        if (sent or 0) + size > MOST_HOUR:
            raise UserError(self.env._(
                "You have sent more than %s MB of files within an hour. Please wait, and send the "
                "rest later.", MOST_HOUR // 1024 // 1024))
