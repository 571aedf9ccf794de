from odoo import models


class MedReading(models.Model):
    _inherit = "med.reading"

    _failed_idx = models.Index("(company_id, event_time) WHERE outcome = 'fail'")
