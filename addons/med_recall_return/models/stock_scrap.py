from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError


class StockScrap(models.Model):
    """What a signed destruction takes out of stock."""

    _inherit = "stock.scrap"

    med_destruction_id = fields.Many2one(
        "med.recall.destruction", "Destruction", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        mine = {vals.get("med_destruction_id") or 0 for vals in vals_list} - {0}
        if mine and not take(self._name, (), ("destruction", *mine)):
            raise AccessError(self.env._("Destroying is signed by two persons."))
        # Written out, so that no default of the caller's context gets in.
        return super().create([{"med_destruction_id": False, **vals} for vals in vals_list])

    def write(self, vals):
        if "med_destruction_id" in vals:
            raise AccessError(self.env._("Destroying is signed by two persons."))
        return super().write(vals)
