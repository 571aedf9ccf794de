from odoo import api, fields, models
from odoo.exceptions import UserError


class MedLabelSampleRule(models.Model):
    """How many labels of a printed roll are scanned between the first and the last (QMSR-45)."""

    _name = 'med.label.sample.rule'
    _description = 'Rule for Scanning Printed Labels'
    _inherit = ['med.statutory.mixin']
    _order = 'quantity_from, id'

    quantity_from = fields.Integer("From Labels", required=True, tracking=True)
    sample = fields.Integer(
        "Scanned Between", required=True, tracking=True,
        help="Labels scanned beside the first and the last one.")

    _numbers = models.Constraint(
        'CHECK (quantity_from > 0 AND sample >= 0)', "A number of labels is not negative.")

    @api.model
    def _med_sample(self, quantity):
        """Return how many labels of ``quantity`` are scanned between the first and the last.

        :raises UserError: no rule holds for this quantity
        """
        rule = self.sudo().search(
            self._domain_valid(fields.Date.today()) & self._domain_company()
            & fields.Domain('quantity_from', '<=', quantity), limit=1,
            order='quantity_from desc, company_id, id desc')
        if not rule:
            raise UserError(self.env._(
                "No rule says how many of %s labels are scanned: quality assurance enters one "
                "under Label Rules.", quantity))
        return min(rule.sample, max(quantity - 2, 0))
