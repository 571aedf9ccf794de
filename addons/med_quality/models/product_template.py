from odoo import fields, models
from odoo.exceptions import UserError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    med_gate_ids = fields.One2many("med.gate", "product_tmpl_id", "Gates")

    def action_med_opening(self):
        """List each lot of these products that has no status yet, for its opening status."""
        lots = self.env["stock.lot"].search([
            ("product_id.product_tmpl_id", "in", self.ids), ("med_status", "=", False),
            ("product_id.med_controlled", "=", True)])
        if not lots:
            raise UserError(self.env._(
                "Every lot of these products has a status, or they are not controlled."))
        disposition = self.env["med.disposition"].create({
            "kind": "opening", "line_ids": [fields.Command.create({
                "lot_id": lot.id, "status": "released"}) for lot in lots]})
        return {
            "type": "ir.actions.act_window", "res_model": "med.disposition", "view_mode": "form",
            "res_id": disposition.id, "name": self.env._("Opening Status")}
