from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    med_archive_fonds = fields.Char(related="company_id.med_archive_fonds", readonly=False)
    med_archive_retention = fields.Char(related="company_id.med_archive_retention",
                                        readonly=False)
    med_archive_security = fields.Char(related="company_id.med_archive_security", readonly=False)
