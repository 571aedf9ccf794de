from odoo import fields, models


class MedDisposition(models.Model):
    _inherit = "med.disposition"

    med_proposed = fields.Boolean(
        "Proposed by Inspection", readonly=True, copy=False,
        help="Gathers lots that inspection accepted, for one signature.")
