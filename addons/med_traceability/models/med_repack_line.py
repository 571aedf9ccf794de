from odoo import api, fields, models
from odoo.exceptions import UserError

EVERYTHING = 1e12


class MedRepackLine(models.AbstractModel):
    """What the two kinds of lines of a repack share: a document that keeps them as posted."""

    _name = 'med.repack.line'
    _description = 'Repack Line'
    _check_company_auto = True
    _order = 'id'

    repack_id = fields.Many2one('med.repack', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='repack_id.company_id', store=True)
    quantity = fields.Float(required=True, digits='Product Unit',
                            help="In the unit of the product.")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.repack_id._check_open()
        return lines

    def write(self, vals):
        self.repack_id._check_open()
        res = super().write(vals)
        self.repack_id._check_open()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.repack_id._check_open()


class MedRepackInput(models.Model):
    """A lot taken for a repack, and what became of it: used, put back or scrapped."""

    _name = 'med.repack.input'
    _inherit = 'med.repack.line'
    _description = 'Repack Input'

    lot_id = fields.Many2one('stock.lot', "Lot/Serial", required=True, index=True,
                             ondelete='restrict', check_company=True)
    product_id = fields.Many2one(related='lot_id.product_id')
    uom_id = fields.Many2one(related='lot_id.product_id.uom_id')
    expiration_date = fields.Datetime(related='lot_id.expiration_date')
    available = fields.Float(
        "Free Here", compute='_compute_available', compute_sudo=True, digits='Product Unit',
        help="On hand at the location and not reserved, in the unit of the product.")
    back_quantity = fields.Float(
        "Put Back", digits='Product Unit', help="Taken out, not used, and put back as it was.")
    scrap_quantity = fields.Float(
        "Scrapped", digits='Product Unit', help="Spoilt: a scrap order is made for it.")
    used_quantity = fields.Float(
        "Used", compute='_compute_used_quantity', digits='Product Unit',
        help="Taken less put back less scrapped: what the outputs are made of.")

    @api.depends('lot_id', 'repack_id.location_id', 'repack_id.state')
    def _compute_available(self):
        for line in self:
            line.available = sum(free for _quant, free in line._find_free(EVERYTHING))

    @api.depends('quantity', 'back_quantity', 'scrap_quantity')
    def _compute_used_quantity(self):
        for line in self:
            line.used_quantity = line.quantity - line.back_quantity - line.scrap_quantity

    def _check_input(self):
        """Raise unless the line names stock and says what became of all of it."""
        for line in self:
            name, uom = line.lot_id.name, line.uom_id
            if uom.compare(line.quantity, 0) <= 0:
                raise UserError(self.env._("Enter how much of %s is taken.", name))
            if uom.compare(line.back_quantity, 0) < 0 or uom.compare(line.scrap_quantity, 0) < 0:
                raise UserError(self.env._(
                    "What is put back or scrapped of %s cannot be negative.", name))
            if uom.compare(line.used_quantity, 0) <= 0:
                raise UserError(self.env._(
                    "Nothing of %s is used: put back and scrapped must be less than taken.", name))
            line._take(line.quantity)

    def _find_free(self, quantity):
        """Return ``[(quant, quantity)]``: up to `quantity` of this lot, free at the location."""
        self.ensure_one()
        lot = self.lot_id
        if not lot or not self.repack_id.location_id:
            return []
        return [(quant, free) for quant, free in self.env['stock.quant']._get_reserve_quantity(
            lot.product_id, self.repack_id.location_id, quantity, lot_id=lot, strict=False)
            if quant.lot_id == lot]

    def _take(self, quantity):
        """Return ``[(quant, quantity)]`` that add up to `quantity`.

        :raises UserError: less than `quantity` is free
        """
        found = self._find_free(quantity)
        if self.uom_id.compare(sum(free for _quant, free in found), quantity) < 0:
            raise UserError(self.env._(
                "Only %(free)g %(uom)s of %(lot)s are free at %(location)s: take less, or release "
                "what is reserved.", free=self.available, uom=self.uom_id.name,
                lot=self.lot_id.name, location=self.repack_id.location_id.display_name))
        return found


class MedRepackOutput(models.Model):
    """A lot that a repack brings forth: a new number, or one that exists."""

    _name = 'med.repack.output'
    _inherit = 'med.repack.line'
    _description = 'Repack Output'

    product_id = fields.Many2one(
        'product.product', required=True, index=True, ondelete='restrict', check_company=True,
        domain="[('tracking', '!=', 'none'), ('is_storable', '=', True)]")
    uom_id = fields.Many2one(related='product_id.uom_id')
    lot_id = fields.Many2one(
        'stock.lot', "Existing Lot/Serial", copy=False, index=True, ondelete='restrict',
        check_company=True, domain="[('product_id', '=', product_id)]")
    lot_name = fields.Char("New Lot/Serial Number", copy=False)
    expiration_date = fields.Datetime(
        "Expiration Date", copy=False, help="Left empty: the earliest of what goes in.")

    def _check_output(self):
        """Raise unless the line names a tracked product, a quantity and one lot."""
        for line in self:
            product = line.product_id
            if product.tracking == 'none' or not product.is_storable:
                raise UserError(self.env._(
                    "%s is not tracked by lots or serial numbers: choose a product that is.",
                    product.display_name))
            if line.uom_id.compare(line.quantity, 0) <= 0:
                raise UserError(self.env._(
                    "Enter how much of %s comes out.", product.display_name))
            if product.tracking == 'serial' and line.uom_id.compare(line.quantity, 1):
                raise UserError(self.env._(
                    "%s has serial numbers: one line for each unit, with quantity 1.",
                    product.display_name))
            if bool(line.lot_id) == bool((line.lot_name or '').strip()):
                raise UserError(self.env._(
                    "Give %s either a new lot or serial number or an existing one.",
                    product.display_name))
            if line.lot_id and line.lot_id.product_id != product:
                raise UserError(self.env._(
                    "Lot %(lot)s is not of %(product)s: choose one of that product.",
                    lot=line.lot_id.name, product=product.display_name))

    def _check_expiration(self, earliest, same_product):
        """Raise where the output would outlive what it is made of.

        A changed label or box makes nothing last longer. A different product may have a shelf
        life of its own.

        :param earliest: first expiration date of the inputs, or False
        :param bool same_product: the product is among the inputs
        """
        self.ensure_one()
        lot, date = self.lot_id, self.expiration_date
        if lot and date and date != lot.expiration_date:
            raise UserError(self.env._(
                "Lot %s exists and has its own expiration date: leave the date empty, or give a "
                "new number.", lot.name))
        if not earliest or not same_product:
            return
        if lot and (not lot.expiration_date or lot.expiration_date > earliest):
            raise UserError(self.env._(
                "Lot %(lot)s expires later than what goes into it (%(date)s): choose another lot, "
                "or give a new number.", lot=lot.name, date=earliest.date()))
        if date and date > earliest:
            raise UserError(self.env._(
                "The expiration date of %(lot)s cannot be later than that of what goes in "
                "(%(date)s).", lot=self.lot_name, date=earliest.date()))

    def _prepare_lot_values(self, earliest, same_product):
        """Return the values of the new lot of this output."""
        self.ensure_one()
        values = {'name': self.lot_name.strip(), 'product_id': self.product_id.id}
        date = self.expiration_date or earliest
        if date or same_product:
            values['expiration_date'] = date
        return values

    def _get_or_create_lot(self, earliest, same_product):
        """Return the lot of this output; a new number must really be new.

        :raises UserError: the product already has a lot of that number
        """
        self.ensure_one()
        if self.lot_id:
            return self.lot_id
        values = self._prepare_lot_values(earliest, same_product)
        if self.env['stock.lot'].search_count([
                ('product_id', '=', values['product_id']), ('name', '=', values['name']),
                ('company_id', 'in', (False, self.company_id.id))], limit=1):
            raise UserError(self.env._(
                "%(product)s already has a lot %(lot)s: choose it as the existing lot, or give "
                "another number.", product=self.product_id.display_name, lot=values['name']))
        return self.env['stock.lot'].create(values)
