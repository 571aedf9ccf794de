from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.day import DayError, local_day, window
from ..tools.scan import read_label
from ..tools.udi import UdiError

VERSION = 1
PAGES = {
    'warehouse': ('med_traceability.med_day_warehouse_action', ('warehouse', 'qa')),
    'production': ('med_traceability.med_day_production_action',
                   ('operator', 'shift_leader', 'qa')),
    'audit': ('med_traceability.med_day_audit_action', ('auditor', 'qa')),
}
"""Page: its action, and the roles whose page it is."""


class MedDay(models.AbstractModel):
    """One page for each role that holds its day. One call brings a page."""

    _name = 'med.day'
    _description = 'My Day'

    # ------------------------------------------------------------------ public

    @api.model
    def start_here(self, page, on=True):
        """Make a page the caller's start page, or give the usual one back.

        :param str page: ``warehouse``, ``production``, ``audit`` or one of an addon
        :return: ``{"version", "start"}``
        """
        action = self._med_page(page)
        self.env.user.write({'action_id': action.id if on else False})
        return {'version': VERSION, 'start': self._med_is_start(page)}

    @api.model
    def find(self, page, code):
        """Find what a scanned code is about on a page.

        :param str page: ``warehouse``, ``production`` or one of an addon
        :param str code: number of a transfer or an order, of a lot or serial, or a UDI
        :return: ``{"version", "model", "found" (ids of open documents), "message"}``
        """
        self._med_page(page)
        if not isinstance(code, str) or not code.strip():
            raise UserError(self.env._("There is no code."))
        found = self._med_found(page, code.strip())
        return {
            'version': VERSION, 'model': found._name, 'found': found.ids,
            'message': '' if found else self.env._(
                "Nothing open is about %(code)s.", code=code.strip())}

    @api.model
    def _med_found(self, page, code):
        """Return the open documents of a page that a code is about. For addons with pages."""
        model = {'warehouse': 'stock.picking', 'production': 'mrp.production'}.get(page)
        if not model:
            raise UserError(self.env._("page must be warehouse or production."))
        return self._med_documents(model, code)

    # ------------------------------------------------------------------ who

    @api.model
    def _med_pages(self):
        """Return page → (its action, the roles whose page it is). For addons to extend."""
        return dict(PAGES)

    @api.model
    def _med_page(self, page):
        """Return the action of a page; raise unless it is of one of the caller's roles."""
        pages = self._med_pages()
        if not isinstance(page, str) or page not in pages:
            raise UserError(self.env._("page must be one of: %s.", ", ".join(pages)))
        action, roles = pages[page]
        if not any(self.env.user.has_group(f'med_base.med_base_group_{role}') for role in roles):
            raise AccessError(self.env._("This page is not one of your roles."))
        self.env['med.genealogy.event'].check_access('read')
        return self.env.ref(action).sudo()

    @api.model
    def _med_is_start(self, page):
        return self.env.user.action_id.id == self.env.ref(self._med_pages()[page][0]).sudo().id

    # ------------------------------------------------------------------ when

    @api.model
    def _med_zone(self):
        """Return the time zone of the company, in which its days and shifts are."""
        company = self.env.company
        return company.resource_calendar_id.tz or company.partner_id.tz or self.env.user.tz or 'UTC'

    @api.model
    def _med_window(self, day='', time_from='00:00', time_to='24:00'):
        """Return (ISO day, begin, end) of a shift; the times are UTC.

        :raise UserError: one of them cannot be used
        """
        zone = self._med_zone()
        day = day or local_day(fields.Datetime.now(), zone)
        if not all(isinstance(text, str) for text in (day, time_from, time_to)):
            raise UserError(self.env._("day, time_from and time_to must be texts."))
        try:
            return day, *window(day, time_from, time_to, zone)
        except DayError as error:
            raise UserError(self.env._(
                "%(field)s cannot be used: days are YYYY-MM-DD, times HH:MM.",
                field=error)) from None

    # ------------------------------------------------------------------ what a code is about

    @api.model
    def _med_documents(self, model, code):
        """Return the open transfers or orders that a code names, or that hold what it names."""
        open_ones = Domain('state', 'not in', ('draft', 'done', 'cancel')) & Domain(
            'company_id', 'in', self.env.companies.ids)
        found = self.env[model].search(open_ones & Domain('name', '=ilike', code), limit=2)
        if found:
            return found
        lots, products = self._med_named(code)
        if not lots and not products:
            return found
        moves = Domain('move_line_ids', 'any', [('lot_id', 'in', lots.ids)]) if lots else Domain(
            'product_id', 'in', products.ids)
        if model == 'mrp.production':
            return self.env[model].search(open_ones & (
                Domain('move_raw_ids', 'any', moves)
                | (Domain('lot_producing_ids', 'in', lots.ids) if lots
                   else Domain('product_id', 'in', products.ids))), limit=200)
        found = self.env[model].search(open_ones & Domain('move_ids', 'any', moves), limit=200)
        if found or not lots:
            return found
        return self.env[model].search(open_ones & Domain(  # a receipt has no lot yet
            'move_ids', 'any', [('product_id', 'in', lots.product_id.ids)]), limit=200)

    @api.model
    def _med_named(self, code):
        """Return the lots and the products that a code names."""
        lots, products = self.env['stock.lot'], self.env['product.product']
        try:
            label = read_label(code, today=fields.Date.context_today(self),
                               letters=self.env['med.udi']._med_letters())
        except UdiError as error:
            raise UserError(self.env['med.udi']._med_error_text(error)) from None
        if not label.udi:
            return lots.search(['|', ('name', '=', code), ('med_supplier_lot', '=', code)],
                               limit=200), products.search([('barcode', '=', code)], limit=1)
        devices = self.env['med.udi.di']._med_find(label.udi)
        products = devices.product_id or products.search(
            [('barcode', 'in', [label.udi.di, label.udi.di.lstrip('0')])], limit=1)
        number = label.serial or label.lot
        if products and number:
            lots = lots.search([('product_id', 'in', products.ids), '|', ('name', '=', number),
                                ('med_supplier_lot', '=', number)], limit=200)
        return lots, products
