from odoo import api, fields, models

from .med_recall_clock_rule import INCIDENTS


class MedRecallLevel(models.Model):
    _inherit = "med.recall.level"

    incident = fields.Selection(
        INCIDENTS, "Incident Behind It", help="Its report has clocks of its own.")

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        levels.recall_id._med_clock_reckon()
        return levels

    def write(self, vals):
        result = super().write(vals)
        self.recall_id._med_clock_reckon()
        return result

    def unlink(self):
        recalls = self.recall_id
        result = super().unlink()
        recalls.exists()._med_clock_reckon()
        return result
