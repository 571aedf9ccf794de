from odoo import fields, models


class MrpProduction(models.Model):
    """The labels of what an order makes."""

    _inherit = 'mrp.production'

    med_label_job_count = fields.Integer(
        "Number of Label Jobs", compute='_compute_med_label_job_count')

    def _med_label_job_domain(self):
        return ['|', ('production_id', 'in', self.ids), ('lot_ids', 'in', (
            self.lot_producing_ids | self.move_finished_ids.move_line_ids.lot_id).ids)]

    def _compute_med_label_job_count(self):
        for order in self:
            order.med_label_job_count = self.env['med.label.job'].search_count(
                order._med_label_job_domain())

    def action_med_label_jobs(self):
        """Open the label jobs of what this order makes, or make drafts where a lot has none.

        :raises UserError: no lot is named yet, or no device identifier or template fits
        """
        self.ensure_one()
        jobs = self.env['med.label.job'].search(
            [*self._med_label_job_domain(), ('state', '!=', 'cancelled')])
        lots = self.lot_producing_ids | self.move_finished_ids.move_line_ids.lot_id
        missing = lots.filtered(lambda lot: lot.product_id == self.product_id) - jobs.lot_ids
        if missing and jobs.has_access('create'):
            jobs |= missing._make_label_jobs(production_id=self.id)
        return jobs._get_jobs_action(self._med_label_job_domain())
