from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.walk import reach

VERSION = 1
MAX_ROOTS = 50_000
MAX_EDGES = 250_000
DIRECTIONS = ('forward', 'backward', 'both')


def _iso(value):
    return value.strftime('%Y-%m-%dT%H:%M:%SZ') if value else ''


class StockLot(models.Model):
    _inherit = 'stock.lot'

    # ------------------------------------------------------------------ public

    @api.readonly
    def med_trace(self, direction='forward', depth=0):
        """Trace these lots: what they went into, or what they came from.

        :param str direction: ``forward``, ``backward`` or ``both``
        :param int depth: at most so many steps; 0 traces to the end
        :return: ``{"version", "direction", "depth", "roots", "lots", "edges", "edges_left_out",
            "events", "consignees", "suppliers", "stock", "withheld", "totals"}``; with ``both``
            the answers stand under ``forward`` and ``backward``. A lot or edge is ``exact`` when
            somebody recorded it or there was no other way, else possible.
        :raise UserError: a bad argument, in one sentence
        """
        self._med_check_trace(direction, depth)
        if len(self) > MAX_ROOTS:
            raise UserError(self.env._(
                "A trace starts from at most %(most)s lots, and %(asked)s were given. Narrow "
                "them down.", most=MAX_ROOTS, asked=len(self)))
        self.check_access('read')
        self.env.flush_all()
        return self.sudo()._med_trace(self.ids, direction, depth)

    @api.model
    @api.readonly
    def med_trace_by(self, criteria=None, direction='forward', depth=0):
        """Trace all lots that fit these criteria, joined by "and".

        :param dict criteria: at least one of ``lot`` (name), ``lot_ids``, ``product_id``,
            ``supplier_id``, ``supplier_lot``, ``date_from`` and ``date_to`` (production date,
            ISO), ``workcenter_id``, ``operator_id``, ``picking_id`` (a receipt),
            ``production_id``
        :param str direction: as in `med_trace`
        :param int depth: as in `med_trace`
        :return: as `med_trace`
        """
        self._med_check_trace(direction, depth)
        lots = self.search(self._med_criteria_domain(criteria), limit=MAX_ROOTS + 1)
        return lots.med_trace(direction=direction, depth=depth)

    # ------------------------------------------------------------------ arguments

    @api.model
    def _med_check_trace(self, direction, depth):
        self.env['med.genealogy.event'].check_access('read')
        if direction not in DIRECTIONS:
            raise UserError(self.env._(
                "The direction must be one of: %s.", ", ".join(DIRECTIONS)))
        if isinstance(depth, bool) or not isinstance(depth, int) or not 0 <= depth <= 100_000:
            raise UserError(self.env._(
                "The depth must be a whole number from 0 (to the end) to 100000."))

    @api.model
    def _med_criteria(self):
        """Return ``{name of a criterion: (type, function from its value to a domain)}``."""
        def of_lines(domain):
            return [('med_genealogy_line_ids', 'any', [('active', '=', True), *domain])]

        def by_order(key):
            return lambda value: of_lines(
                [('side', '=', 'out'), ('transform', '=', True), (key, 'in', [value])])

        def date(operator, tail):
            return lambda value: of_lines([
                ('side', '=', 'out'), ('transform', '=', True),
                ('date', operator, self._med_time(value, tail))])

        return {
            'lot': (str, lambda value: [('name', '=', value)]),
            'lot_ids': (list, lambda value: [('id', 'in', self._med_ids(value))]),
            'product_id': (int, lambda value: [('product_id', '=', value)]),
            'supplier_id': (int, lambda value: of_lines(
                [('kind', '=', 'receipt'), ('event_id.partner_id', 'child_of', value)])),
            'supplier_lot': (str, lambda value: [
                '|', ('med_supplier_lot', '=', value),
                '&', ('name', '=', value), ('med_genealogy_line_ids.kind', '=', 'receipt')]),
            'date_from': (str, date('>=', '00:00:00')),
            'date_to': (str, date('<=', '23:59:59')),
            'workcenter_id': (int, by_order('event_id.workcenter_ids')),
            'operator_id': (int, by_order('event_id.operator_ids')),
            'picking_id': (int, lambda value: of_lines([
                ('kind', '=', 'receipt'), ('event_id.res_model', '=', 'stock.picking'),
                ('event_id.res_id', '=', value)])),
            'production_id': (int, lambda value: of_lines([
                ('side', '=', 'out'), ('event_id.res_model', '=', 'mrp.production'),
                ('event_id.res_id', '=', value)])),
        }

    @api.model
    def _med_criteria_domain(self, criteria):
        known = self._med_criteria()
        if not isinstance(criteria, dict) or not criteria:
            raise UserError(self.env._(
                "Give at least one criterion: %s.", ", ".join(sorted(known))))
        domain = Domain.TRUE
        for key, value in criteria.items():
            if key not in known:
                raise UserError(self.env._(
                    "%(key)s is not a criterion; these are: %(known)s.",
                    key=key, known=", ".join(sorted(known))))
            kind, build = known[key]
            if not isinstance(value, kind) or isinstance(value, bool) or value in ('', 0):
                raise UserError(self.env._(
                    "The criterion %(key)s must be of type %(kind)s.",
                    key=key, kind=kind.__name__))
            domain &= Domain(build(value))
        return domain

    @api.model
    def _med_ids(self, value):
        if not all(isinstance(item, int) and not isinstance(item, bool) for item in value):
            raise UserError(self.env._("The lot_ids must be whole numbers."))
        if len(value) > MAX_ROOTS:
            raise UserError(self.env._(
                "A trace starts from at most %(most)s lots, and %(asked)s were given. Narrow "
                "them down.", most=MAX_ROOTS, asked=len(value)))
        return value

    @api.model
    def _med_time(self, value, tail):
        """Return a date or time as the database stores it; a bare date means its whole day."""
        text = value.strip().rstrip('Z').replace('T', ' ')
        try:
            return self.env['med.genealogy.line']._fields['date'].to_datetime(
                f'{text} {tail}' if len(text) == 10 else text)
        except (ValueError, TypeError, ValidationError):
            raise UserError(self.env._(
                "%s is not a date; write it like 2026-01-31.", value)) from None

    # ------------------------------------------------------------------ the answer

    def _med_trace(self, roots, direction, depth):
        """Return the answer of `med_trace`; as superuser, limited to the caller's companies."""
        head = {'version': VERSION, 'direction': direction, 'depth': depth, 'roots': roots}
        if direction == 'both':
            return head | {
                way: self._med_trace(roots, way, depth) for way in ('forward', 'backward')}
        forward = direction == 'forward'
        walk = self.env['med.genealogy.walk']
        nodes = walk._reachable(roots, forward, depth)
        inner = walk._reachable(roots, forward, depth - 1) if depth > 1 else roots
        edges = walk._edges(inner if depth else nodes, forward)
        reached = reach(roots, edges, forward)
        lots = self._med_node_rows(reached)
        seen = {row['id'] for row in lots}
        exact = {node for node in seen if reached[node].exact}
        consignees, left = self._med_party_rows(
            seen, exact, ('delivery', 'return'), ('shipped', 'returned'))
        suppliers, _left = self._med_party_rows(
            seen, exact, ('receipt', 'vendor_return'), ('received', 'returned'))
        shown = [edge for edge in edges if edge.source in seen and edge.target in seen]
        events = {edge.event for edge in shown} - {0}
        for row in (*consignees, *suppliers):
            events.update(row['events'])
        events = self._med_event_rows(events)
        loads = {row['res_id'] for row in events if row['kind'] == 'subcontract'}
        return head | {
            'lots': lots,
            'edges': [{
                'from': edge.source, 'to': edge.target, 'event': edge.event,
                'exact': edge.exact, 'quantity': edge.quantity,
            } for edge in shown[:MAX_EDGES]],
            'edges_left_out': max(0, len(shown) - MAX_EDGES),
            'events': events,
            'consignees': consignees,
            'suppliers': suppliers,
            'stock': self._med_stock_rows(seen),
            'withheld': {'lots': len(reached) - len(lots), 'consignees': left},
            'totals': {
                'lots': len(lots), 'exact': len(exact), 'possible': len(lots) - len(exact),
                'edges': len(shown),
                'consignees': len({row['partner_id'] for row in consignees}),
                'countries': len({row['country_code'] for row in consignees} - {''}),
                'suppliers': len({row['partner_id'] for row in suppliers}),
                'operators': len({name for row in events for name in row['operators']}),
                'loads': len(loads),
            },
        }

    def _med_lang(self):
        return self.env.lang or 'en_US'

    def _med_node_rows(self, reached):
        """Return the rows of the lots and pools in `reached`, roots first, then by level."""
        rows = self.env.execute_query(SQL(
            """
            SELECT lot.id, lot.name, lot.product_id, pp.default_code,
                   COALESCE(pt.name ->> %(lang)s, pt.name ->> 'en_US'), pt.tracking,
                   lot.company_id, company.name, lot.expiration_date,
                   COALESCE(uom.name ->> %(lang)s, uom.name ->> 'en_US'),
                   COALESCE((SELECT sum(q.quantity) FROM stock_quant q
                               JOIN stock_location loc ON loc.id = q.location_id
                              WHERE q.lot_id = lot.id AND (loc.usage = 'internal' OR (
                                    loc.usage = 'transit' AND loc.company_id IS NOT NULL))
                            ), 0)::float8
              FROM stock_lot lot
              JOIN product_product pp ON pp.id = lot.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id
              JOIN uom_uom uom ON uom.id = pt.uom_id
         LEFT JOIN res_company company ON company.id = lot.company_id
             WHERE lot.id = ANY(%(nodes)s)
               AND (lot.company_id IS NULL OR lot.company_id = ANY(%(companies)s))
            UNION ALL
            SELECT line.node, event.name, line.product_id, pp.default_code,
                   COALESCE(pt.name ->> %(lang)s, pt.name ->> 'en_US'), 'pool',
                   line.company_id, company.name, NULL,
                   COALESCE(uom.name ->> %(lang)s, uom.name ->> 'en_US'), 0
              FROM med_genealogy_line line
              JOIN med_genealogy_event event ON event.id = line.event_id
              JOIN product_product pp ON pp.id = line.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id
              JOIN uom_uom uom ON uom.id = pt.uom_id
         LEFT JOIN res_company company ON company.id = line.company_id
             WHERE line.lot_id IS NULL AND line.side = 'out' AND line.active
               AND line.node = ANY(%(pools)s) AND line.company_id = ANY(%(companies)s)
            """,
            lang=self._med_lang(), nodes=[node for node in reached if node > 0],
            pools=[node for node in reached if node < 0],
            companies=self.env.user.company_ids.ids))
        now = self.env.cr.now()
        lots = [{
            'id': node,
            'kind': tracking if tracking in ('serial', 'pool') else 'lot',
            'name': name,
            'product_id': product_id,
            'product': f'[{code}] {product}' if code else product,
            'tracking': 'none' if tracking == 'pool' else tracking,
            'level': reached[node].level,
            'exact': reached[node].exact,
            'company_id': company_id or 0,
            'company': company or '',
            'expiration': _iso(expiration),
            'on_hand': on_hand,
            'uom': uom,
            'state': 'expired' if expiration and expiration < now else '',
        } for (node, name, product_id, code, product, tracking, company_id, company, expiration,
               uom, on_hand) in rows]
        lots.sort(key=lambda row: (row['level'], row['product'], row['name'], row['id']))
        return lots

    def _med_party_rows(self, nodes, exact, kinds, columns):
        """Return who received (or supplied) these nodes, with quantities, and how many withheld.

        :param kinds: the kind of event that counts up, and the one that counts down
        :param columns: names of the two quantities
        """
        rows = self.env.execute_query(SQL(
            """
            SELECT l.node, e.partner_id, bool_and(l.company_id = ANY(%(companies)s)),
                   sum(CASE WHEN l.kind = %(up)s THEN l.quantity ELSE 0 END)::float8,
                   sum(CASE WHEN l.kind = %(down)s THEN l.quantity ELSE 0 END)::float8,
                   array_agg(DISTINCT l.event_id), min(l.product_id)
              FROM med_genealogy_line l
              JOIN med_genealogy_event e ON e.id = l.event_id
             WHERE l.node = ANY(%(nodes)s) AND l.active AND l.kind IN (%(up)s, %(down)s)
          GROUP BY l.node, e.partner_id
            """, nodes=list(nodes), up=kinds[0], down=kinds[1],
            companies=self.env.user.company_ids.ids))
        visible = [row for row in rows if row[2]]
        partners = self._med_partner_rows({row[1] for row in visible if row[1]})
        units = self._med_units_of({row[6] for row in visible})
        res = []
        for node, partner_id, _visible, up, down, events, product_id in visible:
            res.append(partners.get(partner_id, partners[0]) | {
                'lot_id': node, 'exact': node in exact, columns[0]: up, columns[1]: down,
                'net': round(up - down, 6), 'uom': units[product_id], 'events': events,
            })
        res.sort(key=lambda row: (row['partner'], row['partner_id'], row['lot_id']))
        return res, len(rows) - len(visible)

    def _med_partner_rows(self, partner_ids):
        rows = self.env.execute_query(SQL(
            """
            SELECT p.id, COALESCE(NULLIF(p.complete_name, ''), p.name, ''),
                   COALESCE(c.name ->> %(lang)s, c.name ->> 'en_US', ''), COALESCE(c.code, ''),
                   EXISTS (SELECT 1 FROM res_company rc WHERE rc.partner_id = COALESCE(
                       p.commercial_partner_id, p.id))
              FROM res_partner p
         LEFT JOIN res_country c ON c.id = p.country_id WHERE p.id = ANY(%(ids)s)
            """, lang=self._med_lang(), ids=list(partner_ids)))
        keys = ('partner_id', 'partner', 'country', 'country_code', 'own_company')
        nobody = dict(zip(keys, (0, '', '', '', False), strict=True))
        return {0: nobody} | {row[0]: dict(zip(keys, row, strict=True)) for row in rows}

    def _med_units_of(self, product_ids):
        """Return ``{product id: name of its unit}``."""
        return dict(self.env.execute_query(SQL(
            """
            SELECT pp.id, COALESCE(uom.name ->> %(lang)s, uom.name ->> 'en_US')
              FROM product_product pp JOIN product_template pt ON pt.id = pp.product_tmpl_id
              JOIN uom_uom uom ON uom.id = pt.uom_id WHERE pp.id = ANY(%(ids)s)
            """, lang=self._med_lang(), ids=list(product_ids))))

    def _med_stock_rows(self, nodes):
        """Return where the rest of these lots stands."""
        rows = self.env.execute_query(SQL(
            """
            SELECT q.lot_id, loc.id, loc.complete_name, loc.usage, COALESCE(loc.company_id, 0),
                   COALESCE(company.name, ''), sum(q.quantity)::float8, min(q.product_id)
              FROM stock_quant q
              JOIN stock_location loc ON loc.id = q.location_id
         LEFT JOIN res_company company ON company.id = loc.company_id
             WHERE q.lot_id = ANY(%(nodes)s) AND loc.usage IN ('internal', 'transit')
               AND (loc.company_id IS NULL OR loc.company_id = ANY(%(companies)s))
          GROUP BY q.lot_id, loc.id, company.name HAVING sum(q.quantity) <> 0
          ORDER BY loc.complete_name, q.lot_id
            """, nodes=[node for node in nodes if node > 0],
            companies=self.env.user.company_ids.ids))
        units = self._med_units_of({row[7] for row in rows})
        keys = ('lot_id', 'location_id', 'location', 'usage', 'company_id', 'company', 'quantity')
        return [dict(zip(keys, row[:7], strict=True)) | {'uom': units[row[7]]} for row in rows]

    def _med_event_rows(self, event_ids):
        """Return the documents behind the edges, consignees and suppliers."""
        rows = self.env.execute_query(SQL(
            """
            SELECT e.id, e.kind, e.name, e.res_model, e.res_id, e.date, COALESCE(e.company_id, 0),
                   COALESCE(company.name, ''), COALESCE(e.partner_id, 0),
                   COALESCE(partner.complete_name, partner.name, ''), COALESCE(e.reason, '')
              FROM med_genealogy_event e
         LEFT JOIN res_company company ON company.id = e.company_id
         LEFT JOIN res_partner partner ON partner.id = e.partner_id
             WHERE e.id = ANY(%(ids)s)
               AND (e.company_id IS NULL OR e.company_id = ANY(%(companies)s))
          ORDER BY e.date, e.id
            """, ids=list(event_ids), companies=self.env.user.company_ids.ids))
        operators = self._med_names_of(event_ids, SQL(
            "SELECT r.event_id, p.name FROM med_genealogy_event_operator_rel r "
            "JOIN res_users u ON u.id = r.user_id JOIN res_partner p ON p.id = u.partner_id"))
        workcenters = self._med_names_of(event_ids, SQL(
            "SELECT r.event_id, w.name FROM med_genealogy_event_workcenter_rel r "
            "JOIN mrp_workcenter w ON w.id = r.workcenter_id"))
        keys = ('id', 'kind', 'name', 'model', 'res_id', 'date', 'company_id', 'company',
                'partner_id', 'partner', 'reason')
        return [
            dict(zip(keys, row, strict=True)) | {
                'date': _iso(row[5]), 'operators': operators[row[0]],
                'workcenters': workcenters[row[0]]}
            for row in rows]

    def _med_names_of(self, event_ids, select):
        names = defaultdict(list)
        for event, name in self.env.execute_query(SQL(
                "%s WHERE r.event_id = ANY(%s) ORDER BY 2", select, list(event_ids))):
            names[event].append(name)
        return names
