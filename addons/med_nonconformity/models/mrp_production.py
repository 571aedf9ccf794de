from odoo import fields, models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    med_nonconformity_line_ids = fields.One2many(
        "med.nonconformity.line", "production_id", "Nonconforming Lots Reworked", readonly=True)
