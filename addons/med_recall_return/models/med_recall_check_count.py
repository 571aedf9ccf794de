from datetime import timedelta

from odoo import api, fields, models


class MedRecallCheckCount(models.Model):
    """How often an address asked within a minute."""

    _name = "med.recall.check.count"
    _description = "Questions on the Public Recall Page"
    _log_access = False

    key = fields.Char(required=True)
    minute = fields.Datetime(required=True)
    asked = fields.Integer(required=True)

    _key_uniq = models.Constraint("UNIQUE (key, minute)", "The minute is counted.")

    @api.autovacuum
    def _gc_old(self):
        self.sudo().search([
            ("minute", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
