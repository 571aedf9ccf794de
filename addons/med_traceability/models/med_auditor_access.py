from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class MedAuditorAccess(models.Model):
    """When, in which companies and why a guest auditor may read. Without one he reads nothing.

    It holds for people who have the role of an auditor and no other. Records are revoked, never
    deleted.
    """

    _name = 'med.auditor.access'
    _description = 'Auditor Access'
    _order = 'date_from desc, id desc'
    _rec_name = 'user_id'

    user_id = fields.Many2one(
        'res.users', "Auditor", required=True, index=True, ondelete='restrict',
        domain=lambda self: [
            ('all_group_ids', 'in', self.env.ref('med_base.med_base_group_auditor').id)])
    company_ids = fields.Many2many(
        'res.company', string="Companies", required=True, default=lambda self: self.env.company)
    date_from = fields.Datetime("From", required=True, default=fields.Datetime.now)
    date_until = fields.Datetime("Until", required=True)
    reason = fields.Char(required=True, help="Which inspection or audit, of which body.")
    revoked = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        [('planned', "Planned"), ('open', "Open"), ('ended', "Ended"), ('revoked', "Revoked")],
        compute='_compute_state')

    _dates = models.Constraint(
        'CHECK (date_until > date_from)', "The access must end after it begins.")

    @api.depends('date_from', 'date_until', 'revoked')
    def _compute_state(self):
        now = fields.Datetime.now()
        for access in self:
            if access.revoked:
                access.state = 'revoked'
            elif not (access.date_from and access.date_until) or access.date_from > now:
                access.state = 'planned'
            else:
                access.state = 'open' if access.date_until > now else 'ended'

    @api.constrains('user_id')
    def _check_not_oneself(self):
        for access in self:
            if self.env.user in (access.user_id, access.create_uid) and (
                    access.user_id == access.create_uid):
                raise ValidationError(self.env._("Nobody opens the records to himself."))

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get('revoked') for vals in vals_list):
            raise UserError(self.env._("Access is revoked with the button."))
        return super().create(vals_list)

    def write(self, vals):
        if self.filtered('revoked') or 'revoked' in vals:
            raise UserError(self.env._("Access that was revoked stays revoked. Grant it anew."))
        if set(vals) & {'user_id', 'company_ids', 'date_from'}:
            raise UserError(self.env._(
                "Whom access was granted to, from when and to what is not changed. Revoke it and "
                "grant it anew."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Access that was granted is part of the record. Revoke it."))

    def action_revoke(self):
        """End the access at once."""
        self.check_access('write')
        super(MedAuditorAccess, self.filtered(lambda one: not one.revoked)).write(
            {'revoked': True})
