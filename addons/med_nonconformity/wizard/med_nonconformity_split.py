from odoo import fields, models


class MedNonconformitySplit(models.TransientModel):
    """How much of a lot is decided about by itself."""

    _name = "med.nonconformity.split"
    _description = "Split Off a Part"

    line_id = fields.Many2one("med.nonconformity.line", required=True, readonly=True)
    lot_id = fields.Many2one(related="line_id.lot_id")
    on_hand = fields.Float(related="line_id.on_hand")
    product_uom_id = fields.Many2one(related="line_id.uom_id", string="Unit of the Product")
    quantity = fields.Float(required=True, digits="Product Unit")
    uom_id = fields.Many2one("uom.uom", "Unit", required=True,
                             default=lambda self: self.env["med.nonconformity.line"].browse(
                                 self.env.context.get("default_line_id")).uom_id)

    def action_split(self):
        self.line_id.split(self.quantity, self.uom_id.id)
