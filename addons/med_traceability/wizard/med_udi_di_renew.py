from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class MedUdiDiRenew(models.TransientModel):
    """Gives a changed device a number of its own, linked to the old one (EU-VI-C, FDA-830.50)."""

    _name = 'med.udi.di.renew'
    _description = 'Make New Device Identifier'
    _inherit = ['med.udi.number.mixin']

    di_id = fields.Many2one('med.udi.di', "Old Device Identifier", required=True, readonly=True,
                            ondelete='cascade')
    issuer = fields.Selection(compute='_compute_issuer', store=True, readonly=False)
    name = fields.Char("New Device Identifier")
    change_ids = fields.Many2many('med.udi.change', string="Changes", compute='_compute_change_ids')
    restore = fields.Boolean(
        "Put the Old Data Back on the Old One", default=True,
        help="What is on the market under the old number is described by the old data.")
    retire = fields.Boolean("Retire the Old One Now")

    @api.depends('di_id')
    def _compute_issuer(self):
        for wizard in self:
            wizard.issuer = wizard.di_id.issuer

    @api.depends('di_id')
    def _compute_change_ids(self):
        for wizard in self:
            wizard.change_ids = wizard.di_id.change_ids.filtered(
                lambda change: change.state == 'proposed')

    def action_make(self):
        """Make the new device identifier as a draft, and open it.

        :raises UserError: the number is no number, or was given before
        """
        self.ensure_one()
        old, changes = self.di_id, self.change_ids
        old.check_access('write')
        if old.state == 'draft':
            raise UserError(self.env._("%s is a draft: change it as it is.", old.name))
        new = old.copy({
            'issuer': self.issuer, 'name': self.name, 'previous_id': old.id,
            'contains_id': old.contains_id.id, 'contained_quantity': old.contained_quantity,
            'registration_ids': [
                Command.create(row.copy_data({'di_id': False})[0])
                for row in old.registration_ids.filtered(lambda row: row.state != 'ended')],
        })
        changes._decide('done', new_di_id=new.id)
        if self.restore and changes:
            with old._restore():
                old.write({change.field: change.old_value for change in changes})
        if self.retire:
            old.action_retire()
        old.message_post(body=self.env._("Replaced by %s.", new._get_html_link()))
        return {
            'type': 'ir.actions.act_window', 'res_model': 'med.udi.di', 'res_id': new.id,
            'views': [(False, 'form')],
        }
