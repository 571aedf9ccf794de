from odoo import fields, models
from odoo.exceptions import AccessError


class MedRecallDestructionLine(models.Model):
    """Units of one lot, at one place, that are destroyed."""

    _name = "med.recall.destruction.line"
    _description = "Units to Be Destroyed"
    _inherit = ["med.signed.line.mixin"]
    _order = "destruction_id, id"
    _rec_name = "lot_id"
    _med_parent = "destruction_id"
    _check_company_auto = True

    destruction_id = fields.Many2one("med.recall.destruction", required=True, index=True,
                                     ondelete="cascade")
    company_id = fields.Many2one(related="destruction_id.company_id", store=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", required=True, index=True,
                             ondelete="restrict")
    product_id = fields.Many2one(related="lot_id.product_id")
    uom_id = fields.Many2one(related="lot_id.product_uom_id")
    location_id = fields.Many2one("stock.location", "Taken From", required=True,
                                  ondelete="restrict", check_company=True,
                                  domain="[('usage', '=', 'internal')]")
    quantity = fields.Float(digits=(20, 6), required=True)

    def write(self, vals):
        if "destruction_id" in vals and any(
                line.destruction_id.id != vals["destruction_id"] for line in self):
            raise AccessError(self.env._("A destruction belongs to its recall from the start."))
        return super().write(vals)

    def _med_on_hand(self):
        """Return what of the lot is at its place."""
        return sum(self.env["stock.quant"].sudo().search([
            ("lot_id", "=", self.lot_id.id), ("location_id", "=", self.location_id.id),
            ("package_id", "=", False), ("owner_id", "=", False)]).mapped("quantity"))
