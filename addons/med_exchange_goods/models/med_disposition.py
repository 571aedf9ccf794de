from odoo import models


class MedDisposition(models.Model):
    """Signed decisions are told to partners."""

    _inherit = "med.disposition"

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.target == "done":
            self.env["med.exchange.disposition"]._med_tell(lambda: self.line_ids)
