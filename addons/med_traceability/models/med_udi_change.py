from odoo import api, fields, models
from odoo.exceptions import UserError

from .med_udi_change_rule import VERDICTS


class MedUdiChange(models.Model):
    """A datum of a device in use has changed, and a market's rule says what that asks for.

    Made by the change itself; regulatory affairs decides: a new device identifier was made, or it
    is not needed, with the reason (EU-VI-C, FDA-830.50).
    """

    _name = 'med.udi.change'
    _description = 'Change of UDI Data'
    _inherit = ['mail.thread']
    _order = 'id desc'
    _rec_name = 'field_label'

    di_id = fields.Many2one('med.udi.di', "Device Identifier", required=True, index=True,
                            ondelete='restrict', readonly=True)
    product_id = fields.Many2one(related='di_id.product_id', store=True, index=True)
    company_id = fields.Many2one(related='di_id.company_id', store=True, index=True)
    field = fields.Char("Field", required=True, readonly=True)
    field_label = fields.Char("Data Element", compute='_compute_field_label')
    old_text = fields.Char("Old Value", readonly=True)
    new_text = fields.Char("New Value", readonly=True)
    old_value = fields.Json("Old Datum", readonly=True)
    rule_id = fields.Many2one('med.udi.change.rule', "Rule", required=True, index=True,
                              ondelete='restrict', readonly=True)
    jurisdiction_id = fields.Many2one(related='rule_id.jurisdiction_id', store=True, index=True)
    verdict = fields.Selection(VERDICTS, "Asks For", required=True, readonly=True)
    source = fields.Char(readonly=True)
    state = fields.Selection(
        [('proposed', "To decide"), ('done', "Done"), ('dismissed', "Not needed"),
         ('reverted', "Taken back")],
        "Status", required=True, default='proposed', readonly=True, index=True, tracking=True)
    reason = fields.Char(tracking=True, help="Why no new identifier is needed, or what was done.")
    new_di_id = fields.Many2one('med.udi.di', "New Device Identifier", readonly=True,
                                index='btree_not_null', ondelete='restrict')
    user_id = fields.Many2one('res.users', "Decided By", readonly=True)
    date = fields.Datetime("Decided On", readonly=True)

    @api.depends('field')
    @api.depends_context('lang')
    def _compute_field_label(self):
        labels = self.env['med.udi.di'].fields_get(attributes=['string'])
        for change in self:
            change.field_label = labels.get(change.field, {}).get('string', change.field)

    def write(self, vals):
        if not self.env.su and vals.keys() - {'reason'}:
            raise UserError(self.env._(
                "A change keeps what it was: decide on it with its buttons."))
        if 'reason' in vals and any(change.state != 'proposed' for change in self):
            raise UserError(self.env._("The decision has been taken: its reason stays."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Changes of device identifiers are kept."))

    def action_dismiss(self):
        """Decide that no new identifier is needed; a reason must be on each. Return True."""
        self._check_open()
        for change in self:
            if not (change.reason or '').strip():
                raise UserError(self.env._(
                    "Write down why no new identifier is needed for the change of %(field)s of "
                    "%(di)s.", field=change.field_label, di=change.di_id.name))
        self._decide('dismissed')
        return True

    def action_done(self):
        """Say that what the rule asks for was done, other than by a new DI. Return True."""
        self._check_open()
        if any(change.verdict == 'new_di' for change in self):
            raise UserError(self.env._(
                "A new device identifier is asked for: make it, or say why it is not needed."))
        self._decide('done')
        return True

    def action_make_new(self):
        """Ask for the number of the new device identifier, and make it."""
        self._check_open()
        return self.di_id.action_make_new()

    def _check_open(self):
        self.check_access('write')
        if any(change.state != 'proposed' for change in self):
            raise UserError(self.env._("The decision has been taken already."))

    def _decide(self, state, **values):
        self.sudo().write({'state': state, 'user_id': self.env.uid,
                           'date': fields.Datetime.now(), **values})
        self.di_id._close_change_activities()

    # ------------------------------------------------------------------ how they come about

    @api.model
    def _watched(self):
        """Return ``{field name: rules in force}``."""
        return self.env['med.udi.change.rule'].sudo()._in_force().grouped('field')

    @api.model
    def _propose(self, before, rules):
        """Compare devices with what they were, and write down what the rules ask for.

        A value put back takes the open proposal back; one changed again updates it.

        :param dict before: ``{di: {field name: (raw value, text)}}``
        :param dict rules: ``{field name: rules}``
        """
        created, reverted, touched = [], self.browse(), self.env['med.udi.di']
        for di, old in before.items():
            for name, (old_value, old_text) in old.items():
                new_value, new_text = di._datum(name)
                if new_value == old_value:
                    continue
                open_ones = {change.rule_id: change for change in self.search([
                    ('di_id', '=', di.id), ('field', '=', name), ('state', '=', 'proposed')])}
                for rule in rules[name]:
                    change = open_ones.get(rule)
                    if change:
                        change.new_text = new_text
                        if change.old_value == new_value:
                            reverted |= change
                    elif rule._holds_for(di):
                        touched |= di
                        created.append({
                            'di_id': di.id, 'field': name, 'rule_id': rule.id,
                            'verdict': rule.verdict, 'source': rule.source, 'old_text': old_text,
                            'new_text': new_text, 'old_value': old_value})
        changes = self.create(created)
        if reverted:
            reverted._decide('reverted')
        touched._schedule_change_activities()
        return changes
