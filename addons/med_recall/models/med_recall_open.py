from odoo import api, fields, models


class MedRecall(models.Model):
    """What a recall shows of its scope, and the buttons that open it."""

    _inherit = "med.recall"

    lot_count = fields.Integer("Lots", compute="_compute_counts")
    consignee_count = fields.Integer("Number of Consignees", compute="_compute_counts")

    locate_minutes = fields.Float(
        "Located After (Minutes)", compute="_compute_locate_minutes", digits=(16, 1),
        help="From the trigger to the complete list of lots and consignees.")

    @api.depends("opened_at", "located_at")
    def _compute_locate_minutes(self):
        for record in self:
            record.locate_minutes = record.located_at and round(
                (record.located_at - record.opened_at).total_seconds() / 60, 1)

    @api.depends("scope_ids.state")
    def _compute_counts(self):
        for record in self:
            record.lot_count = record.scope_id.lot_count
            record.consignee_count = record.scope_id.consignee_count

    def action_draw(self):
        """Find and stop the lots, and say how many there are."""
        told = self.draw()
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "warning",
            "message": self.env._(
                "Version %(number)s: %(lots)s lots (%(exact)s exact), %(consignees)s consignees.",
                number=told["number"], lots=told["lots"], exact=told["exact"],
                consignees=told["consignees"]),
            "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}

    def action_pdf(self):
        """Download the file of this recall on paper."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/recall.pdf?recall_id={self.id}"}

    def action_lots(self):
        return self._med_rows(self.env._("Lots in Scope"), "med.recall.scope.line")

    def action_deliveries(self):
        return self._med_rows(self.env._("With Consignees"), "med.recall.delivery")

    def _med_rows(self, name, model):
        return {"type": "ir.actions.act_window", "name": name, "res_model": model,
                "view_mode": "list", "domain": [("scope_id", "=", self.scope_id.id)]}

    def _med_action_of(self, lot, product=None):
        """Return what is done with a lot, and the instructions: its own, its product's, or those
        of the recall. Of untracked stock: an empty lot, and the product."""
        self.ensure_one()
        lines = self.sudo().action_line_ids
        line = lines.filtered(lambda one: lot and one.lot_id == lot) or lines.filtered(
            lambda one: not one.lot_id and one.product_id == (product or lot.product_id))
        return line.action or self.action, line.instruction or self.instruction
