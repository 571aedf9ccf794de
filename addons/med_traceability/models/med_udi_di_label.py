from odoo import fields, models


class MedUdiDi(models.Model):
    """The labels that bear a device identifier."""

    _inherit = 'med.udi.di'

    label_job_count = fields.Integer("Number of Label Jobs", compute='_compute_label_job_count')

    def _compute_label_job_count(self):
        counts = dict(self.env['med.label.job']._read_group(
            [('di_id', 'in', self.ids)], ['di_id'], ['__count']))
        for di in self:
            di.label_job_count = counts.get(di, 0)

    def action_label_jobs(self):
        """Return the label jobs of this device identifier."""
        self.ensure_one()
        return self.env['med.label.job']._get_jobs_action([('di_id', '=', self.id)])
