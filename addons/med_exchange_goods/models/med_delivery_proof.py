from odoo import models


class MedDeliveryProof(models.Model):
    """Recorded and voided proofs are told to partners."""

    _inherit = "med.delivery.proof"

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.env["med.exchange.delivery_proof"]._med_tell(self)
