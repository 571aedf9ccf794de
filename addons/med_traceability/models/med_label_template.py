import base64
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.label import SYMBOLOGIES as KINDS
from ..tools.label import LabelError, modules_of, render
from ..tools.label.symbology import DOTS
from .med_label_permit import is_permitted, permit
from .med_label_symbol_rule import SYMBOLOGIES

DPI = [('203', "203 dpi (8 dots/mm)"), ('300', "300 dpi"), ('600', "600 dpi")]
ISSUERS = {
    'gs1': ('gs1_datamatrix', 'gs1_128'), 'hibcc': ('datamatrix', 'code128', 'qr'),
    'iccbba': ('datamatrix', 'code128'), 'ma': ('datamatrix', 'code128', 'qr'),
}
"""Symbologies in which a code of each issuer may be printed."""

OWN = {'state', 'version', 'previous_id', 'author_ids', 'approver_id', 'approved_date', 'preview'}
FREE = {'active', 'sequence', 'message_follower_ids', 'activity_ids', 'message_ids'}
"""Fields that may change whatever the status."""


class MedLabelTemplate(models.Model):
    """What stands on a label, where and how large, for one market and level of packaging.

    An approved version never changes: a change is the next version, approved by somebody who did
    not work on it (QMSR-45, ISO 13485, 7.5.1).
    """

    _name = 'med.label.template'
    _description = 'Label Template'
    _inherit = ['mail.thread']
    _order = 'name, version desc, id desc'

    name = fields.Char(required=True, tracking=True, index='trigram')
    active = fields.Boolean(default=True, tracking=True)
    version = fields.Integer(default=1, required=True, readonly=True, copy=False)
    state = fields.Selection(
        [('draft', "Draft"), ('approved', "Approved"), ('retired', "Replaced or Withdrawn")],
        "Status", default='draft', required=True, readonly=True, copy=False, tracking=True,
        index=True)
    previous_id = fields.Many2one(
        'med.label.template', "Previous Version", readonly=True, copy=False, ondelete='restrict',
        index='btree_not_null')
    company_id = fields.Many2one(
        'res.company', index=True, default=lambda self: self.env.company,
        help="Only this company; empty for every company.")
    jurisdiction_id = fields.Many2one(
        'med.jurisdiction', "Market", required=True, ondelete='restrict', index=True,
        tracking=True, help="Registration and licence are those of this market.")
    level = fields.Selection(
        [('unit', "Base package"), ('inner', "Inner package"), ('case', "Case"),
         ('pallet', "Pallet")], "Package Level", required=True, default='unit', tracking=True)
    lang = fields.Selection(
        lambda self: self.env['res.lang'].get_installed(), "Language", required=True,
        default=lambda self: self.env.lang or 'en_US', tracking=True,
        help="Language of the product's name and of the statements.")
    width = fields.Float("Width (mm)", digits=(6, 2), required=True, default=70, tracking=True)
    height = fields.Float("Height (mm)", digits=(6, 2), required=True, default=45, tracking=True)
    margin = fields.Float("Margin (mm)", digits=(6, 2), required=True, default=1.5, tracking=True)
    dpi = fields.Selection(DPI, "Printer", required=True, default='300', tracking=True)
    symbology = fields.Selection(
        SYMBOLOGIES, "Symbol", required=True, default='gs1_datamatrix', tracking=True)
    module = fields.Float(
        "Module (mm)", digits=(6, 3), tracking=True,
        help="Width of a module or narrow bar; empty for the smallest that is allowed. It is "
             "rounded up to whole dots of the printer.")
    bar_height = fields.Float(
        "Height of Bars (mm)", digits=(6, 2), tracking=True,
        help="Of a linear symbol; empty for the least that is allowed.")
    place = fields.Selection(
        [('left', "Left"), ('right', "Right"), ('below', "Below")], "Place of the Symbol",
        required=True, compute='_compute_place', store=True, readonly=False, precompute=True,
        tracking=True)
    hri_size = fields.Float(
        "Size of the Readable Code (pt)", digits=(6, 1), required=True, default=6.0,
        tracking=True)
    item_ids = fields.One2many('med.label.template.item', 'template_id', "Content", copy=True)
    sample_di_id = fields.Many2one(
        'med.udi.di', "Device for the Sample", ondelete='restrict', index='btree_not_null',
        domain="[('level', '=', level), ('state', '!=', 'retired')]",
        help="The preview and the approval show the label of this device.")
    preview = fields.Binary("Sample", attachment=True, readonly=True, copy=False)
    author_ids = fields.Many2many(
        'res.users', 'med_label_template_author_rel', string="Worked on By", readonly=True,
        copy=False)
    approver_id = fields.Many2one('res.users', "Approved By", readonly=True, copy=False)
    approved_date = fields.Datetime("Approved On", readonly=True, copy=False)
    note = fields.Text()
    job_count = fields.Integer(compute='_compute_job_count')

    _sizes = models.Constraint(
        'CHECK (width >= 5 AND width <= 300 AND height >= 5 AND height <= 300 AND margin >= 0'
        ' AND margin < 20 AND module >= 0 AND bar_height >= 0 AND hri_size >= 4)',
        "A label is 5 to 300 mm wide and high, its margin below 20 mm, its text at least 4 pt.")

    @api.depends('symbology')
    def _compute_place(self):
        for template in self:
            linear = template.symbology in KINDS and KINDS[template.symbology].linear
            if linear or template.place in (False, 'below'):
                template.place = 'below' if linear else 'left'

    def _compute_job_count(self):
        counts = dict(self.env['med.label.job']._read_group(
            [('template_id', 'in', self.ids)], ['template_id'], ['__count']))
        for template in self:
            template.job_count = counts.get(template, 0)

    @api.depends('name', 'version')
    def _compute_display_name(self):
        for template in self:
            template.display_name = f'{template.name} · v{template.version}'

    # ------------------------------------------------------------------ versions are kept

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        for template in templates:
            if not is_permitted(template.previous_id or template) and (
                    template.state != 'draft' or template.version != 1 or template.previous_id
                    or template.approver_id or template.approved_date or template.preview):
                raise UserError(self.env._(
                    "A label template begins as a draft of its first version."))
        with permit(templates):
            templates.write({'author_ids': [fields.Command.link(self.env.uid)]})
        return templates

    def write(self, vals):
        if is_permitted(self):
            return super().write(vals)
        if vals.keys() & OWN:
            raise UserError(self.env._(
                "The status of a label template changes by its buttons only."))
        if vals.keys() - FREE:
            self._check_draft()
            self._note_author()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_draft()
        if self.env['med.label.job'].sudo().search_count(
                [('template_id', 'in', self.ids)], limit=1):
            raise UserError(self.env._("A template that was used is kept: withdraw it."))

    def _check_draft(self):
        for template in self:
            if template.state != 'draft':
                raise UserError(self.env._(
                    "%s has been approved and cannot be changed: make the next version.",
                    template.display_name))

    def _note_author(self):
        """Remember who worked on the template, and that the sample shown is not this content."""
        with permit(self):
            self.write({'author_ids': [fields.Command.link(self.env.uid)], 'preview': False})

    # ------------------------------------------------------------------ what people do

    def action_preview(self):
        """Draw the label of the sample device; return True.

        :raises UserError: it cannot be drawn; the sentence says why
        """
        self.check_access('read')
        for template in self:
            if template.state != 'draft':
                continue
            template.check_access('write')
            made = template._render([template._prepare_sample()], preview=True)
            with permit(template):
                template.preview = base64.b64encode(made.preview)
        return True

    def action_approve(self):
        """Put a draft into force, in place of the version before it; return True.

        :raises AccessError: not of regulatory affairs or quality assurance
        :raises UserError: the user worked on it, or it cannot be drawn
        """
        self._check_approver()
        for template in self:
            template.lock_for_update()
            template._check_draft()
            if self.env.user in template.author_ids:
                raise UserError(self.env._(
                    "You worked on %s: another person approves it.", template.display_name))
            template._check_content()
            made = template._render([template._prepare_sample()], preview=True)
            older = template.previous_id
            with permit(template | older):
                template.sudo().write({
                    'state': 'approved', 'approver_id': self.env.uid,
                    'approved_date': fields.Datetime.now(),
                    'preview': base64.b64encode(made.preview)})
                older.filtered(lambda old: old.state == 'approved').sudo().state = 'retired'
        return True

    def action_new_version(self):
        """Open the next version of one approved template, as a draft; return its form."""
        self.ensure_one()
        self.check_access('write')
        if self.state == 'draft':
            raise UserError(self.env._("%s is a draft: change it.", self.display_name))
        open_draft = self.search([('previous_id', '=', self.id), ('state', '=', 'draft')], limit=1)
        if not open_draft:
            with permit(self):
                open_draft = self.copy({
                    'name': self.name, 'version': self.version + 1, 'previous_id': self.id})
        return open_draft._get_form()

    def action_withdraw(self):
        """End the use of approved templates; return True."""
        self._check_approver()
        for template in self.filtered(lambda template: template.state == 'approved'):
            with permit(template):
                template.sudo().state = 'retired'
        return True

    def action_view_jobs(self):
        """Return the jobs that use or used this version."""
        self.ensure_one()
        return {**self.env['ir.actions.act_window']._for_xml_id(
            'med_traceability.med_label_job_action'), 'domain': [('template_id', '=', self.id)]}

    def _get_form(self):
        return {'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id,
                'view_mode': 'form', 'views': [(False, 'form')]}

    def _check_approver(self):
        if not (self.env.user.has_group('med_base.med_base_group_regulatory')
                or self.env.user.has_group('med_base.med_base_group_qa')):
            raise AccessError(self.env._(
                "Label templates are approved by regulatory affairs or quality assurance."))
        self.check_access('read')

    def _check_content(self):
        """Raise unless the template says what a label must say."""
        if not KINDS[self.symbology].linear and 'udi' not in self.item_ids.mapped('content'):
            raise UserError(self.env._(
                "The code must stand beside the symbol in readable form (21 CFR 801.40): add the "
                "content \"Readable code\"."))
        self.item_ids._check_text()

    # ------------------------------------------------------------------ drawing

    @api.model
    def _render(self, labels, preview=False, timeout=120):
        """Draw prepared labels; raise UserError with a sentence where that fails."""
        try:
            return render(labels, preview=preview, timeout=timeout)
        except LabelError as error:
            raise UserError(self._label_sentence(error)) from error

    @api.model
    def _label_sentence(self, error):
        """Return what a LabelError means for the person who made the template."""
        _, facts = self.env._, error.facts
        return {
            'no_font': _("The font %(name)s is not installed on the server.", **facts)
            if error.code == 'no_font' else '',
            'glyph': _("The font has no character %(character)s.", **facts)
            if error.code == 'glyph' else '',
            'text_wide': _(
                "\"%(text)s\" needs %(needed)s mm and has %(room)s mm: it is never cut. Make the "
                "label wider, the text smaller, or give it a row of its own.", **facts)
            if error.code == 'text_wide' else '',
            'text_high': _(
                "The text is %(needed)s mm too high: it is never cut. Make the label higher, the "
                "text smaller, or leave something out.", **facts)
            if error.code == 'text_high' else '',
            'symbol_wide': _(
                "The symbol needs %(needed)s mm in width with its quiet zone, and has %(room)s "
                "mm.", **facts) if error.code == 'symbol_wide' else '',
            'symbol_high': _(
                "The symbol needs %(needed)s mm in height with its quiet zone, and has %(room)s "
                "mm.", **facts) if error.code == 'symbol_high' else '',
            'encode': _("The code %(data)s cannot be put into this symbol (%(reason)s).", **facts)
            if error.code == 'encode' else '',
        }.get(error.code) or _("The labels could not be made (%s).", error)

    def _get_module(self, dpi=None, rule=None):
        """Return the module in mm for a printer: whole dots, as the rule and the template want.

        :param rule: the rule for the symbol, where the caller has it
        :raises UserError: it would be outside the limits of the rule
        """
        rule = rule or self.env['med.label.symbol.rule']._med_rule(self.symbology)
        dpi = int(dpi or self.dpi)
        module = modules_of(max(rule.module_min, self.module), dpi) / DOTS[dpi]
        if module > rule.module_max + 0.0005:
            raise UserError(self.env._(
                "A module of %(module).3f mm at %(dpi)s dpi is above the largest that is allowed, "
                "%(maximum).3f mm (%(clause)s).", module=module, dpi=dpi,
                maximum=rule.module_max, clause=rule.source))
        return module

    def _prepare_symbol(self, udi, dpi, rule):
        """Return the symbol of one label, as ``tools.label`` wants it."""
        rule = rule or self.env['med.label.symbol.rule']._med_rule(self.symbology)
        gs1 = KINDS[self.symbology].gs1
        if gs1 != (udi.issuer == 'gs1') or self.symbology not in ISSUERS[udi.issuer]:
            raise UserError(self.env._(
                "%(template)s prints another kind of code than the device identifier has: choose "
                "a template for it.", template=self.display_name))
        return {
            'symbology': self.symbology, 'code': udi.code, 'minimum': self._get_module(dpi, rule),
            'height': max(rule.height_min, self.bar_height), 'place': self.place,
            'hri_size': self.hri_size, 'hri': self._get_readable(udi),
            'elements': [[element.key, element.text] for element in udi.elements] if gs1 else [],
        }

    @api.model
    def _get_readable(self, udi):
        """Return the readable form in the parts that a line may end between."""
        if udi.issuer == 'gs1':
            return [f'({element.key}){element.text}' for element in udi.elements]
        parts = udi.hri.split('/')
        return [f'/{part}' if number else part for number, part in enumerate(parts)]

    def _prepare_label(self, di, udi, values, dpi=None, copies=1, rule=None):
        """Return one label as ``tools.label`` wants it.

        :param di: the device identifier whose data the label shows
        :param udi: ``tools.udi.Udi`` that the symbol holds
        :param dict values: ``lot``, ``serial``, ``expiry``, ``manufactured``: texts, dates in ISO
        :param rule: the rule for the symbol, where the caller has it
        :raises UserError: the template asks for something that is not known
        """
        self.ensure_one()
        dpi = int(dpi or self.dpi)
        return {
            'width': self.width, 'height': self.height, 'margin': self.margin, 'dpi': dpi,
            'copies': copies, 'symbol': self._prepare_symbol(udi, dpi, rule),
            'items': [row for item in self.item_ids
                      for row in item.with_context(lang=self.lang)._prepare_items(di, values)],
        }

    def _prepare_sample(self):
        """Return the label of the sample device, with a lot made up."""
        from ..tools.scan import lot_elements
        from ..tools.udi import UdiError, build, parse
        di = self.sample_di_id
        if not di:
            raise UserError(self.env._("Choose a device for the sample."))
        year = date.today().year
        known = {
            'lot': 'SAMPLE-LOT' if di.pi_lot else '', 'serial': 'SAMPLE01' if di.pi_serial else '',
            'expiry': date(year + 3, 11, 30) if di.pi_expiry else None,
            'manufactured': date(year, 1, 2) if di.pi_manufactured else None}
        try:
            udi = parse(build(di.issuer, lot_elements(
                di.issuer, di.name, {key: value for key, value in known.items() if value})))
        except UdiError as error:
            raise UserError(self.env._("No sample can be made of %(di)s: %(reason)s",
                                       di=di.name, reason=error.reason)) from error
        return self._prepare_label(di, udi, {
            'lot': known['lot'] or 'SAMPLE-LOT', 'serial': known['serial'],
            'expiry': (known['expiry'] or date(year + 3, 11, 30)).isoformat(),
            'manufactured': (known['manufactured'] or date(year, 1, 2)).isoformat()})
