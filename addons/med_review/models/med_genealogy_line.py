from odoo import models


class MedGenealogyLine(models.Model):
    """Lots that came in or were made are counted by time."""

    _inherit = "med.genealogy.line"

    _lots_in = models.Index(
        "(date) WHERE active AND side = 'out' AND lot_id IS NOT NULL "
        "AND kind IN ('receipt', 'manufacture', 'subcontract')")
