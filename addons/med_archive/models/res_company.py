from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    med_archive_fonds = fields.Char("Fonds Number", help="Number of the company's fonds (全宗号).")
    med_archive_retention = fields.Char(
        "Retention Period", help="As the archive calls it: permanent, 30 years (永久、30年).")
    med_archive_security = fields.Char("Security Class", help="As the archive calls it (密级).")
