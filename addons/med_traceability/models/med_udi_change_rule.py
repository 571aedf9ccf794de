from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

VERDICTS = [
    ('new_di', "New device identifier"), ('new_basic', "New Basic UDI-DI"),
    ('pi_only', "New production identifier only"), ('report', "Correct the data in the database"),
]
WATCHED = ('char', 'text', 'selection', 'boolean', 'integer', 'many2one')


class MedUdiChangeRule(models.Model):
    """What a market wants when a datum of a device in use changes."""

    _name = 'med.udi.change.rule'
    _description = 'UDI Change Rule'
    _inherit = ['med.statutory.mixin']
    _order = 'jurisdiction_id, field, id'

    jurisdiction_id = fields.Many2one(string="Market", required=True)
    field = fields.Char("Data Element", required=True, tracking=True,
                        help="Name of a field of the device identifier.")
    verdict = fields.Selection(VERDICTS, required=True, default='new_di', tracking=True)
    condition = fields.Char(
        tracking=True, help="Only device identifiers of this domain. Empty: all of them.")

    @api.constrains('field', 'condition')
    def _check_readable(self):
        """A row that cannot be read would stop every change."""
        devices = self.env['med.udi.di'].sudo()
        for rule in self:
            field = devices._fields.get(rule.field)
            if not field or field.type not in WATCHED or not field.store:
                raise ValidationError(self.env._(
                    "%s is not a datum of a device identifier whose change can be seen.",
                    rule.field))
            try:
                devices.search(rule._domain_condition(), limit=1)
            except Exception as error:
                raise ValidationError(self.env._(
                    "The condition of %(row)s is not a domain of device identifiers: %(error)s",
                    row=rule.name, error=error)) from error

    def _domain_condition(self):
        return Domain(safe_eval(self.condition or '[]'))

    @api.model
    def _in_force(self):
        return self.search(self._domain_valid(fields.Date.context_today(self)))

    def _holds_for(self, di):
        return ((not self.company_id or self.company_id == di.company_id)
                and self.jurisdiction_id in di.market_ids
                and bool(di.filtered_domain(self._domain_condition())))
