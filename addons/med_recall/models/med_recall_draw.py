import logging

import psycopg2
from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError
from odoo.tools import SQL

from .med_recall_find import Found

VERSION = 1
MANY = 1000  # lots; from here on a person waits for seconds

_logger = logging.getLogger(__name__)


class MedRecall(models.Model):
    """Finds what is meant, and stops it.

    First the lots are found and held, and that is committed. From then on nothing of them leaves;
    what was being posted at that moment is seen by the decision, in a transaction of its own,
    which finds again and refuses when that is not the same any more.
    """

    _inherit = "med.recall"

    def _med_find(self):
        """Return what the criteria mean now, :class:`Found`."""
        self.ensure_one()
        return self.env["med.recall.find"]._found(
            self.sudo().criterion_ids._med_query(), self.company_id)

    def draw(self):
        """Find the lots in scope, and hold them everywhere (unless a drill simulates it).

        What is the same as before makes no new version. Ten thousand serials take seconds, in one
        transaction: all of it is done, or nothing.

        :return: ``{"version", "scope" (id), "number", "lots", "exact", "consignees", "held" (lots
            that this recall holds), "unreserved" (lines), "picked" (lines picked already, first
            100: ``{"line", "lot", "document"}``), "not_stopped" (lots of products that are not
            controlled), "without_consignee" (deliveries that name nobody), "added", "removed",
            "new_consignees"}``, the last three against the version frozen before
        :raise UserError: no criterion, none found, or the recall has ended
        """
        self.ensure_one()
        self._med_check_decider()
        self.check_access("write")
        self._med_lock()
        if self.state not in ("open", "assessed", "decided"):
            raise UserError(self.env._("%s: it has ended.", self.name))
        if not self.criterion_ids:
            raise UserError(self.env._("%s: say first which lots are meant.", self.name))
        found = self._med_find()
        if not found.lots:
            raise UserError(self.env._("%s: no lot is what the criteria say.", self.name))
        self._med_tell_progress(len(found.lots), self.env._(
            "%s lots found; they are being written down.", f"{len(found.lots):,}"))
        scope = self._med_same_scope(found) or self._med_write_scope(found)
        if not (self.drill and self.drill_holds == "simulated"):
            self._med_tell_progress(len(found.lots), self.env._(
                "%s lots written down; they are being held, and reservations taken back.",
                f"{len(found.lots):,}"))
        held = self._med_hold(scope)
        now = fields.Datetime.now()
        self._med_store({
            "located_at": self.located_at or now, "stopped_at": self.stopped_at or now})
        self.sudo().activity_ids.filtered(
            lambda one: one.activity_type_id == self._med_again_type()).action_done()
        return {"version": VERSION, "scope": scope.id, "number": scope.number,
                "lots": scope.lot_count, "exact": scope.exact_count,
                "consignees": scope.consignee_count, **held,
                "without_consignee": sum(not one.partner for one in found.parties),
                "added": scope.added_count, "removed": scope.removed_count,
                "new_consignees": scope.new_consignee_count}

    def _med_tell_progress(self, count, text):
        """Tell who waits how far many lots are, on his screen.

        In a transaction of its own: this one is seen when all of it is done, and not before.
        """
        if count < MANY:
            return
        try:
            with self.env.registry.cursor() as cr:
                self.env.user.with_env(self.env(cr=cr))._bus_send(
                    "simple_notification", {"type": "info", "message": text})
        except psycopg2.Error as error:  # no reason to stop a recall
            _logger.info("Progress of %s is not told: %s", self.id, error)

    def _med_same_scope(self, found):
        """Return the version that says the same already, if there is one in force."""
        newest = self.sudo().scope_ids.sorted("number")[-1:]
        return newest.filtered(lambda one: one.digest == found.digest and one.state != "replaced")

    def _med_write_scope(self, found: Found):
        """Return a new version of the scope; one that was found before and not frozen gives way."""
        mine = self.sudo()
        mine.scope_ids.filtered(lambda one: one.state == "drawn")._med_replace()
        number = max(mine.scope_ids.mapped("number"), default=0) + 1
        frozen = mine.scope_ids.filtered(lambda one: one.state == "frozen").sorted("number")[-1:]
        partners = {one.partner for one in found.parties} - {0}
        countries = self.env["res.partner"].sudo().browse(partners).country_id
        Scope = self.env["med.recall.scope"].sudo()
        with permit(Scope._name, (), "born"):
            scope = Scope.create({
                "name": f"{self.name}/{number}", "recall_id": self.id, "number": number,
                "previous_id": frozen.id, "drawn_at": fields.Datetime.now(), "frozen_at": False,
                "query": found.query, "digest": found.digest, "lot_count": len(found.lots),
                "exact_count": sum(how.exact for how in found.lots.values()),
                "consignee_count": len(partners), "country_count": len(countries),
                "added_count": 0, "removed_count": 0, "new_consignee_count": 0})
        self.env.flush_all()
        self._med_write_lines(scope, found)
        self._med_write_deliveries(scope, found)
        self.env["med.recall.scope.line"].invalidate_model()
        self.env["med.recall.delivery"].invalidate_model()
        scope.invalidate_recordset(["line_ids", "delivery_ids"])
        self._med_write_difference(scope)
        return scope

    def _med_write_lines(self, scope, found):
        Find = self.env["med.recall.find"]
        on_hand, sums = Find._on_hand(found.lots), Find._sums(found.parties)
        nothing = (0.0, 0.0)
        self.env.cr.execute(SQL("""
            INSERT INTO med_recall_scope_line (scope_id, recall_id, company_id, lot_id, certainty,
                   level, added, on_hand, shipped, returned, create_uid, create_date, write_uid,
                   write_date)
            SELECT %(scope)s, %(recall)s, l.company_id, l.id,
                   CASE WHEN f.exact THEN 'exact' ELSE 'possible' END, f.level, FALSE, f.on_hand,
                   f.shipped, f.returned, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM unnest(%(lots)s::int[], %(exact)s::bool[], %(level)s::int[],
                          %(on_hand)s::numeric[], %(shipped)s::numeric[], %(returned)s::numeric[])
                   f(lot, exact, level, on_hand, shipped, returned)
              JOIN stock_lot l ON l.id = f.lot ORDER BY f.level, l.id""",
            scope=scope.id, recall=self.id, uid=self.env.uid, now=fields.Datetime.now(),
            lots=list(found.lots), exact=[how.exact for how in found.lots.values()],
            level=[how.level for how in found.lots.values()],
            on_hand=[on_hand.get(lot, 0.0) for lot in found.lots],
            shipped=[sums.get(lot, nothing)[0] for lot in found.lots],
            returned=[sums.get(lot, nothing)[1] for lot in found.lots]))

    def _med_write_deliveries(self, scope, found):
        columns = list(zip(*found.parties, strict=True)) or [[]] * 7
        partner, lot, product, exact, shipped, returned, _event = map(list, columns)
        self.env.cr.execute(SQL("""
            INSERT INTO med_recall_delivery (scope_id, recall_id, company_id, partner_id, payer_id,
                   lot_id, product_id, exact, new, shipped, returned, net, create_uid, create_date,
                   write_uid, write_date)
            SELECT %(scope)s, %(recall)s, %(company)s, NULLIF(f.partner, 0), NULLIF(f.payer, 0),
                   NULLIF(f.lot, 0), f.product, f.exact, FALSE, f.shipped, f.returned,
                   f.shipped - f.returned, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM unnest(%(partners)s::int[], %(lots)s::int[], %(products)s::int[],
                          %(exact)s::bool[], %(shipped)s::numeric[], %(returned)s::numeric[],
                          %(payers)s::int[])
                   f(partner, lot, product, exact, shipped, returned, payer)""",
            scope=scope.id, recall=self.id, company=self.company_id.id, uid=self.env.uid,
            now=fields.Datetime.now(), partners=partner, lots=lot, products=product, exact=exact,
            shipped=shipped, returned=returned,
            payers=self.env["med.recall.find"]._payers(found.parties)))

    def _med_write_difference(self, scope):
        """Mark what the version frozen before lacked, and count it."""
        if not scope.previous_id:
            return
        told = scope._med_difference()
        for table, column, mark, rows in (
                ("med_recall_scope_line", "lot_id", "added", told["added"]),
                ("med_recall_delivery", "partner_id", "new", told["partners"])):
            self.env.cr.execute(SQL(
                "UPDATE %s SET %s = TRUE WHERE scope_id = %s AND %s = ANY(%s)",
                SQL.identifier(table), SQL.identifier(mark), scope.id, SQL.identifier(column),
                rows))
        scope._med_store({
            "added_count": len(told["added"]), "removed_count": len(told["removed"]),
            "new_consignee_count": len(told["partners"])})

    def _med_hold(self, scope):
        """Hold what the scope has and this recall does not hold yet.

        :return: ``{"held", "unreserved", "picked", "not_stopped"}``
        """
        told = {"held": 0, "unreserved": 0, "picked": [], "not_stopped": 0}
        if self.drill and self.drill_holds == "simulated":
            return told
        rows = self.env.execute_query(SQL("""
            SELECT l.company_id, COALESCE(t.med_controlled, FALSE), h.lot_id IS NOT NULL,
                   array_agg(l.id ORDER BY l.id)
              FROM med_recall_scope_line s JOIN stock_lot l ON l.id = s.lot_id
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
         LEFT JOIN (SELECT DISTINCT n.lot_id FROM med_hold_line n JOIN med_hold o
                        ON o.id = n.hold_id WHERE n.open AND o.source_model = 'med.recall'
                       AND o.source_id = %s) h ON h.lot_id = l.id
             WHERE s.scope_id = %s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""", self.id, scope.id))
        Lot = self.env["stock.lot"].sudo()
        for _company, controlled, held, lots in rows:
            if not controlled:
                told["not_stopped"] += len(lots)
                continue
            told["held"] += len(lots)
            if not held:
                _hold, what = self.env["med.hold"].sudo()._place(
                    Lot.browse(lots), self.display_name, "recall", self, self.owner_id)
                told["unreserved"] += what["unreserved"]
                told["picked"] += what["picked"][:100 - len(told["picked"])]
        return told
