from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError


class MedDeviationUse(models.Model):
    """What was used under a deviation, by which document. Never changed, never deleted.

    What a document gives back is a row of its own, with a negative quantity.
    """

    _name = "med.deviation.use"
    _description = "Use of a Deviation"
    _order = "id desc"
    _rec_name = "document"

    deviation_id = fields.Many2one(
        "med.deviation", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict")
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial", readonly=True, index="btree_not_null", ondelete="restrict")
    quantity = fields.Float(digits="Product Unit", readonly=True, help="In the product's unit.")
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True, ondelete="restrict")
    counted = fields.Float(
        "Counted", digits=0, readonly=True, help="In the unit of the deviation.")
    document = fields.Char(readonly=True)
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document Record", model_field="res_model", readonly=True, index=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True)
    date = fields.Datetime("Time", required=True, readonly=True, help="For when it counts.")

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "use"):
            raise AccessError(self.env._("What is used under a deviation is booked by documents."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("What was used under a deviation is not changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was used under a deviation is not deleted."))
