from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    med_inspection_ids = fields.Many2many("med.inspection", string="Inspections", readonly=True)
    med_inspection_count = fields.Integer(
        "Number of Inspections", compute="_compute_med_inspection_count")

    def _compute_med_inspection_count(self):
        counts = dict(self.env["med.inspection"]._read_group(
            [("lot_ids", "in", self.ids)], ["lot_ids"], ["__count"]))
        for lot in self:
            lot.med_inspection_count = counts.get(lot, 0)

    def action_med_inspections(self):
        """Open the inspections of these lots."""
        return {"type": "ir.actions.act_window", "res_model": "med.inspection",
                "view_mode": "list,form", "name": self.env._("Inspections"),
                "domain": [("lot_ids", "in", self.ids)]}

    def _med_supplier(self):
        """Return who this lot was received from last, or nobody."""
        self.ensure_one()
        line = self.env["stock.move.line"].sudo().search([
            ("lot_id", "=", self.id), ("state", "=", "done"),
            ("location_id.usage", "=", "supplier")], order="date desc, id desc", limit=1)
        return line.picking_id.partner_id.commercial_partner_id
