from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    med_us_registration = fields.Char(
        "FDA Registration Number", help="In the number of reports by 21 CFR 806.10.")
    med_eu_srn = fields.Char(
        "EU Single Registration Number", help="In reports and field safety notices by the MDR.")
