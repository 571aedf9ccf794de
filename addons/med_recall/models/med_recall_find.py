import hashlib
from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.addons.med_signature.tools.canonical import canonical
from odoo.addons.med_traceability.models.med_genealogy_walk import int_array
from odoo.addons.med_traceability.tools.walk import reach
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.gc import disabling_gc

MAX_ROWS = 100


class Party(NamedTuple):
    """What one consignee received of one lot, or of an untracked product.

    :ivar partner: id; 0 where the delivery names nobody
    :ivar lot: id; 0 for untracked stock
    :ivar event: id of the last genealogy event about it
    """

    partner: int
    lot: int
    product: int
    exact: bool
    shipped: float
    returned: float
    event: int

    @property
    def net(self):
        return round(self.shipped - self.returned, 6)


class Found(NamedTuple):
    """What criteria mean at one moment, in the whole database.

    :ivar query: the criteria as plain data
    :ivar lots: ``{lot id: (level, exact)}``, in ascending order of ids
    :ivar pools: ids of nodes of untracked stock
    :ivar parties: list of :class:`Party`
    :ivar digest: SHA-256 of the text of all of this
    """

    query: list
    lots: dict
    pools: list
    parties: list
    digest: str


class MedRecallFind(models.AbstractModel):
    """Finds what criteria mean, set-based; reads all companies, whoever asks.

    A scope has to be the same for everybody who looks at it, signs it and ships: what a person may
    see of it is for the record rules, and for the preview.
    """

    _name = "med.recall.find"
    _description = "Finder of a Recall's Lots"

    @api.model
    def _found(self, query, company):
        """Return :class:`Found`.

        :param query: list of criteria, see :meth:`med.recall.preview`
        :param company: the lots named by the criteria are of this company, or of none
        """
        self.env.flush_all()
        finder = self.sudo()
        with disabling_gc():
            reached = finder._reached(*finder._roots(query, company))
            lots = {node: reached[node] for node in sorted(reached) if node > 0}
            parties = finder._parties(reached)
            return Found(query, lots, [node for node in reached if node < 0], parties,
                         _digest(query, lots, parties))

    @api.model
    def _check_query(self, query):
        """Raise, in one sentence, unless this is a list of criteria of which one includes."""
        if not isinstance(query, list) or not query or len(query) > MAX_ROWS or not all(
                isinstance(row, dict) for row in query):
            raise UserError(self.env._(
                "“criteria” must be a list of 1 to %s objects.", MAX_ROWS))
        if any(not isinstance(row.get("exclude", False), bool) for row in query):
            raise UserError(self.env._("“exclude” must be true or false."))
        if all(row.get("exclude") for row in query):
            raise UserError(self.env._("Every criterion excludes: say which lots are meant."))

    @api.model
    def _roots(self, query, company, among=None):
        """Return the ids of the lots that the criteria name, and of those that they exclude.

        :param among: ids of the only lots to look at
        """
        self._check_query(query)
        Lot, found = self.env["stock.lot"], ([], [])
        ours = Domain("company_id", "in", [False, company.id])
        if among is not None:
            ours &= Domain("id", "in", among)
        for excluded, ids in zip((False, True), found, strict=True):
            domains = [
                Lot._med_criteria_domain({
                    name: value for name, value in row.items() if name != "exclude"})
                for row in query if row.get("exclude", False) == excluded]
            if domains:
                ids.extend(Lot._search(ours & Domain.OR(domains), order="id"))
        return found

    @api.model
    def _reached(self, roots, left_out):
        """Return ``{node: (level, exact)}`` of what the roots went into, but through what is left
        out."""
        left_out = set(left_out)
        roots = [root for root in roots if root not in left_out]
        edges = self.env["med.genealogy.walk"]._edges(roots, True)
        if left_out:
            edges = [edge for edge in edges
                     if edge.source not in left_out and edge.target not in left_out]
        return reach(roots, edges)

    @api.model
    def _touched(self, query, company, lots):
        """Return those of some lots that the criteria mean: the same answer, asked from the lots.

        :param lots: ids
        """
        finder = self.sudo()
        walk = finder.env["med.genealogy.walk"]
        near = walk._edges(lots, False)
        nodes = {*lots, *(edge.source for edge in near)}
        roots, left_out = finder._roots(query, company, [node for node in nodes if node > 0])
        left_out = set(left_out)
        reached = reach(
            [root for root in roots if root not in left_out],
            [edge for edge in near if edge.source not in left_out and edge.target not in left_out])
        return [lot for lot in lots if lot in reached]

    @api.model
    def _parties(self, reached):
        """Return the list of :class:`Party` of these nodes, in a lasting order."""
        rows = self.env["med.genealogy.walk"]._query(SQL(
            """
            SELECT COALESCE(e.partner_id, 0), COALESCE(l.lot_id, 0), l.product_id,
                   COALESCE(sum(l.quantity) FILTER (WHERE l.kind = 'delivery'), 0)::float8,
                   COALESCE(sum(l.quantity) FILTER (WHERE l.kind = 'return'), 0)::float8,
                   (array_agg(e.id ORDER BY e.date DESC, e.id DESC))[1], min(l.node)
              FROM unnest(%s::int[]) n(node)
              JOIN med_genealogy_line l ON l.node = n.node AND l.active AND l.kind IN (
                   'delivery', 'return', 'receipt', 'vendor_return')
              JOIN med_genealogy_event e ON e.id = l.event_id
             WHERE l.kind IN ('delivery', 'return')
          GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """, int_array(reached)))
        return [
            Party(partner, lot, product, bool(lot) and reached[node].exact, round(shipped, 6),
                  round(returned, 6), event)
            for partner, lot, product, shipped, returned, event, node in rows]

    @api.model
    def _payers(self, parties):
        """Return, for each party, the id of who paid for the last of it; 0 where unknown."""
        Lot = self.env["stock.lot"].sudo()
        payers = Lot._med_payers(Lot._med_documents({one.event for one in parties}))
        return [payers.get(one.event, 0) for one in parties]

    @api.model
    def _on_hand(self, lots):
        """Return ``{lot id: quantity in our own stock}``."""
        return self.env["stock.lot"].sudo()._med_stock(lots)[1]

    @api.model
    def _sums(self, parties):
        """Return ``{lot id: [shipped, returned]}``."""
        sums = defaultdict(lambda: [0.0, 0.0])
        for party in parties:
            if party.lot:
                sums[party.lot][0] = round(sums[party.lot][0] + party.shipped, 6)
                sums[party.lot][1] = round(sums[party.lot][1] + party.returned, 6)
        return sums


def _digest(query, lots, parties):
    """Return the SHA-256 of: the canonical text of the query, then a line for each lot and party.

    Lines of plain numbers: a canonical text of 100,000 rows takes seconds.
    """
    told = [canonical(query)]
    told += [f"lot {lot} {how.exact:d}" for lot, how in lots.items()]
    told += [f"delivery {one.partner} {one.lot} {one.product} {one.shipped:.6f} {one.returned:.6f}"
             for one in parties]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
