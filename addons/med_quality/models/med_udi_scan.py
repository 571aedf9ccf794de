from odoo import api, fields, models


class MedUdiScan(models.Model):
    _inherit = "med.udi.scan"

    checkout_id = fields.Many2one(
        "med.checkout.review", "Check-Out Review", readonly=True, index="btree_not_null",
        ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out: no default of the caller's context makes a confirmation of a pick.
        return super().create([
            {"checkout_id": False, **vals} for vals in vals_list])
