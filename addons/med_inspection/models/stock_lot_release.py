from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from .med_inspection import SHOP_STAGES
from .med_inspection_make import BORN, GOOD


def _ancestry(lot, origins, until=()):
    """Return ids of a lot and of all that it came out of.

    :param origins: see :meth:`StockLot._med_origins`
    :param until: lot id → time; what went into this lot until then is left out
    """
    found, todo = set(), [lot]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += [source for source, date in origins.get(one, ())
                     if one not in until or date > until[one]]
    return found


class StockLot(models.Model):
    """What inspection says to the release of a lot.

    A part of a lot, or a lot under another number, is asked for the inspections of what it came
    out of.
    """

    _inherit = "stock.lot"

    def _med_origins(self):
        """Return lot id → ``[(lot it was split, merged or relabelled from, when)]``, of these lots
        and of all that they came out of."""
        step = SQL("""med_repack_output o JOIN med_repack_input i USING (repack_id)
                      JOIN med_repack r ON r.id = o.repack_id AND r.state = 'done'""")
        found = defaultdict(list)
        self.env.flush_all()
        for lot, source, date in self.env.execute_query(SQL("""
                WITH RECURSIVE origin (lot, source, date) AS (
                    SELECT o.lot_id, i.lot_id, r.date_done FROM %(step)s WHERE o.lot_id IN %(lots)s
                     UNION
                    SELECT o.lot_id, i.lot_id, r.date_done
                      FROM origin JOIN (%(step)s) ON o.lot_id = origin.source)
                SELECT lot, source, date FROM origin""", step=step,
                lots=tuple(self.ids) or (0,))):
            found[lot].append((source, date))
        return found

    def _med_lineage(self):
        """Return lot id → ids of the lot and of all it was split, merged or relabelled from."""
        origins = self._med_origins()
        return {lot.id: _ancestry(lot.id, origins) for lot in self}

    def _med_inspection_obstacles(self):
        """Return sentences on blocking inspections of these lots, or of the orders that made them,
        that are not decided or ended badly.

        A rejected inspection stands until the lot, submitted again, was accepted.
        """
        Inspection = self.env["med.inspection"]
        states = dict(Inspection._fields["state"]._description_selection(self.env))
        return [self.env._(
            "%(lot)s: %(inspection)s is %(state)s", lot=lot.name, inspection=one.name,
            state=states[one.state])
            for lot, one in self._med_standing(("blocking", "=", True))]

    def _med_standing(self, *domain):
        """Return ``[(lot, inspection)]`` of inspections of these lots, of what they came out of or
        of the orders that made them, that are not decided, or rejected and not made good.

        A rejected one is made good for the lots of which another one, made for it, was accepted,
        and for what comes out of them; not by what joins such a lot later.

        :param domain: conditions on the inspections
        """
        origins = self._med_origins()
        everyone = self.browse({*self.ids, *origins, *(
            source for rows in origins.values() for source, _date in rows)})
        orders = everyone._med_orders()
        made = defaultdict(set)
        for lot, several in orders.items():
            for order in several:
                made[order].add(lot)
        these = ["|", ("lot_ids", "in", everyone.ids), "&",
                 ("production_id", "in", list(made)), ("stage", "in", SHOP_STAGES)]

        def concerned(one):
            return {*one.lot_ids.ids, *(
                made.get(one.production_id.id, ()) if one.stage in SHOP_STAGES else ())}

        Inspection = self.env["med.inspection"].sudo()
        bad = Inspection.search([
            ("state", "in", ("open", "submitted", "rejected")), *domain, *these])
        until, by_lot = defaultdict(dict), defaultdict(set)
        for cure in Inspection.search([
                ("state", "in", GOOD), ("resubmission_of_id", "!=", False), *these],
                order="id") if bad else ():
            for one in cure._med_cures():
                until[one] |= dict.fromkeys(concerned(cure), cure.create_date)
        for one in bad:
            for lot in concerned(one):
                by_lot[lot].add(one)
        found = []
        for lot in self:
            family = _ancestry(lot.id, origins)
            found += [(lot, one) for one in sorted(
                set().union(*(by_lot[source] for source in family)), key=lambda one: one.id)
                if one not in until or concerned(one) & (
                    _ancestry(lot.id, origins, until[one]) - until[one].keys())]
        return found

    def _med_orders(self):
        """Return lot id → ids of the orders that made it."""
        found = defaultdict(set)
        self.env["stock.move.line"].flush_model()
        for lot, order in self.env.execute_query(SQL("""
                SELECT l.lot_id, m.production_id FROM stock_move_line l
                  JOIN stock_move m ON m.id = l.move_id
                 WHERE l.lot_id IN %s AND l.state = 'done' AND m.production_id IS NOT NULL
              GROUP BY l.lot_id, m.production_id""", tuple(self.ids) or (0,))):
            found[lot].add(order)
        return found

    def _med_inspections_missing(self):
        """Return sentences on lots that an approved plan wants inspected, and that were not."""
        lineage = self._med_lineage()
        everyone = self.browse(set().union(*lineage.values()))
        lines = self.env["stock.move.line"].sudo().search([
            ("lot_id", "in", everyone.ids), ("state", "=", "done"),
            ("location_id.usage", "in", ("supplier", "transit", "production", "customer",
                                         "internal")),
            ("location_dest_id.usage", "=", "internal"),
            "|", ("location_id.usage", "!=", "internal"),
            ("picking_id.picking_type_id.code", "=", "incoming")])
        done = {(lot.id, one.stage) for one in self.env["med.inspection"].sudo().search([
            ("lot_ids", "in", everyone.ids), ("state", "!=", "cancelled"),
            ("stage", "in", BORN)]) for lot in one.lot_ids}
        find, lacking = self.env["med.inspection.plan"]._matcher(), {}
        for line in lines:
            stage = line._med_stage()
            if not stage or (line.lot_id.id, stage) in done or (line.lot_id.id, stage) in lacking:
                continue
            plan = find(line.company_id, stage, line.product_id, line._med_partner(stage))
            if plan.blocking:
                lacking[line.lot_id.id, stage] = plan
        return [self.env._(
            "%(lot)s: the inspection by %(plan)s is missing: request it",
            lot=self.browse(source).name, plan=plan.display_name)
            for lot in self for (source, stage), plan in lacking.items()
            if source in lineage[lot.id] and (lot.id, stage) not in done]
