from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class MedUdiFileAnswer(models.Model):
    """What a regulator answered to a file: the answer as it came, and what it said."""

    _name = "med.udi.file.answer"
    _description = "Regulator's Answer"
    _inherit = ["med.auditor.mixin"]
    _order = "id desc"

    file_id = fields.Many2one("med.udi.file", "Answered File", required=True, readonly=True,
                              index=True, ondelete="restrict")
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    name = fields.Char("File Name", required=True, readonly=True)
    content = fields.Binary("File", attachment=True, readonly=True)
    sha256 = fields.Char("SHA-256", readonly=True)
    create_date = fields.Datetime("Read On", readonly=True)
    create_uid = fields.Many2one("res.users", "Read By", readonly=True)
    accepted_count = fields.Integer("Accepted", readonly=True)
    refused_count = fields.Integer("Refused", readonly=True)

    def write(self, vals):
        raise AccessError(self.env._("An answer stays as it came."))

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_refuse_unlink()

    def _med_refuse_unlink(self):
        raise UserError(self.env._("Answers of regulators are kept."))
