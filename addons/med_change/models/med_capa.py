from odoo import fields, models
from odoo.fields import Command


class MedCapa(models.Model):
    """A CAPA begins changes."""

    _inherit = "med.capa"

    change_ids = fields.Many2many("med.change", string="Changes", readonly=True, copy=False)
    change_count = fields.Integer("Number of Changes", compute="_compute_change_count")

    def _compute_change_count(self):
        for record in self:
            record.change_count = len(record.change_ids)

    def action_start_change(self):
        """Request a change for this CAPA, with its products, and open it."""
        self.ensure_one()
        self.check_access("read")
        change = self.env["med.change"].create({
            "company_id": self.company_id.id, "title": self.summary, "source": "capa",
            "reason": self.cause or self.problem, "capa_ids": [Command.set(self.ids)],
            "partner_id": self.partner_id.id,
            "product_tmpl_ids": [Command.set(self.product_ids.product_tmpl_id.ids)]})
        return {"type": "ir.actions.act_window", "res_model": "med.change",
                "res_id": change.id, "views": [(False, "form")]}

    def action_changes(self):
        """Open the changes of this CAPA."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.change",
                "view_mode": "list,form", "name": self.env._("Changes"),
                "domain": [("capa_ids", "in", self.ids)]}
