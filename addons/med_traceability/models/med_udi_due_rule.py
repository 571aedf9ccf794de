from odoo import api, fields, models

from .med_udi_registration import DEVICE_CLASSES


class MedUdiDueRule(models.Model):
    """From when a kind of device needs its UDI: on the label, on itself, or in the database."""

    _name = 'med.udi.due.rule'
    _description = 'UDI Due Date Rule'
    _inherit = ['med.statutory.mixin']
    _order = 'jurisdiction_id, due_date, device_class, id'

    jurisdiction_id = fields.Many2one(required=True)
    duty = fields.Selection(
        [('both', "UDI on the label and data in the database"), ('label', "UDI on the label"),
         ('database', "Data in the database"), ('direct_mark', "UDI on the device itself")],
        required=True, default='both', tracking=True)
    device_class = fields.Selection(DEVICE_CLASSES, "Class", tracking=True, help="Empty: any.")
    device_kind = fields.Selection(
        [('device', "Medical device"), ('ivd', "In vitro diagnostic")], "Kind of Device",
        tracking=True, help="Empty: any.")
    condition = fields.Selection(
        [('any', "All of them"), ('listed', "Kinds of the annex"), ('implantable', "Implantable"),
         ('life', "Implantable, life supporting or life sustaining"), ('reusable', "Reusable")],
        "Holds For", required=True, default='any', tracking=True,
        help="Kinds of the annex: the registration says whether the device is on the list.")
    due_date = fields.Date("Devices Made From", required=True, tracking=True,
                           help="First day of manufacture for which the duty holds.")

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._recompute_registrations()
        return rules

    def write(self, vals):
        before = self.jurisdiction_id
        result = super().write(vals)
        if vals.keys() & {'jurisdiction_id', 'duty', 'device_class', 'device_kind', 'condition',
                          'due_date', 'valid_to', 'active', 'company_id'}:
            self._recompute_registrations(before)
        return result

    def _recompute_registrations(self, *before):
        """Have the due dates of every registration on these markets worked out again."""
        registrations = self.env['med.udi.registration'].sudo().with_context(active_test=False)
        markets = self.jurisdiction_id | self.env['med.jurisdiction'].union(*before)
        touched = registrations.search([('jurisdiction_id', 'in', markets.ids)])
        for name in ('udi_due_date', 'data_due_date', 'direct_mark_due_date'):
            self.env.add_to_compute(registrations._fields[name], touched)

    def _holds_for(self, registration):
        """Say whether this rule is about the device of a registration.

        A rule that ended before it was due never held.
        """
        di = registration.di_id
        return (
            (not self.company_id or self.company_id == registration.company_id)
            and (not self.valid_to or self.valid_to > self.due_date)
            and (not self.device_class or self.device_class == registration.device_class)
            and (not self.device_kind or self.device_kind == di.device_kind)
            and {'any': True, 'listed': self in registration.listed_rule_ids,
                 'implantable': di.implantable, 'life': di.implantable or di.life_supporting,
                 'reusable': not di.single_use}[self.condition])
