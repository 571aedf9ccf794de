from datetime import datetime

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.gc import disabling_gc

from .stock_lot_trace_answer import PARTS

MAX_ROOTS = 50_000
DIRECTIONS = ('forward', 'backward', 'both')


class StockLot(models.Model):
    """Traces: what may be asked. The answer is in `stock_lot_trace_answer.py`."""

    _inherit = 'stock.lot'

    # ------------------------------------------------------------------ public

    @api.readonly
    def med_trace(self, direction='forward', depth=0, parts=()):
        """Trace these lots: what they went into, or what they came from.

        :param str direction: ``forward``, ``backward`` or ``both``
        :param int depth: at most so many steps; 0 traces to the end
        :param list parts: only these of ``lots``, ``edges``, ``consignees``, ``suppliers``,
            ``stock`` and ``events`` (the documents behind those of edges, consignees and
            suppliers that are asked for, behind all where none is); empty: all. ``totals`` then
            has no more than they tell
        :return: ``{"version", "direction", "depth", "roots", "heads" (labels of the first
            roots: UDI, batch, dates), "lots", "edges", "edges_left_out", "events", "consignees",
            "suppliers", "stock", "withheld", "totals"}``; with ``both``
            the answers stand under ``forward`` and ``backward``. A lot or edge is ``exact`` when
            somebody recorded it or there was no other way, else possible.
        :raise UserError: a bad argument, in one sentence
        """
        parts = self._med_check_trace(direction, depth, parts)
        self._med_check_lots()
        self.env.flush_all()
        with disabling_gc():  # a large answer is many small dicts, and none of them is garbage
            return self.sudo()._med_trace(self.ids, direction, depth, parts)

    @api.model
    @api.readonly
    def med_trace_by(self, criteria=None, direction='forward', depth=0, parts=()):
        """Trace all lots that fit these criteria, joined by "and".

        :param dict criteria: at least one of ``lot`` (name), ``udi`` (a whole UDI, or any number
            on a label), ``batch``, ``lot_ids``, ``product_id``,
            ``supplier_id``, ``supplier_lot``, ``date_from`` and ``date_to`` (production date,
            ISO), ``workcenter_id``, ``operator_id``, ``picking_id`` (a receipt),
            ``production_id``
        :param str direction: as in `med_trace`
        :param int depth: as in `med_trace`
        :param list parts: as in `med_trace`
        :return: as `med_trace`
        """
        self._med_check_trace(direction, depth, parts)
        lots = self.search(self._med_criteria_domain(criteria), limit=MAX_ROOTS + 1)
        return lots.med_trace(direction=direction, depth=depth, parts=parts)

    # ------------------------------------------------------------------ arguments

    def _med_check_lots(self):
        """Raise, in one sentence, unless these are lots that exist and may be read."""
        if len(self) > MAX_ROOTS:
            raise UserError(self.env._(
                "At most %(most)s lots at once, and %(asked)s were given. Narrow them down.",
                most=MAX_ROOTS, asked=len(self)))
        if not all(type(lot) is int for lot in self._ids):
            raise UserError(self.env._("Lots are named by their ids, which are whole numbers."))
        if missing := set(self._ids) - set(self.exists()._ids):
            raise UserError(self.env._("There is no lot with id %s.", min(missing)))
        self.check_access('read')

    @api.model
    def _med_check_trace(self, direction, depth, parts):
        """Raise, in one sentence, unless the arguments are right; return the set of parts."""
        self.env['med.genealogy.event'].check_access('read')
        if direction not in DIRECTIONS:
            raise UserError(self.env._(
                "The direction must be one of: %s.", ", ".join(DIRECTIONS)))
        if isinstance(depth, bool) or not isinstance(depth, int) or not 0 <= depth <= 100_000:
            raise UserError(self.env._(
                "The depth must be a whole number from 0 (to the end) to 100000."))
        if not isinstance(parts, list | tuple) or not all(
                isinstance(part, str) and part in PARTS for part in parts):
            raise UserError(self.env._(
                "The parts must be a list of some of: %s.", ", ".join(sorted(PARTS))))
        return frozenset(parts) or PARTS

    @api.model
    def _med_criteria(self):
        """Return ``{criterion: (type, what it is about, function from its value to a domain)}``.

        It is about the ``lot``, or about one line of its genealogy: how it was ``made`` or how it
        was ``received``. Criteria about a line hold for the same line, so that a lot made in
        January and in March was not made in February.
        """
        def date(operator, tail):
            return lambda value: [('date', operator, self._med_time(value, tail))]

        return {
            'lot': (str, 'lot', lambda value: [('name', '=', value)]),
            'udi': (str, 'lot', self._med_code_domain),
            'batch': (str, 'lot', lambda value: [('med_batch', '=', value)]),
            'lot_ids': (list, 'lot', lambda value: [('id', 'in', self._med_ids(value))]),
            'product_id': (int, 'lot', lambda value: [('product_id', '=', value)]),
            'supplier_id': (int, 'received', lambda value: [
                ('event_id.partner_id', 'child_of', value)]),
            'supplier_lot': (str, 'lot', lambda value: [
                '|', ('med_supplier_lot', '=', value),
                '&', ('name', '=', value), ('med_genealogy_line_ids', 'any', [
                    ('active', '=', True), ('kind', '=', 'receipt')])]),
            'date_from': (str, 'made', date('>=', '00:00:00')),
            'date_to': (str, 'made', date('<=', '23:59:59')),
            'workcenter_id': (int, 'made', lambda value: [
                ('event_id.workcenter_ids', 'in', [value])]),
            'operator_id': (int, 'made', lambda value: [('event_id.operator_ids', 'in', [value])]),
            'picking_id': (int, 'received', lambda value: [
                ('move_line_id.move_id.picking_id', '=', value)]),
            'production_id': (int, 'made', lambda value: [
                ('event_id.res_model', '=', 'mrp.production'), ('event_id.res_id', '=', value)]),
        }

    @api.model
    def _med_criteria_domain(self, criteria):
        known = self._med_criteria()
        if not isinstance(criteria, dict) or not criteria:
            raise UserError(self.env._(
                "Give at least one criterion: %s.", ", ".join(sorted(known))))
        about = {
            'lot': Domain.TRUE,
            'made': Domain([('active', '=', True), ('side', '=', 'out'), ('transform', '=', True),
                            ('kind', '!=', 'transfer')]),
            'received': Domain([('active', '=', True), ('kind', '=', 'receipt')]),
        }
        asked = set()
        for key, value in criteria.items():
            if key not in known:
                raise UserError(self.env._(
                    "%(key)s is not a criterion; these are: %(known)s.",
                    key=key, known=", ".join(sorted(known))))
            kind, subject, build = known[key]
            if not isinstance(value, kind) or isinstance(value, bool) or value in ('', 0):
                raise UserError(self.env._(
                    "The criterion %(key)s must be of type %(kind)s.",
                    key=key, kind=kind.__name__))
            asked.add(subject)
            about[subject] &= Domain(build(value))
        return Domain.AND([about['lot'], *(
            Domain('med_genealogy_line_ids', 'any', about[subject])
            for subject in sorted(asked - {'lot'}))])

    @api.model
    def _med_ids(self, value):
        if not all(isinstance(item, int) and not isinstance(item, bool) for item in value):
            raise UserError(self.env._("The lot_ids must be whole numbers."))
        if len(value) > MAX_ROOTS:
            raise UserError(self.env._(
                "At most %(most)s lots at once, and %(asked)s were given. Narrow them down.",
                most=MAX_ROOTS, asked=len(value)))
        return value

    @api.model
    def _med_time(self, value, tail):
        """Return a date or time as the database stores it; a bare date means its whole day."""
        text = value.strip().removesuffix('Z').replace('T', ' ')
        try:
            return datetime.strptime(
                f'{text} {tail}' if len(text) == 10 else text, '%Y-%m-%d %H:%M:%S')
        except ValueError:
            raise UserError(self.env._(
                "%s is not a date; write it like 2026-01-31.", value)) from None
