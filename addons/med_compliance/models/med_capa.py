from odoo import fields, models


class MedCapa(models.Model):
    """The findings that a CAPA answers."""

    _inherit = "med.capa"

    finding_ids = fields.One2many("med.quality.finding", "capa_id", "Findings", readonly=True)
    finding_count = fields.Integer("Number of Findings", compute="_compute_finding_count")

    def _compute_finding_count(self):
        for record in self:
            record.finding_count = len(record.finding_ids)

    def action_findings(self):
        """Open the findings of these CAPAs."""
        return {"type": "ir.actions.act_window", "res_model": "med.quality.finding",
                "view_mode": "list,form", "name": self.env._("Findings"),
                "domain": [("capa_id", "in", self.ids)]}
