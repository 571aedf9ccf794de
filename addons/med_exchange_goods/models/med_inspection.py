from odoo import api, models

TOLD = ("submit", "accept", "concession", "reject", "cancel")


class MedInspection(models.Model):
    """Submitted and decided inspections are told to partners."""

    _inherit = "med.inspection"

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name in TOLD:
            self.env["med.exchange.inspection_result"]._med_tell(self)

    @api.model
    def _begin_periodic(self):
        super()._begin_periodic()
        self.env["med.inspection.plan"]._med_tell_begun()
