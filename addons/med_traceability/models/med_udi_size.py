from odoo import api, fields, models

KINDS = [
    ('length', "Length"), ('width', "Width"), ('height', "Height"), ('depth', "Depth"),
    ('diameter', "Outer diameter"), ('lumen', "Lumen or inner diameter"),
    ('circumference', "Circumference"), ('gauge', "Needle gauge"), ('catheter', "Catheter gauge"),
    ('volume', "Total volume"), ('weight', "Weight"), ('area', "Surface area"),
    ('angle', "Angle"), ('pressure', "Pressure"), ('pore', "Pore size"), ('other', "Other"),
]


class MedUdiSize(models.Model):
    """A clinically relevant size: a kind with value and unit, or words."""

    _name = 'med.udi.size'
    _description = 'Clinically Relevant Size'
    _order = 'di_id, sequence, id'

    di_id = fields.Many2one('med.udi.di', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='di_id.company_id', store=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default='length')
    value = fields.Char(help="As on the label: 120, 5, 0.035.")
    unit = fields.Char(help="As on the label: mm, Fr, G, mL.")
    text = fields.Char(help="What cannot be said as a value with a unit.")

    _content = models.Constraint(
        "CHECK (value IS NOT NULL OR text IS NOT NULL)", "Give a value or words.")

    @api.depends('kind', 'value', 'unit', 'text')
    def _compute_display_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for size in self:
            value = ' '.join(filter(None, (size.value, size.unit)))
            size.display_name = f"{kinds.get(size.kind)}: {value or size.text or ''}"
