from odoo import api, fields, models

KINDS = [
    ('temperature', "Storage temperature"), ('transport_temperature', "Transport temperature"),
    ('humidity', "Storage humidity"), ('transport_humidity', "Transport humidity"),
    ('pressure', "Atmospheric pressure"), ('dry', "Keep dry"), ('light', "Keep away from light"),
    ('special', "Special condition"),
]
UNITS = [('celsius', "°C"), ('fahrenheit', "°F"), ('percent', "%"), ('kpa', "kPa"), ('hpa', "hPa"),
         ('bar', "bar")]


class MedUdiStorage(models.Model):
    """A condition of storage or handling on the label: limits with a unit, or words."""

    _name = 'med.udi.storage'
    _description = 'Storage and Handling Condition'
    _order = 'di_id, sequence, id'

    di_id = fields.Many2one('med.udi.di', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='di_id.company_id', store=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default='temperature')
    has_low = fields.Boolean("From", default=True, help="There is a lower limit.")
    low = fields.Float("Low", digits=(12, 2))
    has_high = fields.Boolean("To", default=True, help="There is an upper limit.")
    high = fields.Float("High", digits=(12, 2))
    unit = fields.Selection(UNITS)
    text = fields.Char(help="What the label says in words.")
    limits = fields.Char(compute='_compute_limits')

    _limits_order = models.Constraint(
        'CHECK (NOT (has_low AND has_high) OR low <= high)',
        "The lower limit is above the upper one.")
    _limits_unit = models.Constraint(
        "CHECK (kind IN ('dry', 'light', 'special') OR NOT (has_low OR has_high)"
        " OR unit IS NOT NULL)",
        "A limit needs its unit.")

    @api.depends('has_low', 'low', 'has_high', 'high', 'unit', 'kind')
    def _compute_limits(self):
        """The limits as a label shows them: ``2–8 °C``, ``≤ 25 °C``."""
        units = dict(UNITS)
        for row in self:
            if row.kind in ('dry', 'light', 'special') or not (row.has_low or row.has_high):
                row.limits = False
                continue
            low, high, unit = f'{row.low:g}', f'{row.high:g}', units.get(row.unit, '')
            if row.has_low and row.has_high:
                span = f'{low} – {high}' if '-' in low + high else f'{low}–{high}'
            else:
                span = f'≥ {low}' if row.has_low else f'≤ {high}'
            row.limits = f'{span} {unit}'

    @api.depends('limits', 'text', 'kind')
    def _compute_display_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for row in self:
            row.display_name = ': '.join(filter(None, (
                kinds.get(row.kind), ', '.join(filter(None, (row.limits, row.text))))))
