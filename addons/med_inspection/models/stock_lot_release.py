from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from .med_inspection import SHOP_STAGES
from .med_inspection_make import BORN

GOOD = ("accepted", "concession")


class StockLot(models.Model):
    """What inspection says to the release of a lot."""

    _inherit = "stock.lot"

    def _med_inspection_obstacles(self):
        """Return sentences on blocking inspections of these lots, or of the orders that made them,
        that are not decided or ended badly.

        A rejected inspection stands until the lot, submitted again, was accepted.
        """
        orders = self._med_orders()
        made = defaultdict(self.browse)
        for lot, several in orders.items():
            for order in several:
                made[order] |= lot
        found = self.env["med.inspection"].sudo().search([
            ("blocking", "=", True), ("state", "in", ("open", "submitted", "rejected")),
            "|", ("lot_ids", "in", self.ids),
            "&", ("production_id", "in", list(made)), ("stage", "in", SHOP_STAGES)])
        cured = self.env["med.inspection"].sudo().search([
            ("state", "in", GOOD), ("resubmission_of_id", "!=", False),
            ("lot_ids", "in", found.lot_ids.ids)])
        settled = cured.resubmission_of_id
        while further := settled.resubmission_of_id - settled:
            settled |= further
        states = dict(found._fields["state"]._description_selection(self.env))
        return [self.env._(
            "%(lot)s: %(inspection)s is %(state)s", inspection=one.name, state=states[one.state],
            lot=", ".join((one.lot_ids & self or made[one.production_id.id])[:3].mapped("name")))
            for one in found - settled]

    def _med_orders(self):
        """Return lot → ids of the orders that made it."""
        found = defaultdict(set)
        self.env["stock.move.line"].flush_model()
        for lot, order in self.env.execute_query(SQL("""
                SELECT l.lot_id, m.production_id FROM stock_move_line l
                  JOIN stock_move m ON m.id = l.move_id
                 WHERE l.lot_id IN %s AND l.state = 'done' AND m.production_id IS NOT NULL
              GROUP BY l.lot_id, m.production_id""", tuple(self.ids) or (0,))):
            found[self.browse(lot)].add(order)
        return found

    def _med_inspections_missing(self):
        """Return sentences on lots that an approved plan wants inspected, and that were not."""
        lines = self.env["stock.move.line"].sudo().search([
            ("lot_id", "in", self.ids), ("state", "=", "done"),
            ("location_id.usage", "in", ("supplier", "transit", "production", "customer")),
            ("location_dest_id.usage", "=", "internal")])
        done = {(lot.id, one.stage) for one in self.env["med.inspection"].sudo().search([
            ("lot_ids", "in", self.ids), ("state", "!=", "cancelled"),
            ("stage", "in", BORN)]) for lot in one.lot_ids}
        find, lacking = self.env["med.inspection.plan"]._matcher(), {}
        for line in lines:
            stage = line._med_stage()
            if not stage or (line.lot_id.id, stage) in done or (line.lot_id.id, stage) in lacking:
                continue
            plan = find(line.company_id, stage, line.product_id, line._med_partner(stage))
            if plan.blocking:
                lacking[line.lot_id.id, stage] = self.env._(
                    "%(lot)s: the inspection by %(plan)s is missing: request it",
                    lot=line.lot_id.name, plan=plan.display_name)
        return list(lacking.values())
