from odoo import fields, models

from .med_process_batch import PROCESSES


class ProductTemplate(models.Model):
    _inherit = "product.template"

    med_batch_process = fields.Selection(
        PROCESSES, string="Released After", tracking=True,
        help="What is on hand of a lot is released only as far as it went through an accepted "
             "run of this process.")
