from odoo import fields, models


class MedUdiImportLine(models.TransientModel):
    _name = 'med.udi.import.line'
    _description = 'Row That Cannot Be Loaded'
    _order = 'row, id'

    import_id = fields.Many2one('med.udi.import', required=True, index=True, ondelete='cascade')
    row = fields.Integer()
    heading = fields.Char("Column")
    content = fields.Char("Content of the Cell")
    reason = fields.Char()
