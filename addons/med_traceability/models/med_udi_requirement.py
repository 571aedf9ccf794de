from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

PARTS = {'registration': 'med.udi.registration', 'basic': 'med.udi.basic'}


class MedUdiRequirement(models.Model):
    """A data element that a market's database or law asks of a device identifier."""

    _name = 'med.udi.requirement'
    _description = 'UDI Data Requirement'
    _inherit = ['med.statutory.mixin']
    _order = 'jurisdiction_id, sequence, id'

    sequence = fields.Integer(default=10)
    jurisdiction_id = fields.Many2one(string="Market", required=True)
    path = fields.Char(
        "Data Element", required=True, tracking=True,
        help="Name of a field of the device identifier; registration.name and basic.name for one "
             "of its registration on the market or of its Basic UDI-DI. Several joined by |: one "
             "of them is enough.")
    level = fields.Selection(
        [('all', "Every level"), ('unit', "Base packages"), ('package', "Higher packages")],
        "Package Levels", required=True, default='unit', tracking=True)
    condition = fields.Char(
        tracking=True, help="Only device identifiers of this domain. Empty: all of them.")

    @api.constrains('path', 'condition')
    def _check_readable(self):
        """A row that cannot be read would break every report."""
        for row in self:
            for model, name in row._get_elements():
                if name not in self.env[model]._fields:
                    raise ValidationError(self.env._(
                        "%(path)s: there is no field %(name)s.", path=row.path, name=name))
            try:
                self.env['med.udi.di'].sudo().search(row._domain_condition(), limit=1)
            except Exception as error:
                raise ValidationError(self.env._(
                    "The condition of %(row)s is not a domain of device identifiers: %(error)s",
                    row=row.name, error=error)) from error

    def _get_elements(self):
        """Return ``[(model, field name), …]``, one of which has to be filled in."""
        elements = []
        for part in (self.path or '').split('|'):
            owner, _dot, name = part.strip().rpartition('.')
            elements.append((PARTS.get(owner, 'med.udi.di') if owner else 'med.udi.di',
                             name if owner in ('', *PARTS) else part.strip()))
        return elements

    def _domain_condition(self):
        return Domain(safe_eval(self.condition or '[]'))

    def _domain_missing(self):
        """Return the domain of device identifiers on the market that lack this element."""
        self.ensure_one()
        domain = (Domain('market_ids', 'in', self.jurisdiction_id.ids)
                  & Domain('active', '=', True) & Domain('state', '!=', 'retired')
                  & self._domain_condition())
        if self.level != 'all':
            domain &= Domain('level', '=' if self.level == 'unit' else '!=', 'unit')
        if self.company_id:
            domain &= Domain('company_id', '=', self.company_id.id)
        return domain & Domain.AND(
            self._domain_blank(model, name) for model, name in self._get_elements())

    def _domain_blank(self, model, name):
        filled = Domain(name, '!=', False)
        if model == 'med.udi.registration':
            return Domain('registration_ids', 'not any', filled & Domain(
                'jurisdiction_id', '=', self.jurisdiction_id.id) & Domain(
                    'state', '!=', 'ended'))
        if model == 'med.udi.basic':
            return Domain('basic_id', 'not any', filled)
        return Domain(name, '=', False)

    @api.model
    def _in_force(self):
        today = fields.Date.context_today(self)
        return self.search(self._domain_valid(today) & Domain(
            'company_id', 'in', [False, *self.env.companies.ids]))
