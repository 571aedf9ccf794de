import dataclasses
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.reconcile import POOL, STATES, Declared, Sums, reconcile
from .med_recall_outcome import SETTLED_WITH_HIM

VERSION = 1
PARTIES = ("shipped", "returned")
OWN = {"corrected_here": "corrected", "released": "released", "destroyed": "destroyed",
       "lost": "lost"}
THERE = {"corrected_field": "corrected", "consumed": "consumed", "destroyed": "destroyed",
         "lost": "lost"}
FIGURES = {"received_back": "returned", "destroyed": "destroyed", "corrected": "corrected",
           "consumed": "consumed", "still_here": "still_here",
           "with_consignees": "with_consignees", "unaccounted": "unaccounted"}


class MedRecall(models.Model):
    """Where each unit of a recall is, and what became of it: exact, and live."""

    _inherit = "med.recall"

    outcome_ids = fields.One2many("med.recall.outcome", "recall_id", "Outcomes", readonly=True)
    return_ids = fields.One2many("med.recall.return", "recall_id", "Returns", readonly=True)
    destruction_ids = fields.One2many(
        "med.recall.destruction", "recall_id", "Destructions", readonly=True)
    return_count = fields.Integer("Number of Returns", compute="_compute_return_counts")
    destruction_count = fields.Integer("Number of Destructions", compute="_compute_return_counts")

    @api.depends("return_ids", "destruction_ids")
    def _compute_return_counts(self):
        for name, model in (("return_count", "med.recall.return"),
                            ("destruction_count", "med.recall.destruction")):
            counts = dict(self.env[model]._read_group(
                [("recall_id", "in", self.ids)], ["recall_id"], ["__count"]))
            for record in self:
                record[name] = counts.get(record, 0)

    # ------------------------------------------------------------------ starting point

    def _med_on_frozen(self, scope):
        super()._med_on_frozen(scope)
        self._med_write_baseline(scope)

    def _med_write_baseline(self, scope):
        """Write down where the units of lots are that this scope is the first to reach."""
        Baseline = self.env["med.recall.baseline"].sudo()
        known = Baseline.search([("recall_id", "=", self.id)]).lot_id
        lots = scope.sudo().line_ids.lot_id - known
        sums = self._med_sums(lots.ids)
        with permit(Baseline._name, (), "born"):
            Baseline.create([{
                "recall_id": self.id, "scope_id": scope.id, "lot_id": lot,
                "sums": {name: {str(key): str(quantity) for key, quantity in value.items()}
                         if isinstance(value, dict) else str(value)
                         for name, value in vars(sums[lot]).items()}} for lot in lots.ids])

    # ------------------------------------------------------------------ what stock says

    @api.model
    def _med_sums(self, lots):
        """Return lot id → :class:`Sums` of now, for many lots in two queries."""
        self.env.flush_all()
        found = {lot: defaultdict(Decimal) for lot in lots}
        parties = {lot: {name: defaultdict(Decimal) for name in PARTIES} for lot in lots}
        for lot, column, partner, quantity in self.env.execute_query(SQL("""
            SELECT l.lot_id, CASE
                       WHEN l.kind = 'delivery' THEN 'shipped'
                       WHEN l.kind = 'return' THEN 'returned'
                       WHEN l.kind = 'scrap' THEN 'destroyed'
                       WHEN l.kind = 'adjustment' THEN 'lost'
                       WHEN l.kind = 'vendor_return' THEN 'supplier'
                       WHEN l.kind = 'transfer' THEN 'on_hand'
                       WHEN l.side = 'in' THEN 'transformed' ELSE 'came_in' END AS col,
                   CASE WHEN l.kind IN ('delivery', 'return')
                        THEN COALESCE(e.partner_id, 0) ELSE 0 END AS partner,
                   sum(CASE WHEN l.kind IN ('scrap', 'adjustment', 'transfer') AND l.side = 'out'
                            THEN -l.quantity ELSE l.quantity END)::text
              FROM med_genealogy_line l JOIN med_genealogy_event e ON e.id = l.event_id
             WHERE l.lot_id = ANY(%(lots)s) AND l.active AND l.quantity <> 0
          GROUP BY l.lot_id, col, partner""", lots=lots)):
            if column in PARTIES:
                parties[lot][column][partner] += Decimal(quantity)
            else:
                found[lot][column] += Decimal(quantity)
        for lot, quantity in self.env.execute_query(SQL("""
            SELECT q.lot_id, sum(q.quantity)::text FROM stock_quant q
              JOIN stock_location p ON p.id = q.location_id
             WHERE q.lot_id = ANY(%(lots)s) AND (p.usage = 'internal' OR (
                   p.usage = 'transit' AND p.company_id IS NOT NULL))
          GROUP BY q.lot_id""", lots=lots)):
            found[lot]["on_hand"] += Decimal(quantity)
        return {lot: Sums(**found[lot], **{name: dict(parties[lot][name]) for name in PARTIES})
                for lot in lots}

    def _med_declared(self, lots):
        """Return lot id → :class:`Declared`, and lot id → consignee → what he got for units."""
        told = {lot: Declared() for lot in lots}
        given = {lot: defaultdict(lambda: dict.fromkeys(SETTLED_WITH_HIM, Decimal(0)))
                 for lot in lots}
        self.env.flush_all()
        for lot, partner, kind, to, quantity in self.env.execute_query(SQL("""
            SELECT lot_id, partner_id, kind, to_partner_id, sum(quantity)::text
              FROM med_recall_outcome
             WHERE recall_id = %(recall)s AND lot_id = ANY(%(lots)s) AND superseded IS NOT TRUE
          GROUP BY lot_id, partner_id, kind, to_partner_id""", recall=self.id, lots=lots)):
            one, amount = told[lot], Decimal(quantity)
            if kind in SETTLED_WITH_HIM:
                given[lot][partner][kind] += amount
            elif kind == "passed_on":
                one.passed[partner, to] = one.passed.get((partner, to), Decimal(0)) + amount
            elif partner is None:
                name = OWN[kind]
                one.own[name] = one.own.get(name, Decimal(0)) + amount
            else:
                states = one.field.setdefault(partner, {})
                states[THERE[kind]] = states.get(THERE[kind], Decimal(0)) + amount
        return told, given

    # ------------------------------------------------------------------ the account

    def _med_accounts(self, lots=None):
        """Return lot id → :class:`~..tools.reconcile.Account`, and what consignees got for units.

        :param lots: ids; every lot that the recall reaches where none are given
        """
        self.ensure_one()
        base = {row.lot_id.id: _sums(row.sums) for row in self.env[
            "med.recall.baseline"].sudo().search([("recall_id", "=", self.id), *(
                [("lot_id", "in", lots)] if lots is not None else [])])}
        live = self._med_sums(list(base))
        told, given = self._med_declared(list(base))
        if self.drill and self.drill_holds == "simulated":
            for lot, one in told.items():  # what a drill destroys is not taken out of stock
                quantity = one.own.get("destroyed", Decimal(0))
                live[lot] = _destroyed(live[lot], quantity)
        return {lot: reconcile(base[lot], live[lot], told[lot]) for lot in base}, given

    @api.readonly
    def reconcile(self):
        """Account for each unit in scope: where it is, or what became of it.

        ``in_scope`` is the sum of ``still_here``, ``with_consignees``, ``destroyed``,
        ``corrected``, ``consumed``, ``transformed`` (made into other lots), ``supplier``,
        ``released`` and ``unaccounted``; in the unit of each product, exact.

        :return: ``{"version", "settled", "totals", "lots": [{"lot", "name", "product", "unit",
            "settled", "in_scope", one key per state, "returned", "excess", "unproven",
            "unexplained", "difference", "consignees": [{"consignee", "name", "received",
            "returned", "has", "open", "finished", "consumed", "destroyed", "corrected", "lost",
            "replaced", "credited"}]}]}``, what is not settled first
        """
        self.check_access("read")
        accounts, given = self._med_accounts()
        lots = {lot.id: lot for lot in self.env["stock.lot"].sudo().browse(accounts)}
        names = {partner.id: partner.display_name for partner in self.env["res.partner"].sudo(
            ).browse({one for account in accounts.values() for one in account.parties if one})}
        rows = [{
            "lot": lot, "name": lots[lot].name, "product": lots[lot].product_id.display_name,
            "unit": lots[lot].product_uom_id.name, **_numbers(account),
            "consignees": [{
                "consignee": partner, "name": names.get(partner, ""),
                "received": float(party.received), "returned": float(party.returned),
                "has": float(party.has), "open": float(party.open),
                "finished": float(party.finished),
                **{name: float(value) for name, value in party.states.items()},
                **{name: float(given[lot][partner][name]) for name in SETTLED_WITH_HIM},
            } for partner, party in account.parties.items()]}
            for lot, account in accounts.items()]
        rows.sort(key=lambda row: (row["settled"], row["product"], row["name"], row["lot"]))
        return {"version": VERSION, "settled": all(row["settled"] for row in rows),
                "totals": self._med_totals(accounts, given), "lots": rows}

    def _med_totals(self, accounts, given):
        totals = {name: float(sum((one.states[name] for one in accounts.values()), Decimal(0)))
                  for name in STATES}
        for name in SETTLED_WITH_HIM:
            totals[name] = float(sum((kinds[name] for parties in given.values()
                                      for kinds in parties.values()), Decimal(0)))
        for name in ("in_scope", "returned"):
            totals[name] = float(sum((getattr(one, name) for one in accounts.values()),
                                     Decimal(0)))
        return totals

    def _med_figures(self):
        totals = self._med_totals(*self._med_accounts())
        return super()._med_figures() | {
            name: totals[key] for name, key in FIGURES.items()} | {
            "replaced": totals["replaced"]}

    # ------------------------------------------------------------------ what may leave again

    def _med_may_leave(self, lots):
        """Every unit of them that is here was corrected, or released by quality assurance."""
        accounts, _given = self._med_accounts(lots.ids)
        told, _given = self._med_declared(lots.ids)
        return super()._med_may_leave(lots) | lots.filtered(
            lambda lot: lot.id in accounts and not accounts[lot.id].unfit
            and any(told[lot.id].own.get(name) for name in POOL))

    def action_part_holds(self):
        """Hold apart what may leave again: quality assurance lifts those holds as any other."""
        self.ensure_one()
        self._med_check_decider()
        self.check_access("write")
        self._med_check_running()
        self._med_lock()
        scope = self._med_lots_in_scope()
        free = self._med_may_leave(scope)
        if free:
            reason = self.env._("Parted: of some lots every unit here was corrected or released.")
            self._med_part_holds(scope - free, reason)
        mine = [("source_model", "=", self._name), ("source_id", "=", self.id),
                ("state", "=", "open"), ("line_ids.lot_id", "in", free.ids)]
        return {"type": "ir.actions.act_window", "res_model": "med.hold", "domain": mine,
                "view_mode": "list,form", "name": self.env._("Holds That May Be Lifted")}

    # ------------------------------------------------------------------ the end

    def _med_check_complete(self):
        super()._med_check_complete()
        accounts, _given = self._med_accounts()
        waiting = [lot for lot, account in accounts.items() if not account.settled]
        if waiting:
            some = self.env["stock.lot"].sudo().browse(waiting[:5])
            raise UserError(self.env._(
                "%(recall)s: %(count)s lots have units without a final state (%(lots)s). Record "
                "what became of them, or that they are lost, and why.", recall=self.name,
                count=len(waiting), lots=", ".join(some.mapped("name"))))


def _sums(texts):
    """Return the :class:`Sums` that a starting point keeps."""
    return Sums(**{name: {int(key): Decimal(text) for key, text in value.items()}
                   if isinstance(value, dict) else Decimal(value)
                   for name, value in texts.items()})


def _destroyed(sums, quantity):
    return dataclasses.replace(sums, on_hand=sums.on_hand - quantity,
                               destroyed=sums.destroyed + quantity)


def _numbers(account):
    return {"settled": account.settled,
            **{name: float(value) for name, value in account.states.items()},
            **{name: float(getattr(account, name)) for name in (
                "in_scope", "returned", "excess", "unproven", "unexplained", "difference")}}
