from odoo import models


class MedInspectionPlan(models.Model):
    """What an operation has to keep to follows from its plans: its bill of materials is told
    again when one of them comes into force or ends."""

    _inherit = "med.inspection.plan"

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.env["med.exchange.bom"]._med_tell(lambda: self.operation_ids.bom_id)
