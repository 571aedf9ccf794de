from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

VERSION = 1
NAMES = 60
"""Lots named for one product on the screen; the document has all."""


class MedScan(models.AbstractModel):
    """A document that is worked through by scanning labels: one scan, one call, one line booked.

    `stock.picking` and `mrp.production` say in `_med_book` what a label means to them. What is
    booked goes through Odoo's own move lines, so that a document may be worked half by scanning
    and half by hand.
    """

    _name = 'med.scan'
    _description = 'Scanning'

    # ------------------------------------------------------------------ public

    def med_scan(self, code, quantity=0.0, product_id=0, source='rpc'):
        """Book what one label says, in one call.

        :param str code: the label as scanned (FNC1 as ``\\u241d``, since XML-RPC loses control
            characters, or ``\\u001d``) or typed with brackets; or the number of a lot or serial,
            or a product's barcode. Two symbols of one label stand on two lines.
        :param float quantity: packages of this kind; 0 for one, or, where the product is not
            counted in units, for all that is open
        :param int product_id: which product it is, where the label does not say (see ``choices``)
        :param str source: ``wedge``, ``camera``, ``typed`` or ``rpc``
        :return: ``{"version", "booked", "row", "discrepancies", "choices", "wanted",
            "message"}``; ``booked`` is empty where something has to be said first: which product
            (``choices``), or the second code of the label (``wanted`` is ``number``)
        :raise UserError: one sentence that says what is wrong, where, and what to do; nothing is
            booked then. A receipt is never refused for what a label says.
        """
        self._med_check_document('write')
        self._med_check_arguments(code, quantity, product_id, source)
        return self.with_company(self.company_id)._med_take(code, quantity, product_id, source)

    def med_scan_state(self):
        """Give what is ordered and done, the last scans and the open discrepancies.

        :return: ``{"version", "document", "rows", "scans", "discrepancies"}``
        """
        self._med_check_document('read')
        document = self.with_company(self.company_id)
        scans = document._med_scans(limit=20)
        return {
            'version': VERSION,
            'document': document._med_head(),
            'rows': document._med_rows(),
            'scans': [document._med_scan_row(scan) for scan in scans],
            'discrepancies': [document._med_discrepancy_row(one) for one in
                              document._med_discrepancies().filtered(lambda d: d.state == 'open')],
        }

    def med_scan_undo(self, scan_id=0):
        """Take back one of your scans; the scan stays on record, marked.

        :param int scan_id: 0 for the last one
        :return: as `med_scan`, with ``undone``: the readable code
        :raise UserError: nothing is left to take back
        """
        self._med_check_document('write')
        self._med_check_open()
        document = self.with_company(self.company_id)
        chosen = {'id': scan_id} if scan_id else {}
        scan = document._med_scans(limit=1, user_id=self.env.uid, **chosen)
        if not scan:
            raise UserError(self.env._("You have no scan in %s to take back.", self.display_name))
        product = scan.product_id
        document._med_undo(scan)
        return {
            'version': VERSION, 'undone': scan.hri, 'booked': {}, 'choices': [], 'wanted': '',
            'message': self.env._("Taken back: %s", scan.hri), 'discrepancies': [],
            'row': document._med_row(product)}

    # ------------------------------------------------------------------ arguments

    def _med_check_document(self, operation):
        """Raise, in one sentence, unless this is one document that may be read or written."""
        self.browse().check_access(operation)
        if len(self) != 1 or type(self._ids[0]) is not int or not self.exists():
            raise UserError(self.env._("Name one transfer or manufacturing order, by its id."))
        self.check_access(operation)

    @api.model
    def _med_check_arguments(self, code, quantity, product_id, source):
        if not isinstance(code, str) or not code.strip() or len(code) > 1024:
            raise UserError(self.env._("The code must be text, of at most 1024 characters."))
        if isinstance(quantity, bool) or not isinstance(quantity, (int, float)) or not (
                0 <= quantity <= 1_000_000_000):
            raise UserError(self.env._("The quantity must be a number, and not below 0."))
        if type(product_id) is not int:
            raise UserError(self.env._("The product_id must be a whole number."))
        sources = dict(self.env['med.udi.scan']._fields['source'].selection)
        if source not in sources:
            raise UserError(self.env._("The source must be one of: %s.", ", ".join(sources)))

    def _med_check_open(self):
        if self.state in ('done', 'cancel'):
            raise UserError(self.env._(
                "%s is closed: nothing more is booked into it.", self.display_name))

    # ------------------------------------------------------------------ one label

    def _med_take(self, code, quantity, product_id, source):
        self._med_check_open()
        if self.state == 'draft':
            self.action_confirm()
        label = self._med_label(code)
        product, lot, di = self._med_identify(label, product_id)
        if not product and (last := self._med_unnumbered(label)):
            label = self._med_label(f'{last.code}\n{code}')
            product, lot, di = self._med_identify(label, last.product_id.id)
            quantity = last.booked['packages']
            self._med_undo(last)
        if not product:
            return self._med_ask(label)
        if not (label.udi or lot or label.bears_number) and product_id:
            label = label.numbered()
        amount = self._med_amount(product, di, quantity)
        booking = self._med_book(label, product, lot, di, amount)
        if not booking:
            return self._med_answer(product, wanted='number', message=self.env._(
                "%s: now scan the code that bears its lot or serial number.",
                product.display_name))
        scan = self.env['med.udi.scan'].sudo().create({
            self._med_scan_field(): self.id, 'company_id': self.company_id.id,
            'code': label.code, 'hri': label.hri, 'source': source, 'user_id': self.env.uid,
            'di_id': di.id, 'product_id': product.id, 'lot_id': booking['lot'].id,
            'lot_name': booking['name'], 'move_line_id': booking['line'].id,
            'quantity': booking['quantity'],
            'booked': {**booking['undo'], 'packages': quantity}})
        found = self._med_found(scan, booking)
        return self._med_answer(product, scan, found, self.env._(
            "%(product)s: %(quantity)s booked.", product=product.display_name,
            quantity=f"{booking['quantity']:g}"))

    def _med_amount(self, product, di, packages):
        """Return how much one scan books, in the unit of the product; 0 for all that is open."""
        counted = product.uom_id._has_common_reference(self.env.ref('uom.product_uom_unit'))
        if not packages and not di and not counted:
            return 0.0
        amount = (packages or 1.0) * (di.base_quantity or 1 if di else 1)
        if product.tracking == 'serial' and amount != 1:
            raise UserError(self.env._(
                "A package of %(quantity)s %(product)s does not bear the serial numbers of what "
                "it holds: scan each unit.", quantity=f'{amount:g}',
                product=product.display_name))
        return amount

    def _med_ask(self, label):
        """Answer that the label does not say which product it is; or refuse, with what to do."""
        choices = self._med_choices()
        if not choices:
            raise UserError(self.env._(
                "%(document)s: nothing here is identified by %(code)s. Check the label; if it is "
                "right, have the device identifier entered first.",
                document=self.display_name, code=label.udi.di if label.udi else label.code))
        return self._med_answer(choices=choices, message=self.env._(
            "%s is not on file. Which product is it?",
            label.udi.di if label.udi and label.udi.di else label.hri))

    # ------------------------------------------------------------------ what a document says

    def _med_scan_field(self):
        """Return the field of `med.udi.scan` and `med.udi.discrepancy` that means this."""
        raise NotImplementedError

    def _med_products(self):
        """Return the products that this document is about."""
        raise NotImplementedError

    def _med_choices(self):
        """Return the products one of which an unknown label may be; none where it is refused."""
        return self.env['product.product']

    def _med_book(self, label, product, lot, di, amount):
        """Book `amount` of `product`.

        :param label: `tools.scan.Label`
        :param lot: where a plain number named one
        :param di: `med.udi.di` record, or empty
        :param amount: in the unit of the product, 0 for all that is open
        :return: ``{'line', 'lot', 'name', 'quantity', 'undo': plain dict, 'doubts': [(kind,
            message, expected, found)]}``; None where the label's second code is wanted
        """
        raise NotImplementedError

    def _med_undo(self, scan):
        """Take back what `scan` booked."""
        self._med_unbook(scan)
        scan.sudo().discrepancy_ids._med_withdraw()
        scan.sudo().write({'undone': True, 'undone_date': fields.Datetime.now(),
                           'undone_uid': self.env.uid})

    # ------------------------------------------------------------------ discrepancies

    def _med_found(self, scan, booking):
        return self.env['med.udi.discrepancy']._med_record([{
            'kind': kind, 'message': message, 'expected': expected, 'found': found,
            'company_id': self.company_id.id, 'product_id': scan.product_id.id,
            'lot_id': booking['lot'].id, 'lot_name': booking['name'], 'scan_id': scan.id,
            'move_line_id': booking['line'].id, 'partner_id': booking.get('partner_id', False),
            self._med_scan_field(): self.id,
        } for kind, message, expected, found in booking['doubts']])

    def _med_doubts(self, label, di):
        """Return what makes the label itself doubtful, as `_med_book` returns doubts."""
        _ = self.env._
        doubts = []
        if di and (di.state != 'active' or not di.active):
            states = dict(di._fields['state']._description_selection(self.env))
            doubts.append(('inactive_di', _(
                "Device identifier %(di)s is not in use (%(state)s).", di=di.name,
                state=states[di.state] if di.active else _("archived")), '', di.name))
        for warning in label.warnings:
            kind = warning.code if warning.code == 'separator_lost' else 'label'
            doubts.append((
                kind, self.env['med.udi']._med_warning_text(warning), '', label.hri))
        return doubts

    # ------------------------------------------------------------------ answers

    def _med_scans(self, limit=None, **values):
        """Return the scans of this document that hold, newest first.

        :param values: what they have to be equal in
        """
        return self.env['med.udi.scan'].sudo().search([
            (self._med_scan_field(), '=', self.id), ('undone', '=', False),
            *((name, '=', value) for name, value in values.items())], limit=limit)

    def _med_discrepancies(self):
        return self.env['med.udi.discrepancy'].sudo().search(
            [(self._med_scan_field(), '=', self.id)])

    def _med_answer(self, product=None, scan=None, found=(), message='', choices=(), wanted=''):
        return {
            'version': VERSION,
            'booked': self._med_scan_row(scan) if scan else {},
            'row': self._med_row(product) if product and scan else {},
            'discrepancies': [self._med_discrepancy_row(one) for one in found],
            'choices': [{'product_id': one.id, 'product': one.display_name} for one in choices],
            'wanted': wanted,
            'message': message,
        }

    @api.model
    def _med_scan_row(self, scan):
        lot = scan.lot_id
        expiry = scan.move_line_id.med_expiry or lot._med_expiry()
        made = scan.move_line_id.med_manufactured or lot.med_manufactured
        batch = scan.move_line_id.med_batch or lot.med_batch
        return {
            'scan_id': scan.id, 'hri': scan.hri, 'product_id': scan.product_id.id,
            'product': scan.product_id.display_name, 'number': scan.lot_name or '',
            'lot_id': lot.id, 'batch': batch or '', 'quantity': scan.quantity,
            'uom': scan.uom_id.name, 'expiration_date': str(expiry or ''),
            'manufacturing_date': str(made or ''), 'user': scan.user_id.name,
            'date': scan.create_date.strftime('%Y-%m-%dT%H:%M:%SZ'),
        }

    @api.model
    def _med_discrepancy_row(self, record):
        kinds = dict(record._fields['kind']._description_selection(self.env))
        return {
            'id': record.id, 'name': record.name, 'kind': record.kind,
            'label': kinds[record.kind], 'message': record.message,
            'expected': record.expected or '', 'found': record.found or '',
            'number': record.lot_name or record.lot_id.name or '',
        }

    def _med_row(self, product):
        return next(iter(self._med_rows(product)), {})  # an extra line that is taken back is gone

    def _med_rows(self, products=None):
        """Return what is ordered and done of these products; of all where none are given."""
        raise NotImplementedError

    def _med_move_rows(self, domain, role, products=None):
        """Return the rows of moves, set-based: a document may have thousands of lines.

        :param domain: domain of the moves
        """
        if products:
            domain = [*domain, ('product_id', 'in', products.ids)]
        ordered = self.env['stock.move']._read_group(
            domain, ['product_id'], ['product_qty:sum'], order='id:min')
        done = {product: found for product, *found in self.env['stock.move.line']._read_group(
            [('move_id', 'any', domain), ('picked', '=', True)], ['product_id'],
            ['quantity_product_uom:sum', 'lot_id:array_agg_distinct', 'lot_name:array_agg_distinct']
        )}
        lots = self.env['stock.lot'].browse({
            lot for _sum, lots, _names in done.values() for lot in lots if lot})
        names = dict(zip(lots.ids, lots.mapped('name'), strict=True))
        rows = []
        for product, quantity in ordered:
            so_far, used, typed = done.get(product, (0.0, (), ()))
            rows.append(self._med_product_row(product, role, quantity, so_far, sorted(
                {names[lot] for lot in used if lot} | {name for name in typed if name})))
        return rows

    def _med_product_row(self, product, role, ordered, done, names):
        """Return one row of the list on the screen, quantities in the unit of the product."""
        return {
            'product_id': product.id, 'product': product.display_name, 'role': role,
            'tracking': product.tracking, 'ordered': ordered, 'done': done,
            'uom': product.uom_id.name, 'numbers': names[:NAMES],
            'complete': float_compare(done, ordered, precision_digits=6) >= 0,
            'excess': float_compare(done, ordered, precision_digits=6) > 0,
        }
