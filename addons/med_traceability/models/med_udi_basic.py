from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import udi

RISK_CLASSES = [
    ('1', "I"), ('2a', "IIa"), ('2b', "IIb"), ('3', "III"),
    ('A', "A (IVD)"), ('B', "B (IVD)"), ('C', "C (IVD)"), ('D', "D (IVD)"),
]


class MedUdiBasic(models.Model):
    """A Basic UDI-DI: the key of a group of devices in certificates, declarations and EUDAMED.

    Its data are those of Annex VI, part A, 2 and part B, 1 to 10 of Regulation (EU) 2017/745.
    """

    _name = 'med.udi.basic'
    _description = 'Basic UDI-DI'
    _inherit = ['med.udi.number.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'name'
    _rec_names_search = ['name', 'device_name', 'device_model']
    _check_company_auto = True

    issuer = fields.Selection(tracking=True)
    name = fields.Char("Basic UDI-DI", tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        'res.company', "Company", index=True, tracking=True,
        help="Only this company; empty for every company.")
    legislation = fields.Selection(
        [('mdr', "Regulation (EU) 2017/745 (MDR)"), ('ivdr', "Regulation (EU) 2017/746 (IVDR)")],
        required=True, default='mdr', tracking=True)
    risk_class = fields.Selection(RISK_CLASSES, "Risk Class", tracking=True)
    device_name = fields.Char("Device Name", tracking=True)
    device_model = fields.Char("Device Model", tracking=True)
    kind = fields.Selection(
        [('device', "Device"), ('system', "System"), ('procedure_pack', "Procedure pack"),
         ('software', "Software")], "Kind", required=True, default='device', tracking=True)
    implantable = fields.Boolean("Implantable", tracking=True)
    active_device = fields.Boolean("Active Device", tracking=True)
    measuring = fields.Boolean("Measuring Function", tracking=True)
    reusable_instrument = fields.Boolean("Reusable Surgical Instrument", tracking=True)
    administers_medicine = fields.Boolean("Administers or Removes a Medicine", tracking=True)
    contains_medicine = fields.Boolean("Contains a Medicinal Substance", tracking=True)
    human_tissue = fields.Boolean("Tissue or Cells of Human Origin", tracking=True)
    animal_tissue = fields.Boolean("Tissue or Cells of Animal Origin", tracking=True)
    manufacturer_id = fields.Many2one('res.partner', "Manufacturer", tracking=True)
    manufacturer_srn = fields.Char("Manufacturer's SRN", tracking=True)
    representative_id = fields.Many2one('res.partner', "Authorised Representative", tracking=True)
    representative_srn = fields.Char("Representative's SRN", tracking=True)
    certificate_number = fields.Char("Certificate", tracking=True)
    certificate_date_to = fields.Date("Certificate Valid Until", tracking=True)
    notified_body = fields.Char("Notified Body Number", tracking=True)
    registered_date = fields.Date("Registered in EUDAMED On", tracking=True)
    di_ids = fields.One2many('med.udi.di', 'basic_id', "Device Identifiers")
    di_count = fields.Integer("Number of Device Identifiers", compute='_compute_di_count')
    note = fields.Text()

    _name_uniq = models.Constraint(
        'UNIQUE (issuer, name)', "This Basic UDI-DI has been given already.")

    @api.depends('di_ids')
    def _compute_di_count(self):
        counts = dict(self.env['med.udi.di']._read_group(
            [('basic_id', 'in', self.ids)], ['basic_id'], ['__count']))
        for basic in self:
            basic.di_count = counts.get(basic, 0)

    @api.depends('name', 'device_name')
    def _compute_display_name(self):
        for basic in self:
            basic.display_name = ' · '.join(filter(None, (basic.name, basic.device_name)))

    def write(self, vals):
        if vals.keys() & {'issuer', 'name'} and self.sudo().with_context(
                active_test=False).di_ids.filtered(lambda di: di.state != 'draft'):
            raise UserError(self.env._(
                "A Basic UDI-DI stays as it is once devices in use bear it: make a new one."))
        return super().write(vals)

    @api.model
    def _check_number(self, issuer, text):
        return udi.check_basic(issuer, text)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Basic UDI-DIs are not deleted: archive them."))

    def action_view_devices(self):
        """Open the device identifiers of this Basic UDI-DI."""
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Device Identifiers"),
            'res_model': 'med.udi.di', 'views': [(False, 'list'), (False, 'form')],
            'domain': [('basic_id', 'in', self.ids)],
            'context': {'default_basic_id': self.id if len(self) == 1 else False},
        }
