from odoo import api, models


class IrAttachment(models.Model):
    """What was packed for an archive stays, and so does its receipt."""

    _inherit = "ir.attachment"

    @api.model
    def _med_kept_files(self):
        told = self.env._("A package for an archive stays as it was made.")
        return {**super()._med_kept_files(), "med.archive.package": told}
