from odoo import models


class MedReading(models.Model):
    """Readings that did not pass are few: they are found without reading the others."""

    _inherit = "med.reading"

    _failed = models.Index("(event_time) WHERE outcome = 'fail'")
