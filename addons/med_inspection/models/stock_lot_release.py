from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from .med_inspection import SHOP_STAGES
from .med_inspection_make import BORN, GOOD


class StockLot(models.Model):
    """What inspection says to the release of a lot.

    A part of a lot, or a lot under another number, is asked for the inspections of what it came
    out of.
    """

    _inherit = "stock.lot"

    def _med_lineage(self):
        """Return lot id → ids of the lot and of all it was split, merged or relabelled from."""
        found = {lot.id: {lot.id} for lot in self}
        self.env.flush_all()
        for lot, source in self.env.execute_query(SQL("""
                WITH RECURSIVE origin (lot, source) AS (
                    SELECT o.lot_id, i.lot_id
                      FROM med_repack_output o JOIN med_repack_input i USING (repack_id)
                     WHERE o.lot_id IN %s
                     UNION
                    SELECT origin.lot, i.lot_id
                      FROM origin JOIN med_repack_output o ON o.lot_id = origin.source
                      JOIN med_repack_input i USING (repack_id))
                SELECT lot, source FROM origin""", tuple(self.ids) or (0,))):
            found[lot].add(source)
        return found

    def _med_inspection_obstacles(self):
        """Return sentences on blocking inspections of these lots, or of the orders that made them,
        that are not decided or ended badly.

        A rejected inspection stands until the lot, submitted again, was accepted.
        """
        lineage = self._med_lineage()
        everyone = self.browse(set().union(*lineage.values()))
        orders = everyone._med_orders()
        Inspection = self.env["med.inspection"].sudo()
        bad = Inspection.search([
            ("blocking", "=", True), ("state", "in", ("open", "submitted", "rejected")),
            "|", ("lot_ids", "in", everyone.ids), "&",
            ("production_id", "in", list(set().union(*orders.values()))),
            ("stage", "in", SHOP_STAGES)])
        cures = [(set(one.lot_ids.ids), one._med_cures()) for one in Inspection.search([
            ("state", "in", GOOD), ("resubmission_of_id", "!=", False),
            ("lot_ids", "in", everyone.ids)])] if bad else []
        by_lot, by_order = defaultdict(set), defaultdict(set)
        for one in bad:
            for lot in one.lot_ids.ids:
                by_lot[lot].add(one)
            if one.stage in SHOP_STAGES:
                by_order[one.production_id.id].add(one)
        states = dict(bad._fields["state"]._description_selection(self.env))
        told = []
        for lot in self:
            family = lineage[lot.id]
            found = set().union(*(by_lot[one] for one in family), *(
                by_order[order] for one in family for order in orders[one]))
            told += [self.env._(
                "%(lot)s: %(inspection)s is %(state)s", lot=lot.name, inspection=one.name,
                state=states[one.state])
                for one in sorted(found, key=lambda one: one.id)
                if not any(family & lots and one in chain for lots, chain in cures)]
        return told

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
