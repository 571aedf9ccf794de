from datetime import timedelta

from odoo import fields, models


class MedTriggerTry(models.TransientModel):
    """Which part of the past a rule is tried on."""

    _name = "med.trigger.try"
    _description = "Try a Trigger Rule on the Past"

    rule_id = fields.Many2one("med.trigger.rule", required=True, readonly=True)
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.today() - timedelta(days=365))
    date_to = fields.Date("Until", required=True, default=fields.Date.today)

    def action_try(self):
        """Try it, and show what it would have found."""
        told = self.rule_id.try_rule(str(self.date_from), str(self.date_to))
        return {"type": "ir.actions.act_window", "res_model": "med.trigger.run",
                "res_id": told["run"], "views": [(False, "form")]}
