from odoo import fields, models


class MedInspection(models.Model):
    _inherit = "med.inspection"

    process_batch_id = fields.Many2one(
        "med.process.batch", "Process Batch", readonly=True, index="btree_not_null",
        ondelete="restrict")
