from odoo import api, fields, models
from odoo.exceptions import UserError

DEVICE_CLASSES = [
    ('1', "I"), ('2', "II"), ('2a', "IIa"), ('2b', "IIb"), ('3', "III"),
    ('A', "A (IVD)"), ('B', "B (IVD)"), ('C', "C (IVD)"), ('D', "D (IVD)"),
]
DATABASES = [('nmpa', "NMPA UDI database"), ('gudid', "GUDID"), ('eudamed', "EUDAMED"),
             ('other', "Other")]


class MedUdiRegistration(models.Model):
    """A device identifier on one market: its licence, and its record in the UDI database."""

    _name = 'med.udi.registration'
    _description = 'Device Registration'
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'di_id, jurisdiction_id, date_from desc, id desc'
    _rec_names_search = ['number', 'di_id.name']
    _check_company_auto = True

    di_id = fields.Many2one(
        'med.udi.di', "Device Identifier", required=True, index=True, ondelete='restrict',
        check_company=True, tracking=True)
    product_id = fields.Many2one(related='di_id.product_id', store=True, index=True)
    company_id = fields.Many2one(related='di_id.company_id', store=True, index=True)
    jurisdiction_id = fields.Many2one(
        'med.jurisdiction', "Market", required=True, index=True, ondelete='restrict',
        tracking=True)
    database = fields.Selection(
        DATABASES, "UDI Database", required=True, compute='_compute_database', store=True,
        readonly=False, precompute=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    user_id = fields.Many2one(
        'res.users', "Responsible", default=lambda self: self.env.user, tracking=True)

    # the licence
    number = fields.Char(
        "Registration Number", index='btree_not_null', tracking=True,
        help="China: number of the registration or filing certificate. US: premarket submission "
             "(510(k), PMA, De Novo). EU: certificate, where one is needed.")
    device_class = fields.Selection(DEVICE_CLASSES, "Class", tracking=True)
    registrant_id = fields.Many2one(
        'res.partner', "Registrant or Labeler", tracking=True,
        help="Registrant or filer in China, labeler in the US, manufacturer in the EU.")
    registrant_name = fields.Char(
        "Name on the Label", compute='_compute_registrant_name', store=True, readonly=False,
        precompute=True, tracking=True)
    registrant_address = fields.Char("Address on the Label", tracking=True)
    registrant_code = fields.Char(
        "Registrant's Number", tracking=True,
        help="China: unified social credit code. US: DUNS number. EU: SRN.")
    licence_number = fields.Char("Manufacturing Licence", tracking=True)
    requirement_number = fields.Char(
        "Technical Requirements", tracking=True,
        help="China: number of the product technical requirements.")
    listing_number = fields.Char("FDA Listing Number", tracking=True)
    premarket_exempt = fields.Boolean("Exempt from Premarket Submission", tracking=True)
    representative_id = fields.Many2one(
        'res.partner', "Agent or Representative", tracking=True,
        help="Chinese agent of a foreign registrant, US agent, EU authorised representative.")
    date_from = fields.Date("Valid From", tracking=True)
    date_to = fields.Date("Valid Until", tracking=True, index=True,
                          help="Last day on which the registration is valid.")

    # the record in the database
    state = fields.Selection(
        [('draft', "Draft"), ('submitted', "Submitted"), ('published', "Published"),
         ('suspended', "Suspended"), ('ended', "Ended")],
        "Status", required=True, default='draft', copy=False, tracking=True, index=True)
    submitted_date = fields.Date("Submitted On", copy=False, tracking=True)
    published_date = fields.Date("Published On", copy=False, tracking=True)
    record_key = fields.Char("Key in the Database", copy=False, tracking=True)
    country_ids = fields.Many2many(
        'res.country', string="Countries", help="Where it is made available; EU: Member States.")
    distribution_start = fields.Date("On the Market From", tracking=True)
    distribution_end = fields.Date("Distribution Ended On", tracking=True)
    note = fields.Text()

    # from when UDI is due
    listed_rule_ids = fields.Many2many(
        'med.udi.due.rule', string="On the Lists of",
        domain="[('jurisdiction_id', '=', jurisdiction_id), ('condition', '=', 'listed')]",
        help="Rules that hold for the kinds of devices of an annex, when this device is one of "
             "them.")
    udi_due_date = fields.Date(
        "UDI Due For Devices Made From", compute='_compute_due_dates', store=True, index=True)
    data_due_date = fields.Date("Data Due From", compute='_compute_due_dates', store=True)
    direct_mark_due_date = fields.Date(
        "Mark on the Device Due From", compute='_compute_due_dates', store=True)

    # what the responsible has been told
    noticed_date = fields.Date("Expiry Announced", readonly=True, copy=False,
                               help="The end of validity for which there was a to-do already.")

    _validity = models.Constraint(
        'CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)',
        "A registration cannot end before it begins.")
    _distribution = models.Constraint(
        'CHECK (distribution_end IS NULL OR distribution_start IS NULL'
        ' OR distribution_end >= distribution_start)',
        "Distribution cannot end before it begins.")

    @api.depends('jurisdiction_id')
    def _compute_database(self):
        for registration in self:
            registration.database = self._get_database(registration.jurisdiction_id)

    @api.model
    def _get_database(self, jurisdiction):
        return {'CN': 'nmpa', 'US': 'gudid', 'EU': 'eudamed'}.get(jurisdiction.code, 'other')

    @api.depends(
        'jurisdiction_id', 'device_class', 'listed_rule_ids', 'company_id', 'di_id.device_kind',
        'di_id.implantable', 'di_id.life_supporting', 'di_id.single_use')
    def _compute_due_dates(self):
        rules = self.env['med.udi.due.rule'].sudo().with_context(active_test=True).search(
            [('jurisdiction_id', 'in', self.jurisdiction_id.ids)]).grouped('jurisdiction_id')
        duties = {'udi_due_date': ('both', 'label'), 'data_due_date': ('both', 'database'),
                  'direct_mark_due_date': ('direct_mark',)}
        for registration in self:
            # without a class nobody can tell which rule holds
            holding = [rule for rule in rules.get(registration.jurisdiction_id, ())
                       if registration.device_class and rule._holds_for(registration)]
            for name, kinds in duties.items():
                registration[name] = min(
                    (rule.due_date for rule in holding if rule.duty in kinds), default=False)

    @api.depends('registrant_id')
    def _compute_registrant_name(self):
        for registration in self:
            registration.registrant_name = (
                registration.registrant_name or registration.registrant_id.name)

    @api.depends('jurisdiction_id.code', 'number', 'di_id.name')
    def _compute_display_name(self):
        for registration in self:
            registration.display_name = ' · '.join(filter(None, (
                registration.jurisdiction_id.code,
                registration.number or registration.di_id.name)))

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        for jurisdiction, rows in registrations.grouped('jurisdiction_id').items():
            rows.di_id.filtered(lambda di, it=jurisdiction: it not in di.market_ids).write(
                {'market_ids': [fields.Command.link(jurisdiction.id)]})
        return registrations

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(registration.state != 'draft' for registration in self):
            raise UserError(self.env._(
                "A registration that was submitted is kept: set it to Ended, or archive it."))

    def action_submit(self):
        """Say that the data have been submitted; return True."""
        today = fields.Date.context_today(self)
        for registration in self:
            registration.write({
                'state': 'submitted', 'submitted_date': registration.submitted_date or today})
        return True

    def action_publish(self):
        """Say that the database shows the data; return True."""
        today = fields.Date.context_today(self)
        for registration in self:
            registration.write({
                'state': 'published', 'published_date': registration.published_date or today})
        return True

    def action_end(self):
        """Say that the device is no longer registered on the market; return True."""
        self.write({'state': 'ended'})
        return True

    # ------------------------------------------------------------------ what runs out

    @api.model
    def _get_notice_days(self):
        """Return how many days ahead the end of a registration is announced."""
        return int(self.env['ir.config_parameter'].sudo().get_param(
            'med_traceability.udi_registration_notice_days', 270))

    @api.model
    def _cron_expiring(self):
        """Tell regulatory affairs of registrations that run out, once for each end date."""
        today = fields.Date.context_today(self)
        expiring = self.search([
            ('date_to', '<=', fields.Date.add(today, days=self._get_notice_days())),
            ('state', '!=', 'ended'), ('di_id.state', '!=', 'retired')])
        for registration in expiring.filtered(lambda it: it.noticed_date != it.date_to):
            user = registration.di_id._get_responsible()
            if not user:
                continue
            registration.activity_schedule(
                'med_traceability.mail_activity_type_udi_renewal', user_id=user.id,
                date_deadline=registration.date_to)
            registration.noticed_date = registration.date_to
