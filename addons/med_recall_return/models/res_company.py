from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    med_recall_publish = fields.Boolean(
        "Public Recall Check",
        help="Anybody may ask on the page /recall/check whether a number is recalled. Nothing of "
             "customers or quantities is told.")
