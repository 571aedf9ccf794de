from odoo import api, fields, models
from odoo.exceptions import UserError


class MedCapaRequest(models.Model):
    """The order to a processor that a request is about; what is his by his orders."""

    _inherit = "med.capa.request"

    order_id = fields.Many2one(
        "med.outsourcing.order", "Order to the Processor", index="btree_not_null",
        ondelete="restrict", check_company=True, help="Only an order to this partner.")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{"order_id": False, **vals} for vals in vals_list])

    def write(self, vals):
        if "order_id" in vals and (fixed := self.filtered(
                lambda one: one.state != "draft" and one.order_id.id != vals["order_id"])):
            raise UserError(self.env._(
                "%s is sent: what the partner reads stays.", fixed[0].name))
        done = super().write(vals)
        if "order_id" in vals:
            self._med_check_own()
        return done

    def _med_check_own(self):
        super()._med_check_own()
        order = self.sudo().order_id
        if order and (order.partner_id.commercial_partner_id
                      != self.sudo().partner_id.commercial_partner_id or order.state == "draft"):
            raise UserError(self.env._(
                "%(order)s is no order to %(partner)s.", order=order.name,
                partner=self.sudo().partner_id.display_name))

    def _med_processor(self):
        """Return the file of the partner, where it is a processor; else none."""
        return self.env["med.processor"]._med_of(self.sudo().partner_id, self.sudo().company_id)

    def _med_own_lots(self, lots):
        return super()._med_own_lots(lots) | self._med_processor()._med_portal_lots(
            among=[("id", "in", lots.ids)])

    def _med_own_products(self, products):
        orders = self.env["med.outsourcing.order"].sudo().search([
            ("processor_id", "in", self._med_processor().ids), ("state", "!=", "draft")])
        theirs = orders.product_id | orders.line_ids.lot_id.product_id
        return super()._med_own_products(products) | products.sudo() & theirs
