from odoo import models


class MedInspection(models.Model):
    """Decided inspections are counted by the time of the decision."""

    _inherit = "med.inspection"

    _decided = models.Index("(decided_at) WHERE decided_at IS NOT NULL")
