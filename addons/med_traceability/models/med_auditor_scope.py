from odoo import models


class MedGenealogyEvent(models.Model):
    _name = 'med.genealogy.event'
    _inherit = ['med.genealogy.event', 'med.auditor.mixin']


class MedGenealogyLine(models.Model):
    _name = 'med.genealogy.line'
    _inherit = ['med.genealogy.line', 'med.auditor.mixin']


class MedGenealogyLink(models.Model):
    _name = 'med.genealogy.link'
    _inherit = ['med.genealogy.link', 'med.auditor.mixin']


class StockLot(models.Model):
    _name = 'stock.lot'
    _inherit = ['stock.lot', 'med.auditor.mixin']

    def _med_check_lots(self):
        """Write down what an auditor reads: traces, balances and evidence all come by here."""
        super()._med_check_lots()
        if self and not self.env.su and self.env.user._med_auditor_only():
            self.env['med.audit.entry']._record_event('audit_read', self[0], {
                'lots': len(self), 'names': ", ".join(self[:50].mapped('name'))},
                own_cursor=self.env.cr.readonly)
