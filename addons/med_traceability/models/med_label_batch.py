from odoo import fields, models


class MedLabelBatch(models.Model):
    """Labels that were made together, until the job is whole; then they are joined."""

    _name = 'med.label.batch'
    _description = 'Part of a Label Job'
    _order = 'job_id, sequence'

    job_id = fields.Many2one('med.label.job', required=True, ondelete='cascade', index=True)
    sequence = fields.Integer(required=True)
    pdf = fields.Binary(attachment=True, groups=fields.NO_ACCESS)
    zpl = fields.Binary(attachment=True, groups=fields.NO_ACCESS)
