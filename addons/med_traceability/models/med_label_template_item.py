import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.label.icons import ICONS as SHAPES

CONTENT = [
    ('product', "Product or trade name"), ('model', "Version or model"),
    ('catalogue', "Catalogue number"), ('lot', "Lot"), ('serial', "Serial number"),
    ('expiry', "Expiration date"), ('manufactured', "Manufacturing date"),
    ('udi', "Readable code"), ('statements', "Symbols of the device"),
    ('statement_words', "Statements in words"), ('storage', "Storage and handling"),
    ('warnings', "Critical warnings"), ('registration', "Registration number"),
    ('requirement', "Technical requirements number"), ('licence', "Manufacturing licence"),
    ('registrant', "Registrant or manufacturer"), ('representative', "Agent or representative"),
    ('quantity', "Contained quantity"), ('text', "Fixed text"), ('rule', "Line"),
]
ICONS = {'catalogue': 'reference', 'lot': 'lot', 'serial': 'serial', 'expiry': 'expiry',
         'manufactured': 'made', 'registrant': 'maker'}
WHOLE = ('catalogue', 'lot', 'serial', 'expiry', 'manufactured')
"""Contents that are never broken into lines: a number in two parts is another number."""
DATE = re.compile(r'\d{4}\s*[-/.年]\s*\d{1,2}|\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{2,4}')
STORAGE_ICONS = {'temperature': 'temperature', 'dry': 'dry', 'light': 'sunlight'}


class MedLabelTemplateItem(models.Model):
    """One thing that a label shows."""

    _name = 'med.label.template.item'
    _description = 'Content of a Label'
    _order = 'template_id, sequence, id'

    template_id = fields.Many2one(
        'med.label.template', required=True, ondelete='cascade', index=True)
    sequence = fields.Integer(default=10)
    content = fields.Selection(CONTENT, required=True, default='text')
    zone = fields.Selection(
        [('head', "Top"), ('beside', "Beside the symbol"), ('foot', "Bottom")], "Place",
        required=True, default='beside')
    text = fields.Char(help="Fixed text; before other contents: the words that introduce them.")
    icon = fields.Boolean(
        "Symbol", default=True, help="Introduced by the symbol of ISO 15223-1, where it has one.")
    size = fields.Float("Size (pt)", digits=(6, 1), default=7.0, required=True)
    bold = fields.Boolean()
    half = fields.Boolean("Half Row", help="Shares its row with the next half row.")
    optional = fields.Boolean(help="Left out where the device has nothing to say here; otherwise "
                                   "no label is made.")

    _size_least = models.Constraint('CHECK (size >= 4 AND size <= 72)',
                                    "The text of a label is 4 to 72 pt high.")

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.template_id._check_draft()
        items.template_id._note_author()
        return items

    def write(self, vals):
        templates = self.template_id
        templates._check_draft()
        result = super().write(vals)
        (templates | self.template_id)._check_draft()
        (templates | self.template_id)._note_author()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.template_id._check_draft()
        self.template_id._note_author()

    def _check_text(self):
        """Raise where a fixed text says what only the lot's own data may say (QMSR-45)."""
        for item in self:
            if item.text and DATE.search(item.text):
                raise UserError(self.env._(
                    "\"%s\" holds a date: dates on a label come from the lot, never from the "
                    "template.", item.text))
            if item.content == 'text' and not (item.text or '').strip():
                raise UserError(self.env._("A fixed text of the template is empty."))

    # ------------------------------------------------------------------ what it shows

    def _prepare_items(self, di, values):
        """Return what this content is on the label of a device, as ``tools.label`` wants it."""
        self.ensure_one()
        base = {'zone': self.zone, 'size': self.size, 'bold': self.bold, 'half': self.half}
        if self.content == 'rule':
            return [{**base, 'rule': True}]
        if self.content == 'udi':
            return [{**base, 'hri': True}]
        if self.content == 'statements':
            icons = self._get_icons(di)
            return [{**base, 'icons': icons}] if icons else self._get_nothing(di)
        if self.content == 'storage' and self.icon:
            icons = [[STORAGE_ICONS[row.kind], row.limits or ''] for row in di.storage_ids
                     if row.kind in STORAGE_ICONS]
            if icons:
                return [{**base, 'icons': icons}]
        text = self.text if self.content == 'text' else self._get_text(di, values)
        if not text:
            return self._get_nothing(di)
        return [{**base, 'text': str(text), 'whole': self.content in WHOLE,
                 'icon': ICONS.get(self.content) if self.icon else None,
                 'caption': (self.text or '') if self.content != 'text' else ''}]

    def _get_nothing(self, di):
        if self.optional:
            return []
        labels = dict(self._fields['content']._description_selection(
            self.with_context(lang=self.env.user.lang).env))
        raise UserError(self.env._(
            "%(template)s shows \"%(content)s\", which is not known of %(di)s: enter it, or mark "
            "the content as optional.", template=self.template_id.display_name,
            content=labels[self.content], di=di.name))

    def _get_text(self, di, values):
        """Return the text of one content, or something empty where it is not known."""
        if self.content in ('lot', 'serial', 'expiry', 'manufactured'):
            return values.get(self.content)
        return {
            'product': lambda: di.trade_name or di.product_id.with_context(
                lang=self.env.lang).name,
            'model': lambda: di.version_model,
            'catalogue': lambda: di.catalogue_number,
            'statement_words': lambda: self._get_words(di),
            'storage': lambda: '; '.join(
                row.with_context(lang=self.env.lang).display_name for row in di.storage_ids),
            'warnings': lambda: di.critical_warnings,
            'quantity': lambda: str(di.contained_quantity or di.device_count or ''),
        }.get(self.content, lambda: self._get_registered(di))()

    def _get_registered(self, di):
        """Return what the registration on the template's market says."""
        today = fields.Date.today()
        base = di.base_id or di
        found = (di.registration_ids or base.registration_ids).filtered(
            lambda row: row.jurisdiction_id == self.template_id.jurisdiction_id
            and row.state not in ('suspended', 'ended')
            and (not row.date_from or row.date_from <= today)
            and (not row.date_to or row.date_to >= today))[:1]
        agent = found.representative_id
        return {
            'registration': found.number, 'requirement': found.requirement_number,
            'licence': found.licence_number,
            'registrant': ', '.join(filter(None, (
                found.registrant_name, found.registrant_address))),
            'representative': ', '.join(filter(None, (agent.name, agent.contact_address_inline)))
            if agent else '',
        }[self.content]

    def _get_icons(self, di):
        """Return the symbols of a device, in the order in which they are drawn."""
        sterile = f"sterile_{(di.sterilisation_method or '').strip().upper()}"
        sterile = sterile if sterile in SHAPES else 'sterile'
        return [icon for icon, shown in (
            (sterile, di.sterile), ('not_sterile', di.sterilise_before_use),
            ('single_use', di.single_use), ('damaged', di.sterile),
            ('mr_safe', di.mri == 'safe'), ('mr_conditional', di.mri == 'conditional'),
            ('mr_unsafe', di.mri == 'unsafe'), ('latex', di.latex == 'contains'),
            ('instructions', True), ('device', di.device_kind == 'device'), ('udi', True),
        ) if shown]

    def _get_words(self, di):
        """Return the statements of a device in the language of the template."""
        _ = self.env._
        return ', '.join(str(word) for word, shown in (
            (_("Sterile"), di.sterile), (_("Sterilise before use"), di.sterilise_before_use),
            (_("Single use"), di.single_use), (_("Implantable"), di.implantable),
            (_("MR safe"), di.mri == 'safe'), (_("MR conditional"), di.mri == 'conditional'),
            (_("MR unsafe"), di.mri == 'unsafe'),
            (_("Contains natural rubber latex"), di.latex == 'contains'),
            (_("Not made with natural rubber latex"), di.latex == 'free')) if shown)
