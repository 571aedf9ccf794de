from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.upload import MOST_HOUR


class MedOutsourcingOrder(models.Model):
    """What the portal shows of an order, and the mail that says there is one."""

    _inherit = "med.outsourcing.order"

    def _med_after_release(self):
        result = super()._med_after_release()
        self._med_portal_tell()
        return result

    def _med_portal_tell(self):
        """Tell the processor's portal users of released orders, each in his language."""
        for order in self.sudo().filtered(lambda one: one.processor_id.connection == "portal"):
            order.processor_id._med_portal_mail("mail_template_order_released", order)

    def _med_tell_processor(self, reference, note, lots=None):
        """Holds, cancellations and withdrawn releases are told by e-mail as well."""
        event = super()._med_tell_processor(reference, note, lots)
        if self.sudo().processor_id.connection == "portal":
            self.sudo().processor_id._med_portal_mail("mail_template_order_word", event)
        return event

    def _med_portal_domain(self, processors):
        """Return which orders these processors see: theirs, once they are released."""
        return Domain("processor_id", "in", processors.ids) & Domain("state", "!=", "draft")

    # ------------------------------------------------------------------ reporting

    def _med_portal_report(self, report, files=()):
        """Take a report of the portal, see ``_med_report_with``."""
        return self._med_report_with(report, files, "portal")

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
