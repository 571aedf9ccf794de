from odoo import fields, models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    med_nonconformity_line_ids = fields.One2many(
        "med.nonconformity.line", "production_id", "Nonconforming Lots Reworked", readonly=True)

    def _med_rework_orders(self):
        """Return these orders and those of their backorders."""
        return self | self.production_group_id.production_ids
