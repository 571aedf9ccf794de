from odoo import models
from odoo.fields import Command


class MedCapa(models.Model):
    """A CAPA begins changes."""

    _name = "med.capa"
    _inherit = ["med.capa", "med.change.source.mixin"]

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
