from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .med_label_permit import is_permitted, permit
from .med_label_template import DPI

OWN = {
    'name', 'state', 'error', 'label_ids', 'batch_ids', 'entry_ids', 'pdf', 'zpl', 'preview',
    'pdf_digest', 'zpl_digest', 'printed_quantity', 'printer_ids', 'used_quantity',
    'destroyed_quantity', 'returned_quantity', 'difference_reason', 'reconciler_id',
    'difference_approver_id', 'inspector_id', 'inspected_date', 'closed_date', 'check_udi',
    'check_expiry', 'check_storage', 'check_handling', 'check_processing', 'inspection_note'}
"""Fields that the job's own steps write."""

CONTENT = {'product_id', 'di_id', 'lot_ids', 'production_id', 'template_id', 'dpi', 'copies',
           'company_id'}
"""Fields that a person fills in while the job is a draft."""

CHECKS = ('check_udi', 'check_expiry', 'check_storage', 'check_handling', 'check_processing')


class MedLabelJob(models.Model):
    """Labels of some lots or serials, from their data to the last one that was used.

    1. A draft names lots, device identifier, template and printer.
    2. Every label is drawn and read back by an independent reader from its own pixels; only then
       is there anything to print.
    3. Printing is counted. The roll in hand is proved by scanning the first label, the last and a
       sample; a code that does not fit stops the job.
    4. A second person inspects the labels against the checklist of 21 CFR 820.45.
    5. Printed = used + destroyed + returned, or the difference is explained and approved by
       somebody who neither printed nor counted. Then the job closes.
    """

    _name = 'med.label.job'
    _description = 'Label Job'
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _check_company_auto = True
    _order = 'id desc'

    name = fields.Char("Reference", default=lambda self: self.env._("New"), copy=False,
                       readonly=True, required=True, index='trigram')
    state = fields.Selection([
        ('draft', "Draft"), ('rendering', "Being Made"), ('ready', "Ready to Print"),
        ('printed', "Printed"), ('stopped', "Stopped"), ('proved', "Proved"),
        ('closed', "Closed"), ('cancelled', "Cancelled")],
        "Status", default='draft', required=True, readonly=True, copy=False, tracking=True,
        index=True)
    company_id = fields.Many2one('res.company', required=True, index=True,
                                 default=lambda self: self.env.company)
    product_id = fields.Many2one(
        'product.product', "Product", required=True, check_company=True, ondelete='restrict',
        index=True, domain="[('tracking', '!=', 'none')]")
    di_id = fields.Many2one(
        'med.udi.di', "Device Identifier", required=True, ondelete='restrict', index=True,
        compute='_compute_di_id', store=True, readonly=False, precompute=True,
        domain="[('product_id', '=', product_id), ('state', '=', 'active')]")
    level = fields.Selection(related='di_id.level')
    lot_ids = fields.Many2many(
        'stock.lot', string="Lots or Serials", check_company=True,
        domain="[('product_id', '=', product_id)]")
    production_id = fields.Many2one(
        'mrp.production', "Manufacturing Order", check_company=True, index='btree_not_null',
        ondelete='restrict')
    template_id = fields.Many2one(
        'med.label.template', "Template", required=True, ondelete='restrict', index=True,
        check_company=True, compute='_compute_template_id', store=True, readonly=False,
        precompute=True, domain="[('state', '=', 'approved'), ('level', '=', level)]",
        tracking=True)
    dpi = fields.Selection(DPI, "Printer", required=True, compute='_compute_dpi', store=True,
                           readonly=False, precompute=True)
    copies = fields.Integer(
        "Copies of Each", default=1, required=True,
        help="Labels of each serial, or of the lot.")
    quantity = fields.Integer("Labels", compute='_compute_quantity')
    done_count = fields.Integer("Read Back", compute='_compute_progress')
    progress = fields.Integer(compute='_compute_progress', help="In percent.")
    error = fields.Char(readonly=True, copy=False)
    label_ids = fields.One2many('med.label', 'job_id', "Labels of the Job", readonly=True)
    batch_ids = fields.One2many('med.label.batch', 'job_id', readonly=True)
    entry_ids = fields.One2many('med.label.entry', 'job_id', "Entries", readonly=True)
    pdf = fields.Binary(attachment=True, readonly=True, copy=False, groups=fields.NO_ACCESS)
    zpl = fields.Binary(attachment=True, readonly=True, copy=False, groups=fields.NO_ACCESS)
    pdf_digest = fields.Char("SHA-256 of the PDF", readonly=True, copy=False)
    zpl_digest = fields.Char("SHA-256 of the ZPL", readonly=True, copy=False)
    preview = fields.Binary("First Label", attachment=True, readonly=True, copy=False)

    # the roll in hand
    due_count = fields.Integer("Scans Left", compute='_compute_due_count')

    # inspection (21 CFR 820.45)
    check_udi = fields.Boolean("Unique device identifier correct", readonly=True, copy=False)
    check_expiry = fields.Boolean("Expiration date correct", readonly=True, copy=False)
    check_storage = fields.Boolean("Storage instructions correct", readonly=True, copy=False)
    check_handling = fields.Boolean("Handling instructions correct", readonly=True, copy=False)
    check_processing = fields.Boolean("Processing instructions correct", readonly=True,
                                      copy=False)
    inspection_note = fields.Char(readonly=True, copy=False)
    inspector_id = fields.Many2one('res.users', "Inspected By", readonly=True, copy=False,
                                   tracking=True)
    inspected_date = fields.Datetime("Inspected On", readonly=True, copy=False)

    # reconciliation
    printed_quantity = fields.Integer("Printed", readonly=True, copy=False)
    printer_ids = fields.Many2many(
        'res.users', 'med_label_job_printer_rel', string="Printed By", readonly=True, copy=False)
    used_quantity = fields.Integer("Used", readonly=True, copy=False)
    destroyed_quantity = fields.Integer("Destroyed", readonly=True, copy=False)
    returned_quantity = fields.Integer("Returned", readonly=True, copy=False)
    difference = fields.Integer(compute='_compute_difference')
    difference_reason = fields.Char("Explanation of the Difference", readonly=True, copy=False)
    reconciler_id = fields.Many2one('res.users', "Counted By", readonly=True, copy=False)
    difference_approver_id = fields.Many2one(
        'res.users', "Difference Approved By", readonly=True, copy=False, tracking=True)
    closed_date = fields.Datetime("Closed On", readonly=True, copy=False)

    _copies_positive = models.Constraint(
        'CHECK (copies > 0 AND copies <= 100000)', "Between 1 and 100,000 copies of a label.")
    _counts = models.Constraint(
        'CHECK (used_quantity >= 0 AND destroyed_quantity >= 0 AND returned_quantity >= 0)',
        "A number of labels is not negative.")

    # ------------------------------------------------------------------ computed

    @api.depends('product_id')
    def _compute_di_id(self):
        for job in self:
            if not job.di_id or job.di_id.product_id != job.product_id:
                job.di_id = job.product_id.med_di_ids.filtered(
                    lambda di: di.state == 'active').sorted(
                        lambda di: (di.level != 'unit', -di.id or 0))[:1]

    @api.depends('di_id')
    def _compute_template_id(self):
        for job in self:
            if not job.template_id or job.template_id.level != job.di_id.level:
                job.template_id = job._find_template()

    def _find_template(self):
        """Return the approved template that fits device identifier and company best."""
        self.ensure_one()
        company = self.company_id or self.env.company
        found = self.env['med.label.template'].search([
            ('state', '=', 'approved'), ('level', '=', self.di_id.level),
            ('company_id', 'in', [False, company.id]),
            ('jurisdiction_id', 'in', (self.di_id.market_ids
                                       or self.di_id.registration_ids.jurisdiction_id).ids),
        ], order='company_id, version desc, id desc')
        return (found.filtered(lambda row: row.sample_di_id == self.di_id) or found)[:1]

    @api.depends('template_id')
    def _compute_dpi(self):
        for job in self:
            job.dpi = job.template_id.dpi or job.dpi or '300'

    @api.depends('copies', 'lot_ids', 'label_ids')
    def _compute_quantity(self):
        for job in self:
            rows = len(job.label_ids) or (
                len(job.lot_ids) if job.di_id.pi_serial else min(1, len(job.lot_ids)))
            job.quantity = rows * job.copies

    @api.depends('label_ids.digest')
    def _compute_progress(self):
        done = dict(self.env['med.label']._read_group(
            [('job_id', 'in', self.ids), ('digest', '!=', False)], ['job_id'], ['__count']))
        for job in self:
            job.done_count = done.get(job, 0)
            job.progress = 100 * job.done_count // (len(job.label_ids) or 1)

    @api.depends('label_ids.due')
    def _compute_due_count(self):
        for job in self:
            job.due_count = sum(job.label_ids.mapped('due'))

    @api.depends('printed_quantity', 'used_quantity', 'destroyed_quantity', 'returned_quantity')
    def _compute_difference(self):
        for job in self:
            job.difference = job.printed_quantity - (
                job.used_quantity + job.destroyed_quantity + job.returned_quantity)

    # ------------------------------------------------------------------ the record is kept

    @api.model_create_multi
    def create(self, vals_list):
        jobs = super().create([
            {**{key: value for key, value in vals.items() if key not in OWN},
             'name': self._next_name(vals)} for vals in vals_list])
        # What came in by defaults of the caller's context is undone, whatever it says.
        blank = OWN - {'name', 'state'}
        for job in jobs.sudo():
            if job.state != 'draft' or any(job[name] for name in blank):
                raise UserError(self.env._(
                    "A label job begins as an empty draft: its steps fill it in."))
        return jobs

    def _next_name(self, vals):
        company = vals.get('company_id') or self.env.company.id
        return self.env['ir.sequence'].sudo().with_company(company).next_by_code(
            'med.label.job') or "New"

    def write(self, vals):
        if not is_permitted(self):
            if vals.keys() & OWN:
                raise UserError(self.env._(
                    "The status of a label job, and what its steps record, change by these steps "
                    "only."))
            if vals.keys() & CONTENT:
                self._check_state('draft')
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(job.state != 'draft' or job.entry_ids for job in self):
            raise UserError(self.env._("A label job that was started is kept: cancel it."))

    def _check_state(self, *states):
        names = dict(self._fields['state']._description_selection(self.env))
        for job in self:
            if job.state not in states:
                raise UserError(self.env._(
                    "%(job)s is %(state)s: this is not possible now.", job=job.name,
                    state=names[job.state]))

    def _begin_step(self, *states, groups=('operator', 'warehouse')):
        """Check the user's role and the state, and lock the job against a second person."""
        self.ensure_one()
        self.check_access('read')
        if not any(self.env.user.has_group(f'med_base.med_base_group_{group}')
                   for group in groups):
            raise AccessError(self.env._("Your role does not do this step of a label job."))
        self.lock_for_update()
        self.invalidate_recordset()
        self._check_state(*states)

    def _record(self, kind, **values):
        """Write one entry of what was done."""
        return self.env['med.label.entry'].sudo().create(
            {'job_id': self.id, 'kind': kind, 'user_id': self.env.uid, **values})

    def _write_step(self, vals):
        with permit(self):
            self.sudo().write(vals)

    def _get_text(self, name, value):
        """Return a text argument without blanks at its ends; raise where there is none."""
        if not isinstance(value, str) or not value.strip():
            raise UserError(self.env._("The %(name)s must be a text, and not empty.", name=name))
        return value.strip()[:1000]

    def _get_number(self, name, value, least=0):
        if isinstance(value, bool) or not isinstance(value, int) \
                or not least <= value <= 1_000_000_000:
            raise UserError(self.env._(
                "The %(name)s must be a whole number from %(least)s.", name=name, least=least))
        return value

    def _answer(self, **more):
        """Return what every public step tells."""
        return {'version': 1, 'id': self.id, 'name': self.name, 'state': self.state,
                'labels': len(self.label_ids), 'read_back': self.done_count,
                'printed': self.printed_quantity, 'scans_left': self.due_count, **more}
