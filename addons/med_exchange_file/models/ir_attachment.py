from odoo import api, models


class IrAttachment(models.Model):
    """The file that a partner sent stays as it came."""

    _inherit = "ir.attachment"

    @api.model
    def _med_kept_files(self):
        told = self.env._("A file that was exchanged stays as it came.")
        return {**super()._med_kept_files(), "med.exchange.file": told, "med.exchange.form": told}
