from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [('direct_mark', "On the device itself"), ('unit_of_use', "Unit of use"),
         ('secondary', "Second issuing agency")]


class MedUdiAlias(models.Model):
    """A further number of a device: direct mark, unit of use, or of a second issuing agency."""

    _name = 'med.udi.alias'
    _description = 'Further Device Identifier'
    _inherit = ['med.udi.number.mixin']
    _order = 'di_id, kind, name'

    di_id = fields.Many2one('med.udi.di', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='di_id.company_id', store=True, index=True)
    kind = fields.Selection(KINDS, required=True, default='direct_mark')

    _name_uniq = models.Constraint(
        'UNIQUE (issuer, name)', "This identifier belongs to a device already.")

    @api.constrains('issuer', 'name')
    def _check_unused(self):
        """No number means two devices, not even of two companies."""
        owners = {(di.issuer, di.name): di for di in self.env['med.udi.di'].sudo().with_context(
            active_test=False).search([('name', 'in', self.mapped('name'))])}
        for alias in self:
            if owners.get((alias.issuer, alias.name), alias.di_id) != alias.di_id:
                raise ValidationError(self.env._(
                    "%s is the device identifier of another device.", alias.name))

    def write(self, vals):
        if vals.keys() & {'issuer', 'name', 'di_id'}:
            self._check_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        self._check_kept()

    def _check_kept(self):
        for alias in self:
            if alias.di_id.state != 'draft':
                raise UserError(self.env._(
                    "%s belongs to a device in use: it is never given to another one.",
                    alias.name))
