from odoo import api, fields, models
from odoo.exceptions import AccessError

from .med_nonconformity_line import INSTRUCTED


class StockMove(models.Model):
    _inherit = "stock.move"

    med_nonconformity_line_id = fields.Many2one(
        "med.nonconformity.line", "Nonconforming Lot", readonly=True, index="btree_not_null")

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        # A backorder names the lot of its origin; no default of the caller gets in.
        return super().create([{**vals, "med_nonconformity_line_id": self._med_decided_line(
            vals.get("med_nonconformity_line_id"), vals.get("product_id"))} for vals in vals_list])

    def _med_decided_line(self, line, product):
        """Return the id of a line that is decided, of a product; else False."""
        found = self.env["med.nonconformity.line"].sudo().browse(line or ()).exists()
        return found.state == "decided" and found.product_id.id == product and found.id

    def write(self, vals):
        name = "med_nonconformity_line_id"
        if not self.env.su and name in vals and any(
                move[name].id != (vals[name] or False) for move in self.sudo()):
            raise AccessError(self.env._("What a document does about a nonconformity stays."))
        return super().write(vals)

    def _med_use(self, source, target):
        """What a decided nonconformity reworks may be used by the order of its rework."""
        use = super()._med_use(source, target)
        line = self.med_nonconformity_line_id.sudo()
        if use == "operation" and line and line.state == "decided" and (
                line.decision in INSTRUCTED and self.raw_material_production_id
                in line.production_id._med_rework_orders()):
            return "rework"
        return use
