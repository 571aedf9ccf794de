from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

SHOWN = 500


class MedGenealogyCheck(models.TransientModel):
    """Compares the genealogy with the stock's move lines, and brings it in step."""

    _name = 'med.genealogy.check'
    _description = 'Genealogy Check'
    _rec_name = 'checked'

    checked = fields.Datetime(readonly=True)
    lines_compared = fields.Integer(readonly=True)
    missing_count = fields.Integer("Missing in the Genealogy", readonly=True)
    extra_count = fields.Integer("Not Borne Out by the Stock", readonly=True)
    line_ids = fields.One2many('med.genealogy.check.line', 'check_id', readonly=True)

    def action_check(self):
        """Compare and list the differences, at most 500 of each sort."""
        self.ensure_one()
        self.env['med.genealogy.line'].check_access('read')
        genealogy = self.sudo().env['med.genealogy']
        differences = genealogy._differences(limit=SHOWN)
        self.write({
            'checked': fields.Datetime.now(),
            'lines_compared': self.sudo().env['med.genealogy.line'].search_count([]),
            'missing_count': sum(row['difference'] == 'missing' for row in differences),
            'extra_count': sum(row['difference'] == 'extra' for row in differences),
            'line_ids': [Command.clear(), *(Command.create(row) for row in differences)],
        })
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Genealogy Check"),
            'res_model': self._name, 'res_id': self.id,
            'views': [(False, 'form')], 'target': 'current',
        }

    def action_rebuild(self):
        """Supersede what the stock does not bear out, post what is missing, compare again."""
        self.ensure_one()
        if not self.env.user.has_group('med_base.med_base_group_qa'):
            raise AccessError(self.env._("Only quality assurance brings the genealogy in step."))
        self.sudo().env['med.genealogy']._rebuild()
        return self.action_check()
