from odoo import api, fields, models
from odoo.exceptions import AccessError


class MedLotLineMixin(models.AbstractModel):
    """Lines that say how much of a lot; product and company follow from the lot and the document.

    ``_med_parent`` names the many2one to the document; a model has ``company_id`` related to it.
    """

    _name = "med.lot.line.mixin"
    _description = "Line of a Lot"
    _rec_name = "lot_id"

    _med_parent = None
    _med_following = {"product_id", "company_id"}

    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial", required=True, index=True, ondelete="restrict",
        check_company=True, domain=[("product_id.med_controlled", "=", True)])
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    quantity = fields.Float(digits="Product Unit", required=True)
    product_uom_id = fields.Many2one(related="lot_id.product_uom_id")
    condition = fields.Char(related="lot_id.med_condition")

    @api.model_create_multi
    def create(self, vals_list):
        parent = self._med_parent
        of = self.default_get(["lot_id", parent])
        rows = [{**of, **vals} for vals in vals_list]
        # Written out, so that neither a caller nor a default of his says what follows from these.
        return super().create([{
            **row, "product_id": self.env["stock.lot"].browse(row.get("lot_id")).product_id.id,
            "company_id": self[parent].browse(row.get(parent)).company_id.id} for row in rows])

    def write(self, vals):
        if self._med_following & vals.keys() and not self.env.su:
            raise AccessError(self.env._("Product and company of a line follow from its lot."))
        return super().write(vals)

    @api.onchange("lot_id")
    def _onchange_lot_id(self):
        self.quantity = self.quantity or self.lot_id.product_qty
