from odoo import api, fields, models

from .med_process_batch import PROCESSES


class ProductTemplate(models.Model):
    _inherit = "product.template"

    med_batch_process = fields.Selection(
        PROCESSES, string="Released After", tracking=True,
        help="What is on hand of a lot is released only as far as it went through an accepted "
             "run of this process.")

    @api.model
    def _med_quality_fields(self):
        return {**super()._med_quality_fields(), "med_batch_process": False}
