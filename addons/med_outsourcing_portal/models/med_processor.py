from odoo import api, models
from odoo.fields import Command

PORTAL = "med_base.med_base_group_portal_processor"
OPEN = ("approved", "suspended")


class MedProcessor(models.Model):
    _inherit = "med.processor"

    @api.model
    def _med_of_user(self, user):
        """Return the processors that a portal user speaks for, as superuser; mostly one or none.

        A suspended processor gets no new orders, and still reports what it has.
        """
        user = user.sudo()
        if not user.active or not user.share or not user.has_group(PORTAL):
            return self.sudo().browse()
        # The law of who may speak for a processor is the processor's own: `_med_people`.
        return self.sudo().search([
            ("user_ids", "in", user.ids), "|", ("state", "in", OPEN),
            # It is being revised, and has orders meanwhile.
            "&", ("state", "=", "draft"), ("location_id", "!=", False)]).filtered(
                lambda one: user in one._med_people())

    def _med_portal_lots(self):
        """Return the lots that this processor has, or had, by its orders; nobody else's."""
        orders = self.env["med.outsourcing.order"].sudo().search(
            [("processor_id", "in", self.ids), ("state", "!=", "draft")])
        lots = orders.line_ids.lot_id | orders.event_ids.lot_ids.lot_id
        return lots | orders.move_ids.move_line_ids.lot_id

    def _med_portal_mail(self, template, record):
        """Write to the processor's portal users, each in his language.

        :param template: the name of a template of this addon
        :param record: what it is about
        """
        found = self.env.ref(f"med_outsourcing_portal.{template}", raise_if_not_found=False)
        for user in self._med_people().filtered("email") if found else ():
            found.sudo().with_context(med_lang=user.lang or self.partner_id.lang).send_mail(
                record.id, email_layout_xmlid="mail.mail_notification_light",
                email_values={"recipient_ids": [Command.link(user.partner_id.id)]})
