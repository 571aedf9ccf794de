from odoo import api, models

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
