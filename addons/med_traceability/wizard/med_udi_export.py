from odoo import api, fields, models


class MedUdiExport(models.TransientModel):
    """Device identifiers to take out as a spreadsheet that an import reads again."""

    _name = 'med.udi.export'
    _description = 'Export Device Identifiers'

    di_ids = fields.Many2many('med.udi.di', string="Device Identifiers", required=True)
    di_count = fields.Integer("Rows", compute='_compute_di_count')
    market_ids = fields.Many2many(
        'med.jurisdiction', string="Registrations On", compute='_compute_market_ids', store=True,
        readonly=False, help="Markets whose registrations have columns of their own.")
    kind = fields.Selection([('xlsx', "XLSX"), ('csv', "CSV")], "Format", required=True,
                            default='xlsx')

    @api.depends('di_ids')
    def _compute_di_count(self):
        for export in self:
            export.di_count = len(export.di_ids)

    @api.depends('di_ids')
    def _compute_market_ids(self):
        for export in self:
            export.market_ids = export.di_ids.registration_ids.jurisdiction_id

    def action_export(self):
        """Download the file."""
        self.ensure_one()
        return {'type': 'ir.actions.act_url', 'target': 'download',
                'url': f'/med/udi.{self.kind}?export={self.id}'}
