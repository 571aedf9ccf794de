from odoo import api, fields, models


class MedExternalClause(models.Model):
    """A clause of an external document that something here has to cover."""

    _name = "med.external.clause"
    _description = "Clause"
    _order = "document_id, sequence, number, id"
    _rec_names_search = ("number", "title", "document_id.number")

    document_id = fields.Many2one(
        "med.external.document", "Document", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="document_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    number = fields.Char("Clause", required=True)
    title = fields.Char(translate=True)
    process_ids = fields.Many2many("med.quality.process", string="Covered By")

    _uniq = models.UniqueIndex("(document_id, number)", "The document has this clause already.")

    @api.depends("number", "title", "document_id.number")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.document_id.number or ''} {record.number or ''}"
