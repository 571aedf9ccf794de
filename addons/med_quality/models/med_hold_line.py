from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class MedHoldLine(models.Model):
    """One lot of a hold. Written by the hold alone."""

    _name = "med.hold.line"
    _description = "Held Lot"
    _order = "hold_id desc, id"
    _rec_name = "lot_id"

    hold_id = fields.Many2one("med.hold", required=True, index=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", required=True, index=True, ondelete="restrict")
    open = fields.Boolean()
    product_id = fields.Many2one(related="lot_id.product_id")
    company_id = fields.Many2one(related="hold_id.company_id")
    source = fields.Selection(related="hold_id.source")
    reason = fields.Char(related="hold_id.reason")
    owner_id = fields.Many2one(related="hold_id.owner_id")
    placed_at = fields.Datetime(related="hold_id.placed_at")

    _lot_uniq = models.Constraint("UNIQUE (hold_id, lot_id)", "The hold has this lot already.")

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("A hold is placed with its lots: select them first."))

    def write(self, vals):
        raise AccessError(self.env._("The lots of a hold are not changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Holds are not deleted: lift them."))
