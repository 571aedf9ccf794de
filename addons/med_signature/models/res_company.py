from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    med_seal = fields.Selection(
        [("certificate", "The organisation's certificate")], string="Seal of Documents",
        help="Batch records, evidence files, audit trails and notices are sealed with it as PDF. "
             "Empty: not sealed.",
    )
