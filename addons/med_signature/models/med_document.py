from odoo import api, models


class MedDocument(models.AbstractModel):
    _inherit = "med.document"

    @api.model
    def _seal(self, pdf):
        return self.env["med.pdf.seal"]._seal(super()._seal(pdf), self.env.company)
