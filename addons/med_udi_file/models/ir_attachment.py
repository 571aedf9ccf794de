from odoo import api, models


class IrAttachment(models.Model):
    """What a regulator was sent, and what he answered, stays."""

    _inherit = "ir.attachment"

    @api.model
    def _med_kept_files(self):
        told = self.env._("A file for a regulator stays as it was made.")
        return {**super()._med_kept_files(), "med.udi.file": told, "med.udi.file.answer": told}
