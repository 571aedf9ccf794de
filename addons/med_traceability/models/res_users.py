from odoo import fields, models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _med_auditor_only(self):
        """Whether this person is a guest auditor and has no other role of ours."""
        self.ensure_one()
        if not self.has_group('med_base.med_base_group_auditor'):
            return False
        reading = [self.env.ref(f'med_base.med_base_group_{role}').id
                   for role in ('viewer', 'auditor')]
        category = self.env.ref('med_base.module_category_med')
        return not self.sudo().all_group_ids.filtered(
            lambda group: group.privilege_id.category_id == category and group.id not in reading)

    def _med_open_access(self):
        """Return the access that is granted to this person now."""
        self.ensure_one()
        now = fields.Datetime.now()
        return self.env['med.auditor.access'].sudo().search([
            ('user_id', '=', self.id), ('revoked', '=', False), ('date_from', '<=', now),
            ('date_until', '>', now)])

    def _med_reading_error(self):
        """Return the error of an auditor whose time or companies are others, or None."""
        if not self._med_auditor_only():
            return None
        access = self._med_open_access()
        if self.env.companies - access.company_ids:
            return AccessError(self.env._(
                "Your access as an auditor is not open now, or not for this company. Ask quality "
                "assurance to grant it."))
        return None
