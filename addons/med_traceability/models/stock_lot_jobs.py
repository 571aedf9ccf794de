from odoo import fields, models
from odoo.exceptions import UserError


class StockLot(models.Model):
    """The labels of a lot."""

    _inherit = 'stock.lot'

    med_label_job_count = fields.Integer(
        "Number of Label Jobs", compute='_compute_med_label_job_count')

    def _compute_med_label_job_count(self):
        counts = dict(self.env['med.label.job']._read_group(
            [('lot_ids', 'in', self.ids)], ['lot_ids'], ['__count']))
        for lot in self:
            lot.med_label_job_count = counts.get(lot, 0)

    def action_med_label_jobs(self):
        """Open the label jobs of these lots, or make drafts where a lot has none.

        Serials of one product come into one job; each lot gets a job of its own, so that its
        labels are counted by themselves.

        :raises UserError: a product has no active device identifier, or no template fits
        """
        jobs = self.env['med.label.job'].search(
            [('lot_ids', 'in', self.ids), ('state', '!=', 'cancelled')])
        missing = self - jobs.lot_ids
        if missing and jobs.has_access('create'):
            jobs |= missing._make_label_jobs()
        return jobs._get_jobs_action([('lot_ids', 'in', self.ids)])

    def _make_label_jobs(self, **values):
        """Return new draft jobs for these lots."""
        groups = []
        for product, lots in self.grouped('product_id').items():
            groups += [(product, lots)] if product.tracking == 'serial' else [
                (product, lot) for lot in lots]
        drafts = []
        for product, lots in groups:
            di = lots[0]._med_di()
            template = self.env['med.label.job'].new(
                {'product_id': product.id, 'di_id': di.id})._find_template()
            if not di or not template:
                raise UserError(self.env._(
                    "%s has no active device identifier.", product.display_name) if not di
                    else self.env._(
                        "No approved label template fits %(di)s: regulatory affairs makes one.",
                        di=di.name))
            drafts.append({
                'product_id': product.id, 'di_id': di.id, 'template_id': template.id,
                'lot_ids': [fields.Command.set(lots.ids)],
                'company_id': (lots[0].company_id or self.env.company).id, **values})
        return self.env['med.label.job'].create(drafts)
