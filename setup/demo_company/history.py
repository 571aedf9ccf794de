"""Eighteen months of the demonstration company, and the stories one looks for in them."""

import gc
from datetime import timedelta

from .clock import at_hour
from .distribution import Distribution
from .production import Production
from .purchasing import Purchasing


class History(Purchasing, Production, Distribution):

    def __init__(self, docs, timeline, days, rng, start, progress):
        self.docs, self.timeline, self.days, self.rng = docs, timeline, days, rng
        self.master, self.clock = docs.master, docs.clock
        self.start, self.progress = start, progress
        self.stories, self.on_order, self.counters = {}, {}, {}
        self.waiting_load = []
        self.supplier_lots = {}

    # -- helpers ------------------------------------------------------------------------------

    def run(self):
        self._plan_everything()
        month = None
        gc.freeze()
        for moment, action in self.timeline:
            if (moment.year, moment.month) != month:
                month = (moment.year, moment.month)
                self.progress(f"{moment:%B %Y}")
                self.docs.env.invalidate_all()
            self.clock.at(moment)
            action()
            self._settle()
        gc.unfreeze()
        self._find_late_stories()
        return self.stories

    def _settle(self):
        """Let Odoo do at the document's own time what it keeps for the end of a transaction.

        Each new environment is compared with all that are alive, so the dead ones go at once.
        """
        env = self.docs.env
        env.flush_all()
        env.cr.precommit.run()
        gc.collect()

    def tell(self, key, text, lots=(), documents=()):
        self.stories[key] = {
            "text": text,
            "lots": [{"id": lot.id, "name": lot.name, "product": lot.product_id.name}
                     for lot in lots],
            "documents": [{"model": d._name, "id": d.id, "name": d.name} for d in documents],
        }

    def _number(self, prefix, width=3):
        """The next number of a series that starts anew each year, as `CVC26-007`."""
        series = f"{prefix}{self.clock.now:%y}-"
        self.counters[series] = self.counters.get(series, 0) + 1
        return f"{series}{self.counters[series]:0{width}d}"

    def _after(self, working_days, hour, action, minute=0):
        day = self.days.add((self.clock.now + timedelta(hours=8)).date(), working_days)
        self.timeline.plan(at_hour(day, hour, minute), action)

    def _later_today(self, action, minutes):
        self.timeline.plan(self.clock.now + timedelta(minutes=minutes), action)

    def _every(self, first_day, step_days, hour, action, minute=0):
        """Plan `action` for `first_day` days after the start and each `step_days` from then on."""
        day = self.start + timedelta(days=first_day)
        while day <= self.timeline.end.date():
            self.timeline.plan(at_hour(self.days.on_or_after(day), hour, minute), action)
            day += timedelta(days=step_days)

    def _once(self, day, hour, action):
        self._every(day, 10_000, hour, action)

    def _batches(self, first_day, step_days, hour, action):
        index = 0
        day = self.start + timedelta(days=first_day)
        while day <= self.timeline.end.date():
            self.timeline.plan(at_hour(self.days.on_or_after(day), hour),
                               lambda i=index: action(i))
            index += 1
            day += timedelta(days=step_days)

    def _plan_everything(self):
        self._every(0, 7, 8, self.reorder)
        self._batches(14, 21, 9, self.make_bodies)
        self._batches(17, 42, 9, self.order_blanks)
        self._batches(18, 42, 10, self.order_boards)
        self._every(38, 28, 13, self.supply_ninglan)
        self._every(45, 42, 14, self.supply_europe)
        self._every(52, 42, 14, lambda: self.sell_abroad("dealer_us"), 30)
        self._every(59, 42, 14, lambda: self.sell_abroad("dealer_my"), 45)
        self._every(44, 7, 10, self.supply_hospital)
        self._every(46, 11, 15, self.supply_hospital)
        self._every(73, 18, 16, self.sell_in_germany)
        self._every(75, 56, 11, self.fill_consignment)
        self._every(80, 21, 16, self.implant)
        self._once(100, 9, self.return_and_reship)
        self._every(140, 90, 9, self.ordinary_return)
        self._every(115, 30, 9, self.repair_pump)
        self._once(108, 11, self.split_delivery)
        self._once(150, 9, self.relabel)

    # -- the end ------------------------------------------------------------------------------

    def _find_late_stories(self):
        """Stories that only the whole history can tell."""
        env = self.docs.env
        env.cr.execute("""
            SELECT line.lot_id
              FROM stock_move_line line
              JOIN stock_picking picking ON picking.id = line.picking_id
              JOIN stock_location destination ON destination.id = line.location_dest_id
             WHERE line.state = 'done' AND destination.usage = 'customer' AND line.product_id = %s
          GROUP BY line.lot_id
          ORDER BY count(DISTINCT picking.company_id) DESC, count(DISTINCT picking.partner_id) DESC,
                   line.lot_id
             LIMIT 1""", [self.docs.product("kit").id])
        lot = env["stock.lot"].browse(env.cr.fetchone()[0])
        self.tell("sold_between_companies", "A lot that the maker sold to its distributor and its "
                  "importer, who each sold it on", [lot])
        self.tell("main_finished", "The lot the demonstration asks about", [lot])
        assembled = self.docs.lot("kit_ns", lot.name)
        order = env["stock.move.line"].search(
            [("lot_id", "=", assembled.id), ("move_id.production_id", "!=", False)],
            order="id", limit=1).move_id.production_id
        wires = order.move_raw_ids.filtered_domain(
            [("product_id", "=", self.docs.product("wire").id)]).lot_ids
        self.tell("main_raw", "The guide wires of that lot, which the demonstration takes for bad",
                  wires[:1], [order])
