import hashlib

from odoo import api, fields, models


class IrAttachment(models.Model):
    """The content of an attachment is in the trail by its SHA-256."""

    _inherit = "ir.attachment"

    med_sha256 = fields.Char("SHA-256", readonly=True, copy=False)

    def _get_datas_related_values(self, data, mimetype):
        return {
            **super()._get_datas_related_values(data, mimetype),
            "med_sha256": hashlib.sha256(data or b"").hexdigest(),
        }

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([
            {name: value for name, value in vals.items() if name != "med_sha256"}
            for vals in vals_list
        ])

    def write(self, vals):
        # Core writes what it computed past this method (`_set_attachment_data`).
        return super().write({name: value for name, value in vals.items() if name != "med_sha256"})
