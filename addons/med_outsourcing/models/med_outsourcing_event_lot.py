from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OUTCOMES = [("good", "Good"), ("reject", "Rejected"), ("scrap", "Scrapped There"),
            ("left", "Left Over"), ("used", "Used"), ("held", "Held by Us")]


class MedOutsourcingEventLot(models.Model):
    """How much of which lot an event speaks of."""

    _name = "med.outsourcing.event.lot"
    _description = "Lot of an Event"
    _order = "event_id, id"
    _rec_name = "lot_name"

    event_id = fields.Many2one(
        "med.outsourcing.event", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="event_id.company_id", store=True, index=True)
    order_id = fields.Many2one(related="event_id.order_id", store=True, index=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", index="btree_not_null", ondelete="restrict")
    lot_name = fields.Char("Lot or Serial", required=True)
    quantity = fields.Float(digits="Product Unit")
    outcome = fields.Selection(OUTCOMES, required=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Events are reported by the order's own method."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("An event is not changed: report a correction."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Events are not deleted: report a correction."))
