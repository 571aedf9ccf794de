from odoo import api, fields, models
from odoo.tools import SQL

RUNNING = ("open", "assessed", "decided", "completed")


class MedRecall(models.Model):
    """What comes to match while a recall runs, and what no longer does.

    A reading, a return or an order may make a lot match long after it was found first. Nothing of
    that kind ships in the meantime: each shipment and use of a controlled lot asks the criteria of
    the recalls that run (see `stock_lot_guard.py`). Every few minutes the criteria are asked for
    everything, new lots are held, and a person is asked to look at them.
    """

    _inherit = "med.recall"

    @api.model
    def _med_stopping(self):
        """Return ``[(recall id, company id, query)]`` of the recalls that stop lots now.

        The query is that of the newest version that was found.
        """
        return self.env.execute_query(SQL("""
            SELECT DISTINCT ON (r.id) r.id, r.company_id, s.query
              FROM med_recall r JOIN med_recall_scope s ON s.recall_id = r.id
             WHERE r.state IN %s AND s.state <> 'replaced'
               AND NOT (COALESCE(r.drill, FALSE) AND r.drill_holds = 'simulated')
          ORDER BY r.id, s.number DESC""", RUNNING))

    @api.model
    def _cron_watch(self):
        """Hold what has come to match, and ask for a new version where the scope has changed."""
        for recall, _company, _query in self._med_stopping():
            self.browse(recall)._med_watch()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _med_watch(self):
        """Hold at once what has come to match; ask whoever leads the recall to find again."""
        self._med_lock()
        scope = self.sudo().scope_ids.sorted("number")[-1:]
        if self.state not in RUNNING or not scope:
            return
        found = self.env["med.recall.find"]._found(scope.query, self.company_id)
        if found.digest == scope.digest:
            return
        known = {lot for (lot,) in self.env.execute_query(SQL(
            "SELECT lot_id FROM med_recall_scope_line WHERE scope_id = %s", scope.id))}
        told = {row[:3]: row[3] for row in self.env.execute_query(SQL("""
            SELECT COALESCE(partner_id, 0), COALESCE(lot_id, 0), product_id, shipped
              FROM med_recall_delivery WHERE scope_id = %s""", scope.id))}
        # What came back since is no news: it is counted where it is received.
        if known == set(found.lots) and all(
                one.shipped == float(told.get((one.partner, one.lot, one.product), 0))
                for one in found.parties):
            return
        fresh = self.env["stock.lot"].sudo().browse(
            lot for lot in found.lots if lot not in known)
        held = self._med_hold_also(fresh)
        kind = self._med_again_type()
        if kind not in self.sudo().activity_ids.activity_type_id:
            self.sudo().activity_schedule(
                activity_type_id=kind.id, user_id=(self.owner_id or self.env.user).id,
                summary=self.env._("Find and stop the lots again"),
                note=self.env._(
                    "%(lots)s lots have come to match (%(held)s of them are held now), or "
                    "deliveries were posted since.", lots=len(fresh), held=held),
                date_deadline=fields.Date.context_today(self))

    def _med_hold_also(self, lots):
        """Hold those of the lots that this recall does not hold; return how many."""
        mine = self.env["med.hold"].sudo().search([
            ("source_model", "=", self._name), ("source_id", "=", self.id),
            ("state", "=", "open")])
        free = lots.filtered("product_id.med_controlled")
        free -= mine.line_ids.filtered(lambda line: line.lot_id in free).lot_id
        for some in free.grouped("company_id").values():
            self.env["med.hold"].sudo()._place(
                some, self.display_name, "recall", self, self.owner_id)
        return len(free)

    @api.model
    def _med_again_type(self):
        return self.env.ref("med_recall.med_recall_activity_again")

    def _med_lots_in_scope(self):
        """Return the lots of the scope in force, and of one that was found after it."""
        scopes = self.sudo().scope_ids.filtered(lambda one: one.state == "drawn")
        return (scopes | self.sudo().scope_id).line_ids.lot_id

    def _med_may_leave(self, lots):
        """Return those of the lots in scope that need not stand still any more (a hook)."""
        return lots.browse()

    def _med_release_left(self, scope):
        """Part the holds of lots that a later version left out from those it keeps.

        Quality assurance then lifts the former as it lifts any hold.
        """
        self._med_part_holds(scope.line_ids.lot_id, self.env._(
            "Parted by version %s: what it leaves out is held apart.", scope.number))

    def _med_part_holds(self, keep, reason):
        Hold = self.env["med.hold"].sudo()
        for hold in Hold.search([("source_model", "=", self._name), ("source_id", "=", self.id),
                                 ("state", "=", "open")]):
            stays, goes = hold.line_ids.lot_id & keep, hold.line_ids.lot_id - keep
            if stays and goes:
                for lots in (stays, goes):
                    Hold._place(lots, self.display_name, "recall", self, self.owner_id)
                hold._med_release(reason)

    def _med_release_all(self):
        """Lift what this recall holds: it was decided that it is none."""
        holds = self.env["med.hold"].sudo().search([
            ("source_model", "=", self._name), ("source_id", "=", self.id),
            ("state", "=", "open")])
        if holds:
            holds._med_release(self.env._("%s is no recall.", self.name))
            self.sudo()._message_log(body=self.env._(
                "Holds lifted: %s.", ", ".join(holds.mapped("name"))))
