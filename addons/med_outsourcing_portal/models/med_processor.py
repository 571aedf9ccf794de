from odoo import api, models
from odoo.fields import Command, Domain

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
        return self.sudo().search([("user_ids", "in", user.ids)]).filtered(
            lambda one: one._med_is_open() and user in one._med_people())

    def _med_is_open(self):
        """Return whether its people may look into the portal and answer there.

        A file that is being revised has orders meanwhile: the processor goes on with them.
        """
        self.ensure_one()
        return self.active and (
            self.state in OPEN or self.state == "draft" and bool(self.location_id))

    def _med_portal_lots(self, among=None, limit=None):
        """Return the lots that these processors have, or had, by their orders; nobody else's.

        :param among: a domain of ``stock.lot``; who asks about a few lots need not read them all
        :param limit: no more than that, the newest first
        """
        Lots = self.env["stock.lot"].sudo()
        orders = self.env["med.outsourcing.order"].sudo()._search(
            [("processor_id", "in", self.ids), ("state", "!=", "draft")])
        of_orders = [
            self.env[model].sudo()._search([(name, "in", orders), ("lot_id", "!=", False)])
            for model, name in (("med.outsourcing.lot", "order_id"),
                                ("med.outsourcing.event.lot", "order_id"),
                                ("stock.move.line", "move_id.med_outsourcing_order_id"))]
        return Lots.search(
            Domain.OR([Domain("id", "in", found.subselect("lot_id")) for found in of_orders])
            & Domain(among or Domain.TRUE), order="id desc", limit=limit)

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
