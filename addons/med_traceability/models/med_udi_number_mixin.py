from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import udi

ISSUERS = [('gs1', "GS1"), ('hibcc', "HIBCC"), ('iccbba', "ICCBBA"), ('ma', "MA (IDcode)")]


class MedUdiNumberMixin(models.AbstractModel):
    """A number of an issuing agency, checked and kept in its canonical form."""

    _name = 'med.udi.number.mixin'
    _description = 'Number of an Issuing Agency'

    issuer = fields.Selection(ISSUERS, "Issuing Agency", required=True, default='gs1')
    name = fields.Char("Identifier", required=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([
            self._with_canonical(vals, vals.get('issuer') or 'gs1') for vals in vals_list])

    def write(self, vals):
        if not vals.keys() & {'issuer', 'name'}:
            return super().write(vals)
        for record in self:
            super(MedUdiNumberMixin, record).write(record._with_canonical(
                {'name': record.name, **vals}, vals.get('issuer') or record.issuer))
        return True

    @api.model
    def _with_canonical(self, vals, issuer):
        """Return values whose number is in its canonical form.

        :raises ValidationError: it is no number of this agency; the message says why
        """
        if not vals.get('name'):
            return vals
        return {**vals, 'issuer': issuer, 'name': self._canonical(issuer, vals['name'])}

    @api.model
    def _canonical(self, issuer, text):
        try:
            return self._check_number(issuer, text)
        except udi.UdiError as error:
            raise ValidationError(self.env._(
                "%(number)s is not a number of %(issuer)s: %(reason)s", number=text,
                issuer=dict(ISSUERS).get(issuer, issuer),
                reason=self.env['med.udi']._med_error_text(error))) from error

    @api.model
    def _check_number(self, issuer, text):
        """Return the canonical form of a number; raise ``udi.UdiError`` when it is none."""
        return udi.check_di(issuer, text)
