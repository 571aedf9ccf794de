import hashlib
from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.tools import SQL

from ..tools import sums

COLUMNS = (*sums.NAMES, "difference")


class MedOutsourcingStatement(models.Model):
    """The sums of a statement: one set-based query, and rules without a database."""

    _inherit = "med.outsourcing.statement"

    def action_compute(self):
        """Compute a draft anew from what is posted now."""
        for one in self:
            one.check_access("write")
            one._med_check_locked({})
            one._med_compute()
        return True

    def _med_compute(self):
        """Write the rows of a statement anew from what is posted now; mark what it corrects."""
        self.ensure_one()
        if self.state != "draft":
            return
        before = self._med_before()
        found = self._med_sums(before._med_kept_closing() if before else None)
        self.env.execute_query(SQL(
            "DELETE FROM med_outsourcing_statement_line WHERE statement_id = %s RETURNING id",
            self.id))
        self._med_insert(found)
        self.env["med.outsourcing.statement.line"].invalidate_model(flush=False)
        self.invalidate_recordset(["line_ids", "lines_digest", "paper_digest"], flush=False)
        self._med_store({
            "computed_at": fields.Datetime.now(), "line_count": len(found),
            "late_count": sum(1 for one in found.values() if one.late),
            "difference_count": sum(1 for one in found.values() if one.difference)})
        if any(one.late for one in found.values()):
            before._med_mark_outdated()

    def _med_insert(self, found):
        """Insert the rows; set-based, since a year can have tens of thousands."""
        products = self.env["product.product"].sudo().browse(
            {product for product, _lot in found})
        units = {product.id: product.uom_id.id for product in products}
        names = {lot.id: lot.name for lot in self.env["stock.lot"].sudo().browse(
            {lot for _product, lot in found if lot})}
        self.env.flush_all()
        self.env.cr.execute_values(
            "INSERT INTO med_outsourcing_statement_line (statement_id, processor_id, company_id,"
            " product_id, lot_id, lot_name, uom_id, date_from, opening, late, sent, made, used,"
            " scrapped, returned, adjusted, closing, moved, there, difference, create_uid,"
            " create_date) VALUES %s",
            [(self.id, self.processor_id.id, self.company_id.id, product, lot or None,
              names.get(lot), units[product], self.date_from,
              *(getattr(one, name) for name in COLUMNS), self.env.uid, self.env.cr.now())
             for (product, lot), one in sorted(found.items())], page_size=1000)

    def _med_sums(self, signed=None):
        """Return ``{(product id, lot id or 0): Sums}`` as of now.

        :param signed: closing of the statement before, by the same key; None where there is none
        """
        begin, end = self._med_bounds()
        rows = self.processor_id._med_postings(begin, end)
        return sums.statement(
            [((product, lot), at, side, kind, quantity)
             for product, lot, at, side, kind, quantity in rows if side != "there"],
            [((product, lot), quantity)
             for product, lot, _at, side, _kind, quantity in rows if side == "there"], signed)

    # ------------------------------------------------------------------ the calendar

    def _med_zone(self):
        company = self.company_id.sudo()
        return ZoneInfo(company.partner_id.tz or company.resource_calendar_id.tz or "UTC")

    def _med_today(self):
        return datetime.now(timezone.utc).astimezone(self._med_zone()).date()

    def _med_bounds(self):
        """Return begin and end of the period (naive UTC), by the company's own midnight."""
        zone = self._med_zone()
        return tuple(
            datetime.combine(day, time(), zone).astimezone(timezone.utc).replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1)))

    # ------------------------------------------------------------------ before and after

    def _med_before(self):
        """Return the issued statement of the period right before; empty where there is none."""
        return self.search([
            ("processor_id", "=", self.processor_id.id), ("period", "=", self.period),
            ("date_to", "=", self.date_from - timedelta(days=1)),
            ("state", "in", ("issued", "disputed", "agreed"))], limit=1)

    def _med_kept(self):
        """Return ``{(product id, lot id or 0): Sums}`` as written down."""
        self.env.flush_all()
        found = self.env.execute_query(SQL(
            "SELECT product_id, COALESCE(lot_id, 0), opening::text, late::text, sent::text,"
            " made::text, used::text, scrapped::text, returned::text, adjusted::text,"
            " closing::text, moved::text, there::text FROM med_outsourcing_statement_line"
            " WHERE statement_id = %s", self.id))
        return {(product, lot): sums.Sums(*map(Decimal, values))
                for product, lot, *values in found}

    def _med_kept_closing(self):
        return {key: one.closing for key, one in self._med_kept().items()}

    def _med_is_outdated(self):
        """Return whether the postings of the period say something else than the statement."""
        return bool(sums.outdated(self._med_kept(), self._med_sums()))

    def _med_is_stale(self):
        """Return whether a draft would say something else when it were computed now."""
        before = self._med_before()
        return self._med_kept() != self._med_sums(
            before._med_kept_closing() if before else None)

    def _med_mark_outdated(self):
        """Mark issued statements that no longer say what is posted; they stay as signed."""
        for one in self.filtered(lambda row: not row.outdated and row.state in (
                "issued", "disputed", "agreed")):
            if one._med_is_outdated():
                one._med_store({"outdated": True, "outdated_at": fields.Datetime.now()})
                one._med_note(self.env._(
                    "A posting of this period came later: the next statement shows it as late."))

    def action_check(self):
        """Compare an issued statement with what is posted now."""
        self.check_access("read")
        self.sudo()._med_mark_outdated()
        return True

    def _med_lines_digest(self):
        """Return the SHA-256 of every row and column, in the order of products and lots."""
        self.ensure_one()
        rows = sorted(self._med_kept().items()) if isinstance(self.id, int) else ()
        lines = (" ".join([str(product), str(lot), *(
            format(getattr(one, name).normalize() + 0, "f") for name in sums.NAMES)])
            for (product, lot), one in rows)
        return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
