from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, fields, models
from odoo.exceptions import UserError

_restored = ContextVar('med_udi_di_restored', default=frozenset())
"""Ids of devices whose old data are being put back right now, because a new device identifier takes
the new ones. Not a context key: a caller over RPC chooses those."""



class MedUdiDi(models.Model):
    """Changes of a device in use: seen when they are written, decided by regulatory affairs."""

    _inherit = 'med.udi.di'

    change_ids = fields.One2many('med.udi.change', 'di_id', "Changes")
    open_change_count = fields.Integer("Changes to Decide", compute='_compute_open_change_count')

    @api.depends('change_ids.state')
    def _compute_open_change_count(self):
        counts = dict(self.env['med.udi.change']._read_group(
            [('di_id', 'in', self.ids), ('state', '=', 'proposed')], ['di_id'], ['__count']))
        for di in self:
            di.open_change_count = counts.get(di._origin, 0)

    # ------------------------------------------------------------------ how they are seen

    def write(self, vals):
        in_use = self.filtered(
            lambda di: di.state == 'active' and di.id not in _restored.get())
        Change = self.env['med.udi.change'].sudo()
        rules = {name: rows for name, rows in Change._watched().items()
                 if name in vals} if in_use else {}
        before = {di: {name: di._datum(name) for name in rules} for di in in_use} if rules else {}
        result = super().write(vals)
        Change._propose(before, rules)
        return result

    def _datum(self, name):
        """Return a datum as ``(plain JSON value, text that a reader sees)``."""
        self.ensure_one()
        field, value = self._fields[name], self[name]
        if field.type == 'many2one':
            return value.id, value.display_name or ''
        if field.type == 'boolean':
            return value, self.env._("Yes") if value else self.env._("No")
        if field.type == 'selection':
            return value, dict(field._description_selection(self.env)).get(value, '')
        return value, '' if value is False else str(value)

    @contextmanager
    def _restore(self):
        """Let old data be put back by the code inside without being taken for changes."""
        token = _restored.set(_restored.get() | set(self.ids))
        try:
            yield
        finally:
            _restored.reset(token)

    # ------------------------------------------------------------------ what people do

    def action_make_new(self):
        """Open the dialog that gives the changed device a number of its own."""
        if len(self) != 1:
            raise UserError(self.env._("Make one new device identifier at a time."))
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Make New DI"),
            'res_model': 'med.udi.di.renew', 'views': [(False, 'form')], 'target': 'new',
            'context': {'default_di_id': self.id},
        }

    def action_view_changes(self):
        """Open the changes that regulatory affairs decides on."""
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Changes"),
            'res_model': 'med.udi.change', 'views': [(False, 'list'), (False, 'form')],
            'domain': [('di_id', 'in', self.ids)],
        }

    # ------------------------------------------------------------------ who is told

    def _get_responsible(self):
        """Return the user of regulatory affairs who looks after a device."""
        self.ensure_one()
        group = self.env.ref('med_base.med_base_group_regulatory').sudo()
        users = group.all_user_ids.filtered(
            lambda user: user.active and not user.share
            and (not self.company_id or self.company_id in user.company_ids))
        named = self.sudo().registration_ids.user_id & users
        return (named or users & self.env.user or users)[:1]

    def _schedule_change_activities(self):
        """Put one to-do on each device that has changes to decide, unless there is one."""
        for di in self:
            user = di._get_responsible()
            if user and not di.activity_search(['med_traceability.mail_activity_type_udi_change']):
                di.activity_schedule(
                    'med_traceability.mail_activity_type_udi_change', user_id=user.id)

    def _close_change_activities(self):
        decided = self.filtered(lambda di: not di.sudo().change_ids.filtered(
            lambda change: change.state == 'proposed'))
        decided.sudo().activity_feedback(['med_traceability.mail_activity_type_udi_change'])
