from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, fields, models
from odoo.exceptions import UserError

_permitted = ContextVar('med_repack_permitted', default=frozenset())
"""Ids of the documents being posted or cancelled right now. Not a context key: a caller over RPC
chooses those."""

OWN = {'name', 'state', 'date_done', 'user_id', 'scrap_ids', 'move_ids'}
"""Fields that the document itself writes when it is made, posted or cancelled."""

CONTENT = {'kind', 'reason', 'company_id', 'location_id', 'input_ids', 'output_ids'}
"""Fields that a person fills in while the document is a draft."""


class MedRepack(models.Model):
    """Lots that become other lots without being manufactured: repacked, relabelled, split, merged.

    A draft lists what is taken (inputs) and what it becomes (outputs). Posting moves the stock,
    input to production and production to output, in one genealogy event of its kind, and fixes
    the document: no role can change it afterwards (REQUIREMENTS T6, T7, TRC-1).
    """

    _name = 'med.repack'
    _description = 'Repack and Relabel'
    _inherit = ['mail.thread']
    _check_company_auto = True
    _order = 'id desc'

    name = fields.Char("Reference", default=lambda self: self.env._("New"), copy=False,
                       readonly=True, required=True, index='trigram')
    kind = fields.Selection(
        [('repack', "Repack"), ('relabel', "Relabel"), ('split', "Split"), ('merge', "Merge")],
        required=True, default='repack', tracking=True,
        help="Repack: into other packs, also of another product.\n"
             "Relabel: one lot gets another number or product name; the quantity stays.\n"
             "Split: a part of one lot gets a number of its own.\n"
             "Merge: several lots of one product become one.")
    reason = fields.Char(required=True, tracking=True)
    state = fields.Selection(
        [('draft', "Draft"), ('done', "Posted"), ('cancel', "Cancelled")],
        "Status", default='draft', required=True, readonly=True, copy=False, tracking=True,
        index=True)
    company_id = fields.Many2one('res.company', required=True, index=True,
                                 default=lambda self: self.env.company)
    location_id = fields.Many2one(
        'stock.location', required=True, check_company=True, ondelete='restrict',
        compute='_compute_location_id', store=True, readonly=False, precompute=True,
        domain="[('usage', '=', 'internal')]",
        help="Where the lots are taken from and what they become is put.")
    input_ids = fields.One2many('med.repack.input', 'repack_id', "What Goes In", copy=True)
    output_ids = fields.One2many('med.repack.output', 'repack_id', "What Comes Out", copy=True)
    earliest_expiration = fields.Datetime(
        "Earliest Expiration Going In", compute='_compute_earliest_expiration')
    proposed_product_id = fields.Many2one(
        'product.product', compute='_compute_proposed_product_id')
    move_ids = fields.One2many('stock.move', 'med_repack_id', "Stock Moves", readonly=True,
                               copy=False)
    scrap_ids = fields.Many2many('stock.scrap', string="Scrap Orders", readonly=True, copy=False)
    date_done = fields.Datetime("Posted On", readonly=True, copy=False)
    user_id = fields.Many2one('res.users', "Posted By", readonly=True, copy=False)

    @api.depends('company_id')
    def _compute_location_id(self):
        for repack in self:
            if repack.location_id.company_id != repack.company_id:
                repack.location_id = self.env['stock.warehouse'].sudo().search(
                    [('company_id', '=', repack.company_id.id)], limit=1).lot_stock_id

    @api.depends('input_ids.lot_id.expiration_date')
    def _compute_earliest_expiration(self):
        for repack in self:
            dates = repack.input_ids.lot_id.mapped('expiration_date')
            repack.earliest_expiration = min(filter(None, dates), default=False)

    @api.depends('input_ids.lot_id')
    def _compute_proposed_product_id(self):
        for repack in self:
            repack.proposed_product_id = repack.input_ids.lot_id.product_id[:1]

    # ------------------------------------------------------------------ the document is kept

    @api.model_create_multi
    def create(self, vals_list):
        repacks = super().create([
            {**{key: value for key, value in vals.items() if key != 'name'},
             'name': self._next_name(vals)} for vals in vals_list])
        if any(repack.state != 'draft' or repack.date_done or repack.user_id or repack.scrap_ids
               for repack in repacks):
            raise UserError(self.env._(
                "A repack begins as a draft: create it without a status, then post it."))
        return repacks

    def _next_name(self, vals):
        company = vals.get('company_id') or self.env.company.id
        return self.env['ir.sequence'].with_company(company).next_by_code('med.repack') or "New"

    def write(self, vals):
        if vals.keys() & OWN and not self._is_permitted():
            raise UserError(self.env._(
                "The status and what comes with it change by posting or cancelling only."))
        if vals.keys() & CONTENT:
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    def _is_permitted(self):
        return _permitted.get() >= set(self.ids)

    @contextmanager
    def _permit(self):
        """Let these documents, and no others, be changed by the code inside."""
        token = _permitted.set(_permitted.get() | set(self.ids))
        try:
            yield
        finally:
            _permitted.reset(token)

    def _check_open(self):
        """Raise unless all are drafts, or being posted right now."""
        for repack in self:
            if repack.state != 'draft' and not repack._is_permitted():
                raise UserError(self.env._(
                    "%s is closed and cannot be changed: make another one to correct it.",
                    repack.name))

    # ------------------------------------------------------------------ checks

    def _check_post(self):
        """Raise, in one sentence that says what to do, unless the document can be posted."""
        self.ensure_one()
        inputs, outputs = self.input_ids, self.output_ids
        if self.state != 'draft':
            raise UserError(self.env._("%s is not a draft: it cannot be posted.", self.name))
        if not self.reason.strip():
            raise UserError(self.env._("Give the reason for %s.", self.name))
        if not inputs or not outputs:
            raise UserError(self.env._("Enter what goes in and what comes out of %s.", self.name))
        if self.location_id.usage != 'internal':
            raise UserError(self.env._(
                "%s is not a place of your own stock: choose an internal location.",
                self.location_id.display_name))
        inputs._check_input()
        outputs._check_output()
        for lines in (inputs, outputs.filtered('lot_id')):
            if len(lines.lot_id) != len(lines):
                raise UserError(self.env._(
                    "%s names the same lot twice: put it on one line.", self.name))
        common = inputs.lot_id & outputs.lot_id
        if common:
            raise UserError(self.env._(
                "%s goes in and comes out: take only what gets another number.", common[0].name))
        self._check_shape()
        self._check_quantities()
        for line in outputs:
            line._check_expiration(self.earliest_expiration, self._is_same_product(line))

    def _check_shape(self):
        """Raise unless the numbers of lots fit the kind."""
        inputs, outputs = self.input_ids, self.output_ids
        several = len(inputs) > 1
        if self.kind in ('split', 'merge') and (
                len(inputs.product_id | outputs.product_id) != 1):
            raise UserError(self.env._(
                "A split or merge stays within one product: choose Repack for another one."))
        if self.kind == 'split' and several:
            raise UserError(self.env._("A split takes one lot: make one document for each."))
        if self.kind == 'relabel' and (several or len(outputs) > 1):
            raise UserError(self.env._(
                "A relabel takes one lot and gives one: make one document for each."))
        if self.kind == 'merge' and (
                len(outputs) > 1 or not (several or outputs.lot_id)):
            raise UserError(self.env._(
                "A merge gives one lot, of several lots or of one that joins an existing lot."))

    def _check_quantities(self):
        """Raise unless what comes out is what was used, wherever the two can be compared.

        A split, merge or relabel conserves the quantity exactly. A repack does so too unless the
        product changes; then what was used is what was taken less put back less scrapped.
        """
        inputs, outputs = self.input_ids, self.output_ids
        if self.kind == 'repack' and inputs.product_id != outputs.product_id:
            return
        if inputs.uom_id != outputs.uom_id:
            raise UserError(self.env._(
                "A relabel keeps the unit: choose Repack where the unit changes."))
        used, made = sum(inputs.mapped('used_quantity')), sum(outputs.mapped('quantity'))
        if inputs.uom_id.compare(used, made):
            raise UserError(self.env._(
                "%(used)g %(uom)s go in and %(made)g come out: correct the quantities, or say what "
                "was put back or scrapped.", used=used, made=made, uom=inputs.uom_id.name))

    def _is_same_product(self, output):
        return output.product_id in self.input_ids.product_id

    # ------------------------------------------------------------------ posting

    def action_post(self):
        """Move the stock and close the document.

        One genealogy event of the document's kind is posted, from all inputs to all outputs. What
        was scrapped gets a scrap order. A document that cannot be posted changes nothing.

        :return: True
        :raises UserError: a quantity, a lot, an expiration date or the kind does not fit, or the
            stock is not there; the message says what to do
        """
        self.check_access('write')
        for repack in self:
            repack.lock_for_update()
            repack._check_post()
            repack.sudo().with_company(repack.company_id)._post()
        return True

    def _post(self):
        """Post one checked document; stock rights are not needed for what it describes."""
        self.ensure_one()
        earliest = self.earliest_expiration
        with self._permit():
            taken = self.env['stock.move'].create(
                [self._prepare_input_move(line) for line in self.input_ids])
        taken._action_confirm(merge=False)
        for line, move in zip(self.input_ids, taken, strict=True):
            for quant, quantity in line._take(line.used_quantity):
                move._update_reserved_quantity(
                    quantity, quant.location_id, lot_id=line.lot_id, package_id=quant.package_id,
                    owner_id=quant.owner_id, strict=True)
        if left := taken.filtered(lambda move: not move.move_line_ids):
            raise UserError(self.env._(
                "%(lots)s cannot be taken: it is reserved, or what is the matter with it forbids "
                "it.", lots=", ".join(
                    line.lot_id.name for line, move in zip(self.input_ids, taken, strict=True)
                    if move in left)))
        taken.picked = True
        owner = self._get_owner(taken.move_line_ids)
        scraps = self.env['stock.scrap'].create([
            values for line in self.input_ids if line.uom_id.compare(line.scrap_quantity, 0) > 0
            for values in self._prepare_scraps(line)])
        lots = [line._get_or_create_lot(earliest, self._is_same_product(line))
                for line in self.output_ids]
        with self._permit():
            made = self.env['stock.move'].create([
                self._prepare_output_move(line, lot, owner)
                for line, lot in zip(self.output_ids, lots, strict=True)])
        (taken | made)._action_done()
        scraps.do_scrap()
        with self._permit():
            for line, lot in zip(self.output_ids, lots, strict=True):
                line.write({'lot_id': lot.id, 'expiration_date': lot.expiration_date})
            self.write({
                'state': 'done', 'date_done': fields.Datetime.now(), 'user_id': self.env.uid,
                'scrap_ids': [fields.Command.set(scraps.ids)]})

    def _get_owner(self, move_lines):
        """Return the owner of the stock that was taken; stock of several owners is not mixed."""
        owners = {line.owner_id for line in move_lines}
        if len(owners) > 1:
            raise UserError(self.env._(
                "The stock belongs to several owners: make one document for each of them."))
        return owners.pop()

    def _get_production_location(self, product):
        return product.with_company(self.company_id).property_stock_production

    def _prepare_move(self, product, quantity):
        return {
            'product_id': product.id, 'product_uom': product.uom_id.id,
            'product_uom_qty': quantity, 'company_id': self.company_id.id,
            'origin': self.reason, 'med_repack_id': self.id,
        }

    def _prepare_input_move(self, line):
        return {
            **self._prepare_move(line.product_id, line.used_quantity),
            'location_id': self.location_id.id,
            'location_dest_id': self._get_production_location(line.product_id).id,
        }

    def _prepare_output_move(self, line, lot, owner):
        source = self._get_production_location(line.product_id)
        return {
            **self._prepare_move(line.product_id, line.quantity),
            'location_id': source.id, 'location_dest_id': self.location_id.id, 'picked': True,
            'move_line_ids': [fields.Command.create({
                'product_id': line.product_id.id, 'product_uom_id': line.uom_id.id,
                'quantity': line.quantity, 'lot_id': lot.id, 'owner_id': owner.id,
                'location_id': source.id, 'location_dest_id': self.location_id.id,
                'company_id': self.company_id.id})],
        }

    def _prepare_scraps(self, line):
        return [{
            'product_id': line.product_id.id, 'product_uom_id': line.uom_id.id,
            'lot_id': line.lot_id.id, 'scrap_qty': quantity, 'company_id': self.company_id.id,
            'location_id': quant.location_id.id, 'package_id': quant.package_id.id,
            'owner_id': quant.owner_id.id, 'origin': self.name,
        } for quant, quantity in line._take(line.scrap_quantity)]

    def action_cancel(self):
        """Give a draft up; it stays on file.

        :return: True
        :raises UserError: the document is not a draft
        """
        self.check_access('write')
        for repack in self:
            if repack.state != 'draft':
                raise UserError(self.env._(
                    "%s is not a draft: make another one to undo it.", repack.name))
            with repack._permit():
                repack.state = 'cancel'
        return True

    # ------------------------------------------------------------------ from here to there

    def action_view_moves(self):
        """Open the stock moves of the document."""
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Stock Moves"),
            'res_model': 'stock.move.line', 'views': [(False, 'list')],
            'domain': [('move_id', 'in', self.move_ids.ids)], 'context': {'create': False},
        }

    def action_trace(self):
        """Open the trace of what came out, in both directions."""
        return {
            'type': 'ir.actions.client', 'tag': 'med_traceability.trace',
            'name': self.env._("Trace"),
            'params': {'lot_ids': self.output_ids.lot_id.ids, 'direction': 'both'},
        }
