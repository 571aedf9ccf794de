from odoo import fields, models


class MedNonconformity(models.Model):
    _inherit = "med.nonconformity"

    source = fields.Selection(
        selection_add=[("processor", "Processor")],
        ondelete={"processor": lambda records: records.sudo().write({"source": "other"})})
