from datetime import timedelta

from odoo import api, fields, models

DAYS = 30  # that the scheduler may have stood still


class MedInspectionPlan(models.Model):
    """What an operation has to keep to follows from its plans: its bill of materials is told
    again when one of them is signed, comes into force or ends."""

    _inherit = "med.inspection.plan"

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.env["med.exchange.bom"]._med_tell(lambda: self.operation_ids.bom_id)

    @api.model
    def _med_tell_begun(self):
        """Tell the bills whose plans have come into force, which were signed ahead.

        Those of some days are told each day: what has not changed since goes out no second time.
        """
        today = fields.Date.context_today(self)
        self.env["med.exchange.bom"]._med_tell(lambda: self.sudo().search([
            ("state", "=", "approved"), ("operation_ids", "!=", False), ("date_from", "<=", today),
            ("date_from", ">", today - timedelta(days=DAYS))]).operation_ids.bom_id)
