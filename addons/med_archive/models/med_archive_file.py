from odoo import api, fields, models
from odoo.exceptions import AccessError


class MedArchiveFile(models.Model):
    """A file in a package, with its digest."""

    _name = "med.archive.file"
    _description = "File of an Archive Package"
    _inherit = ["med.auditor.mixin"]
    _order = "package_id desc, path"
    _rec_name = "path"

    package_id = fields.Many2one("med.archive.package", required=True, readonly=True, index=True,
                                 ondelete="restrict")
    company_id = fields.Many2one(related="package_id.company_id", store=True, index=True)
    path = fields.Char(required=True, readonly=True)
    title = fields.Char(readonly=True)
    size = fields.Integer("Size (bytes)", readonly=True)
    sha256 = fields.Char("SHA-256", readonly=True, index=True)

    @api.model_create_multi
    def create(self, vals_list):
        self._med_refuse()

    @api.model
    def _med_make(self, vals_list):
        """Make the rows of a package that was put together here."""
        return super().create(vals_list)

    def write(self, vals):
        self._med_refuse()

    def unlink(self):
        self._med_refuse()

    def _med_refuse(self):
        raise AccessError(self.env._("The files of a package stay as they were made."))
