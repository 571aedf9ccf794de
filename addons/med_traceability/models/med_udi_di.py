from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

MAX_QUANTITY = 2**31 - 1


class MedUdiDi(models.Model):
    """A device identifier (DI): the number of one model of a device at one level of packaging.

    A number is given once, for ever, over all companies (CN-UDI-4): records are never deleted, and
    the number and product of an active or retired one never change. The data are the elements of
    YY/T 1752, of GUDID and of Annex VI, parts A and B, of Regulation (EU) 2017/745.
    """

    _name = 'med.udi.di'
    _description = 'Device Identifier'
    _inherit = ['med.udi.number.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'name'
    _rec_names_search = [
        'name', 'trade_name', 'version_model', 'catalogue_number', 'alias_ids.name']
    _check_company_auto = True

    # which device, at which level of packaging
    issuer = fields.Selection(tracking=True)
    name = fields.Char("Device Identifier", tracking=True)
    state = fields.Selection(
        [('draft', "Draft"), ('active', "Active"), ('retired', "Retired")],
        "Status", required=True, default='draft', copy=False, tracking=True, index=True)
    active = fields.Boolean(default=True, tracking=True)
    product_id = fields.Many2one(
        'product.product', "Product", index=True, ondelete='restrict', check_company=True,
        compute='_compute_product_id', store=True, readonly=False, precompute=True,
        recursive=True, tracking=True)
    company_id = fields.Many2one(
        'res.company', "Company", index=True, compute='_compute_company_id', store=True,
        readonly=False, precompute=True, help="Only this company; empty for every company.")
    market_ids = fields.Many2many(
        'med.jurisdiction', string="Markets",
        default=lambda self: self.env.company.sudo().med_jurisdiction_ids,
        help="Where the device is, or is to be, placed on the market: what is asked there is "
             "missing until it is filled in.")
    market_codes = fields.Char("Markets (Codes)", compute='_compute_market_codes')
    level = fields.Selection(
        [('unit', "Base package"), ('inner', "Inner package"), ('case', "Case"),
         ('pallet', "Pallet")],
        "Package Level", required=True, default='unit', tracking=True,
        help="Base package: the smallest that is sold. The others contain packages that have "
             "device identifiers of their own.")
    contains_id = fields.Many2one(
        'med.udi.di', "Contains", index='btree_not_null', ondelete='restrict', tracking=True,
        copy=False, check_company=True, domain="[('id', '!=', id)]")
    contained_quantity = fields.Integer("Contained Quantity", tracking=True, copy=False)
    package_ids = fields.One2many('med.udi.di', 'contains_id', "Packed In")
    base_id = fields.Many2one(
        'med.udi.di', "Base Package", compute='_compute_base', store=True, recursive=True,
        index='btree_not_null')
    base_quantity = fields.Integer(
        "Base Packages", compute='_compute_base', store=True, recursive=True,
        help="How many base packages this package holds.")
    device_count = fields.Integer(
        "Units in Base Package", default=1, tracking=True,
        help="How many devices one base package holds; those have a unit-of-use identifier, if "
             "any, among the further identifiers.")
    basic_id = fields.Many2one(
        'med.udi.basic', "Basic UDI-DI", index='btree_not_null', ondelete='restrict',
        check_company=True, tracking=True)
    alias_ids = fields.One2many('med.udi.alias', 'di_id', "Further Identifiers")

    # production identifiers that the label bears
    pi_lot = fields.Boolean("Lot", tracking=True)
    pi_serial = fields.Boolean("Serial Number", tracking=True)
    pi_expiry = fields.Boolean("Expiration Date", tracking=True)
    pi_manufactured = fields.Boolean("Manufacturing Date", tracking=True)
    pi_software = fields.Boolean("Software Version", tracking=True)
    pi_donation = fields.Boolean("Donation Number", tracking=True)

    # what it is
    trade_name = fields.Char("Brand or Trade Name", tracking=True)
    version_model = fields.Char("Version or Model", tracking=True)
    catalogue_number = fields.Char("Catalogue Number", index='btree_not_null', tracking=True)
    description = fields.Text("Description", tracking=True)
    device_kind = fields.Selection(
        [('device', "Medical device"), ('ivd', "In vitro diagnostic")], "Kind of Device",
        required=True, default='device', tracking=True)
    consumable = fields.Selection(
        [('consumable', "Consumable"), ('equipment', "Equipment")], "Category", tracking=True)
    gmdn_code = fields.Char("GMDN Code", tracking=True)
    emdn_code = fields.Char("EMDN Code", tracking=True)
    fda_product_code = fields.Char("FDA Product Code", tracking=True)
    cn_category = fields.Char("NMPA Classification Code", tracking=True)
    cn_insurance_code = fields.Char("NHSA Consumables Code", tracking=True)
    kit = fields.Boolean("Kit or Set", tracking=True)
    combination = fields.Boolean("Combination Product", tracking=True)
    human_tissue = fields.Boolean("Human Cells or Tissue (HCT/P)", tracking=True)
    prescription = fields.Boolean("Prescription Use (Rx)", tracking=True)
    over_the_counter = fields.Boolean("Over the Counter (OTC)", tracking=True)

    # characteristics
    sterile = fields.Boolean("Packaged Sterile", tracking=True)
    sterilise_before_use = fields.Boolean("Sterilise before Use", tracking=True)
    sterilisation_method = fields.Char(
        "Sterilisation Method", tracking=True,
        help="How the user sterilises it, or how it was sterilised.")
    implantable = fields.Boolean("Implantable", tracking=True)
    life_supporting = fields.Boolean("Life Supporting or Sustaining", tracking=True)
    single_use = fields.Boolean("Single Use", tracking=True)
    max_reuses = fields.Integer("Maximum Number of Reuses", tracking=True)
    mri = fields.Selection(
        [('safe', "MR safe"), ('conditional', "MR conditional"), ('unsafe', "MR unsafe"),
         ('none', "No statement on the label")], "MRI Safety", tracking=True)
    latex = fields.Selection(
        [('contains', "Contains natural rubber latex"),
         ('free', "Not made with natural rubber latex"), ('none', "No statement on the label")],
        "Latex", tracking=True)
    cmr = fields.Boolean("CMR or Endocrine-Disrupting Substances", tracking=True)
    cmr_substances = fields.Char("Which Substances", tracking=True)
    critical_warnings = fields.Text("Critical Warnings or Contra-indications", tracking=True)
    characteristics_confirmed = fields.Boolean(
        "Boxes Compared with the Label", tracking=True, copy=False,
        help="Somebody responsible confirms that each box that is not ticked means \"no\", not "
             "\"not known yet\".")
    storage_ids = fields.One2many('med.udi.storage', 'di_id', "Storage and Handling", copy=True)
    size_ids = fields.One2many('med.udi.size', 'di_id', "Clinically Relevant Sizes", copy=True)

    # for users
    contact_phone = fields.Char("Customer Contact Phone", tracking=True)
    contact_email = fields.Char("Customer Contact E-mail", tracking=True)
    info_url = fields.Char("Information for Users (URL)", tracking=True)

    # on the markets, and where it came from
    registration_ids = fields.One2many('med.udi.registration', 'di_id', "Registrations")
    previous_id = fields.Many2one(
        'med.udi.di', "Replaces", index='btree_not_null', ondelete='restrict', copy=False,
        tracking=True, help="The device identifier of the device before it was changed.")
    next_ids = fields.One2many('med.udi.di', 'previous_id', "Replaced By")
    relabelled_from_id = fields.Many2one(
        'med.udi.di', "Relabelled From", index='btree_not_null', ondelete='restrict', copy=False,
        tracking=True,
        help="The device identifier that another labeler had given it (21 CFR 830.60).")
    relabelled_ids = fields.One2many('med.udi.di', 'relabelled_from_id', "Relabelled As")

    _name_uniq = models.Constraint(
        'UNIQUE (issuer, name)',
        "This device identifier has been given already. It is never given again, also when the "
        "old one is retired or archived, or belongs to another company.")
    _gs1_canonical = models.Constraint(
        "CHECK (issuer != 'gs1' OR name ~ '^[0-9]{14}$')",
        "A device identifier of GS1 is kept as the 14 digits of its GTIN.")
    _contains_quantity = models.Constraint(
        'CHECK (contained_quantity >= 0 AND device_count >= 0 AND max_reuses >= 0)',
        "A quantity is not negative.")
    _unit_contains_nothing = models.Constraint(
        "CHECK (level != 'unit' OR (contains_id IS NULL AND contained_quantity = 0))",
        "A base package contains no other package: choose another package level.")
    _package_quantity = models.Constraint(
        'CHECK (contains_id IS NULL OR contained_quantity > 0)',
        "Say how many packages this package contains.")

    # ------------------------------------------------------------------ what follows

    @api.depends('contains_id.product_id')
    def _compute_product_id(self):
        for di in self:
            di.product_id = di.product_id or di.contains_id.product_id

    @api.depends('product_id.company_id')
    def _compute_company_id(self):
        for di in self:
            di.company_id = di.product_id.company_id or di.company_id

    @api.depends('level', 'contained_quantity', 'contains_id.base_quantity', 'contains_id.base_id')
    def _compute_base(self):
        for di in self:
            if di.level == 'unit':
                di.base_id, di.base_quantity = di, 1
            else:
                di.base_id = di.contains_id.base_id
                di.base_quantity = di.contained_quantity * di.contains_id.base_quantity

    @api.depends('market_ids.code')
    def _compute_market_codes(self):
        for di in self:
            di.market_codes = ', '.join(di.market_ids.mapped('code'))

    @api.depends('name', 'trade_name', 'product_id.display_name')
    def _compute_display_name(self):
        for di in self:
            what = di.trade_name or di.product_id.display_name
            di.display_name = f'{di.name} · {what}' if what else di.name or ''

    # ------------------------------------------------------------------ the number is kept

    def write(self, vals):
        self._check_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._(
            "Device identifiers are not deleted, so that a number is never given again: retire or "
            "archive them."))

    def _check_kept(self, vals):
        """Raise when a change would make a number mean another device."""
        for di in self.filtered(lambda di: di.state != 'draft'):
            if vals.get('state') == 'draft':
                raise UserError(self.env._(
                    "%s was in use and cannot be a draft again: retire it.", di.name))
            if any(di[name] and vals.get(name, di[name]) != di[name] for name in ('issuer', 'name')
                   ) or di.product_id and vals.get('product_id', di.product_id.id) != (
                       di.product_id.id):
                raise UserError(self.env._(
                    "%(di)s is in use or was: its number and product stay for ever. Make a new "
                    "device identifier instead.", di=di.name))

    # ------------------------------------------------------------------ what must fit

    @api.constrains('issuer', 'name')
    def _check_unused(self):
        by_key = {(di.issuer, di.name): di for di in self}
        for alias in self.env['med.udi.alias'].sudo().search([('name', 'in', self.mapped('name'))]):
            di = by_key.get((alias.issuer, alias.name))
            if di and alias.di_id != di:
                raise ValidationError(self.env._(
                    "%s is a further identifier of another device.", di.name))

    @api.constrains('contains_id', 'contained_quantity', 'level')
    def _check_packages(self):
        if self._has_cycle('contains_id'):
            raise ValidationError(self.env._("A package cannot contain itself, not even inside "
                                             "another one."))
        for di in self:
            if di.base_quantity > MAX_QUANTITY:
                raise ValidationError(self.env._(
                    "%s would hold more base packages than can be counted.", di.name))

    @api.constrains('previous_id', 'relabelled_from_id')
    def _check_descent(self):
        for name in ('previous_id', 'relabelled_from_id'):
            if self._has_cycle(name):
                raise ValidationError(self.env._(
                    "A device identifier cannot be its own predecessor."))

    @api.constrains('state', 'product_id', 'level', 'contains_id')
    def _check_active(self):
        """What is in use names its product and, as a package, what it contains."""
        for di in self.filtered(lambda di: di.state == 'active'):
            if not di.product_id:
                raise ValidationError(self.env._(
                    "%s cannot be active: say which product it identifies.", di.name))
            if di.level != 'unit' and not di.contains_id:
                raise ValidationError(self.env._(
                    "%s cannot be active: say what the package contains.", di.name))
            if di.contains_id.state == 'draft':
                raise ValidationError(self.env._(
                    "%(di)s cannot be active: %(inner)s, which it contains, is a draft.",
                    di=di.name, inner=di.contains_id.name))

    # ------------------------------------------------------------------ what people do

    def action_activate(self):
        """Put drafts into use, and retired ones into use again; return True."""
        self.write({'state': 'active'})
        return True

    def action_retire(self):
        """End the use of device identifiers; their numbers stay taken. Return True."""
        if any(di.state == 'draft' for di in self):
            raise UserError(self.env._("A draft was never in use: archive it instead."))
        self.write({'state': 'retired'})
        return True

    def action_export(self):
        """Ask for the form in which to take these out."""
        export = self.env['med.udi.export'].create({'di_ids': self.ids})
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Export Device Identifiers"),
            'res_model': export._name, 'res_id': export.id, 'views': [(False, 'form')],
            'target': 'new',
        }

    def action_view_packages(self):
        """Open the packages that contain these, at whatever level."""
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Packages"),
            'res_model': 'med.udi.di', 'views': [(False, 'list'), (False, 'form')],
            'domain': [('base_id', 'in', self.base_id.ids), ('level', '!=', 'unit')],
        }

    # ------------------------------------------------------------------ what others ask

    @api.model
    def _med_find(self, udi):
        """Return the device identifier of a scanned code, or an empty recordset.

        Active ones go before retired ones and drafts; a further identifier (direct mark, unit of
        use, secondary) leads to the device that bears it. Archived ones are found too: the caller
        looks at ``state``.

        :param udi: ``tools.udi.Udi``
        """
        if not udi.di:
            return self.browse()
        key = Domain('issuer', '=', udi.issuer) & Domain('name', '=', udi.di)
        everything = self.with_context(active_test=False)
        found = everything.search(key) or everything.search(
            Domain('alias_ids', 'any', key), limit=1,
            order='active DESC, state, id')  # 'active' < 'draft' < 'retired'
        return found.with_env(self.env)
