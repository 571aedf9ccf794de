from collections import defaultdict
from operator import itemgetter

from odoo import models
from odoo.tools import SQL

from ..tools.times import iso_text
from ..tools.walk import reach
from .med_genealogy_walk import COUNTED, any_of

VERSION = 1
MAX_EDGES = 250_000
HEADS = 20
"""Traced lots whose labels are shown."""
PARTIES = {
    'consignees': (('delivery', 'return'), ('shipped', 'returned')),
    'suppliers': (('receipt', 'vendor_return'), ('received', 'returned')),
}
"""``{part: ((kind of event that counts up, kind that counts down), names of the quantities)}``"""
PARTS = frozenset(('lots', 'edges', 'events', 'stock', *PARTIES))
"""What a caller may ask for alone."""


class StockLot(models.Model):
    """The answer to a trace (see `med_trace`), set-based, from a read-only cursor."""

    _inherit = 'stock.lot'

    def _med_trace(self, roots, direction, depth, parts):
        """Return the answer of `med_trace`; as superuser, limited to the caller's companies."""
        companies = self._med_companies()
        head = {'version': VERSION, 'direction': direction, 'depth': depth, 'roots': roots,
                'heads': self._med_heads(roots, companies)}
        if direction == 'both':
            return head | {
                way: self._med_trace(roots, way, depth, parts) for way in ('forward', 'backward')}
        forward = direction == 'forward'
        edges = self.env['med.genealogy.walk']._edges(roots, forward, depth)
        reached = reach(roots, edges, forward)
        if depth > COUNTED:
            near = 0 if forward else 1
            edges = [edge for edge in edges if reached[edge[near]].level < depth]
            reached = {node: how for node, how in reached.items() if how.level <= depth}
        nodes = self._med_nodes(reached, companies)
        products = self._med_products({row[2] for row in nodes})
        units = {row[0]: products[row[2]][2] for row in nodes}
        exact = {node for node in units if reached[node].exact}
        shown = edges if len(units) == len(reached) else [
            edge for edge in edges if edge.source in units and edge.target in units]
        answer = {'withheld': {'lots': len(reached) - len(units)}, 'totals': {
            'lots': len(units), 'exact': len(exact), 'possible': len(units) - len(exact),
            'edges': len(shown)}}
        if not parts.isdisjoint(('lots', 'stock')):
            stock, on_hand = self._med_stock(units)
            answer['lots'] = self._med_node_rows(nodes, products, reached, on_hand, companies)
            answer['stock'] = self._med_stock_rows(stock, units, companies)
        if 'edges' in parts:
            answer['edges'] = [
                {'from': source, 'to': target, 'event': event, 'exact': sure,
                 'quantity': quantity}
                for source, target, event, sure, quantity in shown[:MAX_EDGES]]
            answer['edges_left_out'] = max(0, len(shown) - MAX_EDGES)
        self._med_add_documents(answer, parts, shown, units, exact, companies)
        return head | {key: value for key, value in answer.items()
                       if key not in PARTS or key in parts}

    def _med_add_documents(self, answer, parts, edges, units, exact, companies):
        """Add consignees, suppliers and the documents behind what is asked for, with totals.

        :param edges: the edges to show
        :param units: ``{node: name of its unit}``
        :param exact: nodes that are exact
        :param companies: as `_med_companies` returns it
        """
        told = PARTS if parts.isdisjoint(('edges', *PARTIES)) and 'events' in parts else parts
        asked = [part for part in PARTIES if part in told]
        parties = self._med_parties(
            units, [kind for part in asked for kind in PARTIES[part][0]], companies)
        behind = {edge[2] for edge in edges} if told.issuperset(('edges', 'events')) else set()
        documents = self._med_documents(behind.union(party[1] for party in parties))
        partners = self._med_partner_rows({row[7] for row in documents.values()})
        for part in asked:
            rows, withheld = self._med_party_rows(
                parties, documents, partners, units, exact, *PARTIES[part])
            answer[part] = rows
            answer['totals'][part] = len({row['partner_id'] for row in rows})
            if part == 'consignees':
                self._med_add_payers(rows, documents, partners)
                answer['withheld'][part] = withheld
                answer['totals']['countries'] = len({row['country_code'] for row in rows} - {''})
        if 'events' in parts:
            behind.update(party[1] for party in parties if party[2])
            events = self._med_event_rows(
                [row for event, row in documents.items() if event in behind], partners, companies)
            answer['events'] = events
            answer['totals'] |= {
                'operators': len({name for row in events for name in row['operators']}),
                'loads': len({row['res_id'] for row in events if row['kind'] == 'subcontract'})}

    def _med_heads(self, roots, companies):
        """Return what the labels of the first roots bear (QMSR-35c)."""
        return [{
            'lot_id': lot.id, 'name': lot.name, 'udi': lot._med_udi_text(),
            'batch': lot.med_batch or '', 'manufacturing_date': str(lot.med_manufactured or ''),
            'expiration_date': str(lot._med_expiry() or '')}
            for lot in self.browse(roots[:HEADS]) if (lot.company_id.id or 0) in companies]

    def _med_lang(self):
        return self.env.lang or 'en_US'

    def _med_companies(self):
        """Return ``{company id: name}`` of the companies the user may see, 0 for none."""
        return {0: ''} | dict(self.env.execute_query(SQL(
            "SELECT id, name FROM res_company WHERE id = ANY(%s)",
            list(self.env.user._get_company_ids()))))

    def _med_products(self, product_ids):
        """Return ``{product id: (name with code, tracking, name of its unit)}``."""
        return {
            product_id: (f'[{code}] {name}' if code else name, tracking, uom)
            for product_id, code, name, tracking, uom in self.env.execute_query(SQL(
                """
                SELECT pp.id, pp.default_code,
                       COALESCE(pt.name ->> %(lang)s, pt.name ->> 'en_US'), pt.tracking,
                       COALESCE(uom.name ->> %(lang)s, uom.name ->> 'en_US')
                  FROM product_product pp
                  JOIN product_template pt ON pt.id = pp.product_tmpl_id
                  JOIN uom_uom uom ON uom.id = pt.uom_id
                 WHERE pp.id = ANY(%(ids)s)
                """, lang=self._med_lang(), ids=list(product_ids)))}

    def _med_nodes(self, reached, companies):
        """Return what the caller may see of the lots and pools in `reached`.

        :param companies: as `_med_companies` returns it
        :return: list of (node, name, product id, company id, expiration, whether it is a pool)
        """
        nodes = self.env.execute_query(SQL(
            """
            SELECT id, name, product_id, COALESCE(company_id, 0), expiration_date::text,
                   FALSE
              FROM stock_lot
             WHERE id = %(nodes)s
               AND (company_id IS NULL OR company_id = ANY(%(companies)s))
            """, nodes=any_of(node for node in reached if node > 0),
            companies=list(companies)))
        pools = [node for node in reached if node < 0]
        if pools:
            nodes += self.env.execute_query(SQL(
                """
                SELECT line.node, event.name, line.product_id, line.company_id, NULL, TRUE
                  FROM med_genealogy_line line
                  JOIN med_genealogy_event event ON event.id = line.event_id
                 WHERE line.lot_id IS NULL AND line.side = 'out' AND line.active
                   AND line.node = %(pools)s AND line.company_id = ANY(%(companies)s)
                """, pools=any_of(pools), companies=list(companies)))
        return nodes

    def _med_node_rows(self, nodes, products, reached, on_hand, companies):
        """Return the rows of lots and pools, roots first, then by level.

        :param nodes: as `_med_nodes` returns it
        :param products: as `_med_products` returns it
        :param on_hand: ``{lot id: quantity in our own stock}``
        :param companies: as `_med_companies` returns it
        """
        now = str(self.env.cr.now())
        lots = []
        for node, name, product_id, company_id, expiration, pool in nodes:
            product, tracking, uom = products[product_id]
            level, exact = reached[node]
            lots.append({
                'id': node,
                'kind': 'pool' if pool else 'serial' if tracking == 'serial' else 'lot',
                'name': name,
                'product_id': product_id,
                'product': product,
                'tracking': 'none' if pool else tracking,
                'level': level,
                'exact': exact,
                'company_id': company_id,
                'company': companies[company_id],
                'expiration': iso_text(expiration),
                'on_hand': on_hand.get(node, 0.0),
                'uom': uom,
                'state': 'expired' if expiration and expiration < now else '',
            })
        for key in ('id', 'name', 'product', 'level'):  # four simple keys: faster than one of four
            lots.sort(key=itemgetter(key))
        return lots

    def _med_parties(self, nodes, kinds, companies):
        """Return what suppliers and consignees gave and got of these nodes.

        :param kinds: kinds of events, none: nothing
        :param companies: as `_med_companies` returns it
        :return: list of (node, event id, may be seen, kind, quantity), by event
        """
        parties = kinds and self.env.execute_query(SQL(
            """
            SELECT node, event_id, company_id = ANY(%(companies)s), kind, quantity
              FROM med_genealogy_line
             WHERE node = %(nodes)s AND active
               AND kind IN %(kinds)s
            """, nodes=any_of(nodes), kinds=tuple(kinds), companies=list(companies)))
        parties.sort(key=itemgetter(1))
        return parties

    def _med_party_rows(self, parties, documents, partners, units, exact, kinds, columns):
        """Return who received (or supplied) lots, with quantities, and how many are withheld.

        :param parties: as `_med_parties` returns it
        :param documents: as `_med_documents` returns it
        :param partners: as `_med_partner_rows` returns it
        :param units: ``{node: name of its unit}``
        :param exact: nodes that are exact
        :param kinds: the kind of event that counts up, and the one that counts down
        :param columns: names of the two quantities
        """
        rows, withheld = {partner: {} for partner in partners}, set()
        up, down = columns
        for node, event, visible, kind, quantity in parties:
            if kind not in kinds:
                continue
            partner = documents[event][7]
            if not visible:
                withheld.add((node, partner))
                continue
            out, back = (quantity, 0.0) if kind == kinds[0] else (0.0, quantity)
            row = rows[partner].get(node)
            if row is None:
                rows[partner][node] = {
                    **partners[partner], 'lot_id': node, 'exact': node in exact, up: out,
                    down: back, 'net': out - back, 'uom': units[node], 'events': [event]}
                continue
            row[up], row[down] = round(row[up] + out, 6), round(row[down] + back, 6)
            row['net'] = round(row[up] - row[down], 6)
            if row['events'][-1] != event:
                row['events'].append(event)
        return [
            row for partner in sorted(partners, key=lambda one: (partners[one]['partner'], one))
            for _lot, row in sorted(rows[partner].items())], len(withheld)

    def _med_add_payers(self, consignees, documents, partners):
        """Say who pays beside the place of delivery: a ward or a consignment store pays nothing.

        :param consignees: rows as `_med_party_rows` returns them; ``payer_id`` (of the last
            document) and ``payer`` (names of all of them) are added
        :param partners: as `_med_partner_rows` returns it, of the places of delivery
        """
        payers = self._med_payers(
            {event: row for event, row in documents.items() if row[1] in ('delivery', 'return')})
        further = set(payers.values()) - partners.keys()
        names = partners | self._med_partner_rows(further) if further else partners
        for row in consignees:
            row['payer_id'] = payer = payers[row['events'][-1]]
            row['payer'] = names[payer]['partner']
            if len(row['events']) > 1:
                row['payer'] = ", ".join(filter(None, dict.fromkeys(
                    names[payers[event]]['partner'] for event in row['events'])))

    def _med_payers(self, documents):
        """Return ``{event id: partner id}`` of who pays for deliveries; an addon that knows orders
        extends it.

        :param documents: ``{event id: row}``, rows as `_med_documents` returns them
        """
        payers = dict(self.env.execute_query(SQL(
            "SELECT id, COALESCE(commercial_partner_id, id) FROM res_partner WHERE id = ANY(%s)",
            list({row[7] for row in documents.values()}))))
        return {event: payers.get(row[7], 0) for event, row in documents.items()}

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

    def _med_stock(self, nodes):
        """Return what is in stock of these lots, and how much of each is in our own stock.

        :return: ``[(lot id, location id, quantity)], {lot id: quantity}``
        """
        rows = self.env.execute_query(SQL(
            """
            SELECT q.lot_id, q.location_id, sum(q.quantity)::float8,
                   loc.usage = 'internal' OR loc.company_id IS NOT NULL
              FROM stock_quant q JOIN stock_location loc ON loc.id = q.location_id
             WHERE q.lot_id = %s AND loc.usage IN ('internal', 'transit')
          GROUP BY q.lot_id, q.location_id, 4
            """, any_of(node for node in nodes if node > 0)))
        on_hand = defaultdict(float)
        for lot, _location, quantity, own in rows:
            if own:
                on_hand[lot] = round(on_hand[lot] + quantity, 6)
        return [row[:3] for row in rows if row[2]], on_hand

    def _med_stock_rows(self, stock, units, companies):
        """Return where the rest of these lots stands.

        :param stock: as `_med_stock` returns it
        :param units: ``{lot id: name of its unit}`` of the lots to show
        :param companies: as `_med_companies` returns it
        """
        keys = ('location_id', 'location', 'usage', 'company_id', 'company')
        locations = {
            row[0]: dict(zip(keys, (*row, companies[row[3]]), strict=True))
            for row in self.env.execute_query(SQL(
                """
                SELECT id, complete_name, usage, COALESCE(company_id, 0) FROM stock_location
                 WHERE id = ANY(%s) AND (company_id IS NULL OR company_id = ANY(%s))
                """, list({location for _lot, location, _quantity in stock}), list(companies)))}
        rows = [
            {'lot_id': lot, **locations[location], 'quantity': quantity, 'uom': units[lot]}
            for lot, location, quantity in stock if location in locations and lot in units]
        rows.sort(key=lambda row: (row['location'], row['lot_id']))
        return rows

    def _med_documents(self, event_ids):
        """Return ``{event id: (id, kind, name, model, res_id, date, company id, partner id,
        reason)}``, by date."""
        documents = self.env.execute_query(SQL(
            """
            SELECT id, kind, name, res_model, res_id, date::text, COALESCE(company_id, 0),
                   COALESCE(partner_id, 0), COALESCE(reason, '')
              FROM med_genealogy_event WHERE id = %s
            """, any_of(event_ids)))
        documents.sort(key=itemgetter(0))
        documents.sort(key=itemgetter(5))
        return {row[0]: row for row in documents}

    def _med_event_rows(self, documents, partners, companies):
        """Return the documents behind the edges, consignees and suppliers.

        :param documents: values of what `_med_documents` returns
        :param partners: as `_med_partner_rows` returns it
        :param companies: as `_med_companies` returns it
        """
        documents = [row for row in documents if row[6] in companies]
        wanted = any_of(row[0] for row in documents)
        operators = self._med_names_of(
            wanted, SQL("SELECT event_id, user_id FROM med_genealogy_event_operator_rel"),
            "SELECT u.id, p.name FROM res_users u JOIN res_partner p ON p.id = u.partner_id "
            "WHERE u.id = ANY(%s)")
        workcenters = self._med_names_of(
            wanted, SQL("SELECT event_id, workcenter_id FROM med_genealogy_event_workcenter_rel"),
            "SELECT id, name FROM mrp_workcenter WHERE id = ANY(%s)")
        nobody = []
        names = {partner: row['partner'] for partner, row in partners.items()}
        return [
            {'id': event, 'kind': kind, 'name': name, 'model': model, 'res_id': res_id,
             'date': iso_text(date), 'company_id': company, 'company': companies[company],
             'partner_id': partner, 'partner': names[partner], 'reason': reason,
             'operators': operators.get(event, nobody),
             'workcenters': workcenters.get(event, nobody)}
            for event, kind, name, model, res_id, date, company, partner, reason in documents]

    def _med_names_of(self, event_ids, pairs, names):
        """Return ``{event id: sorted names}``.

        :param event_ids: events, as `any_of` returns them
        :param pairs: SQL of (event id, id)
        :param names: SQL text of (id, name), with a place for the ids
        """
        rows = self.env.execute_query(SQL(
            "%s WHERE event_id = %s", pairs, event_ids))
        if not rows:
            return {}
        names = dict(self.env.execute_query(SQL(names, list({key for _event, key in rows}))))
        alone = {key: [name] for key, name in names.items()}
        found = {}
        for event, key in rows:
            found[event] = sorted(found[event] + alone[key]) if event in found else alone[key]
        return found
