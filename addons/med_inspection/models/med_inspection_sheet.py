from odoo import models
from odoo.tools import SQL

from ..tools import frozen

VERSION = 1
ENTRY = ("id", "characteristic", "unit", "place", "value", "uom", "outcome", "reason", "retest_of",
         "gauge", "defects", "user", "person", "time", "corrects", "note", "record", "document")


class MedInspection(models.Model):
    """What an inspection says: its sheet, and the verdict that follows from its readings."""

    _inherit = "med.inspection"

    def sheet(self):
        """Return one inspection with its plan, drawn units, readings and verdict.

        :return: ``{"version", "inspection": {...}, "characteristics": [...],
            "samples": [{"unit", "classes"}], "readings": [...], "documents": [...],
            "records": [...], "verdict": {...}}``; limits and values are texts, empty for none;
            a reading that another one corrects stays in the list, and the other names it as
            ``corrects``
        """
        self.ensure_one()
        self.check_access("read")
        mine = self.sudo()
        rows = mine._rows()
        return {
            "version": VERSION,
            "inspection": mine._sheet_head(),
            "characteristics": mine._sheet_characteristics(),
            "samples": [{"unit": unit, "classes": classes} for unit, classes in mine._samples()],
            "readings": mine._sheet_readings(rows),
            "documents": [{
                "id": one.id, "name": one.name, "kind": one.kind, "required": one.required,
                "sha256": one.sha256 or "", "filename": one.filename or "", "ok": one.ok,
                "checked_by": one.checked_by_id.name or ""} for one in mine.document_ids],
            "records": [{
                "id": one.id, "name": one.name, "reading": one.reading_id.id, "state": one.state}
                for one in mine.oos_ids],
            "verdict": mine._sheet_verdict(mine._judge(rows)),
        }

    def _sheet_head(self):
        plan = self.frozen["plan"]
        return {
            "id": self.id, "name": self.name, "state": self.state, "stage": self.stage,
            "plan": f"{plan['code']}.{plan['version']}", "plan_name": plan["name"],
            "note": plan["note"], "product": self.product_id.display_name or "",
            "product_id": self.product_id.id or 0, "lot": self.lot_id.name or "",
            "lot_id": self.lot_id.id or 0, "lots": len(self.lot_ids), "quantity": self.quantity,
            "severity": self.severity or "", "partner": self.partner_id.display_name or "",
            "order": self.production_id.name or "", "workorder": self.workorder_id.name or "",
            "inspector": self.user_id.name or "", "due": _time(self.date_due),
            "verdict": self.verdict, "doubtful": self.doubtful,
            "resubmission_of": self.resubmission_of_id.name or "",
        }

    def _sheet_characteristics(self):
        known = self.frozen["defects"]
        units = {}
        for source, target, *_factors in self.frozen["conversions"]:
            units.setdefault(target, []).append(source)
        return [{
            **{name: row[name] for name in (
                "key", "name", "kind", "defect_class", "scope", "required", "readings", "nominal",
                "lower", "upper", "lower_inclusive", "upper_inclusive", "decimals", "rounding",
                "uom", "expected", "record_only", "gauge_kind", "method", "chart")},
            "uoms": units.get(row["uom"], []),
            "defects": [{"code": code, **known[code]} for code in row["defects"]],
        } for row in self.frozen["characteristics"]]

    # ------------------------------------------------------------------ readings

    def _rows(self):
        """Return all readings in order of entry, as the rules and the sheet read them."""
        self.env["med.reading"].flush_model()
        return self.env.execute_query_dict(SQL("""
            SELECT id, characteristic, unit, place, value, uom, defects, document, gauge, note,
                   person, retest_of_id AS retest_of, record, corrects_id AS corrects, outcome,
                   reason, user_id AS user, event_time AS time, create_date AS entered
              FROM med_reading WHERE inspection_id = %s ORDER BY id""", self.id))

    def _sheet_readings(self, rows):
        names = dict(self.env["res.users"].sudo().browse(
            {row["user"] for row in rows}).mapped(lambda user: (user.id, user.name)))
        return [{
            **{name: row[name] for name in (
                "id", "characteristic", "place", "outcome", "reason", "defects")},
            **{name: row[name] or "" for name in (
                "unit", "value", "uom", "gauge", "note", "person", "record", "document")},
            **{name: row[name] or 0 for name in ("retest_of", "corrects")},
            "defects": row["defects"] or [], "user": names.get(row["user"], ""),
            "time": _time(row["time"]),
        } for row in rows]

    def _samples(self):
        """Return ``(unit, classes)`` of the drawn units, in the order of the draw."""
        self.env["med.inspection.sample"].flush_model()
        return [(unit, classes.split(",")) for unit, classes in self.env.execute_query(SQL(
            "SELECT unit, classes FROM med_inspection_sample WHERE inspection_id = %s "
            "ORDER BY position, id", self.id))]

    def _voided(self):
        """Return the ids of readings that an approved record found to be wrong."""
        return self.sudo().oos_ids.filtered(lambda one: one.state == "error").reading_id.ids

    def _judge(self, rows=None):
        """Return the verdict as the readings stand, see :class:`..tools.verdict.LotVerdict`."""
        self.ensure_one()
        return frozen.verdict(self.frozen, self._samples(), self._rows() if rows is None else rows,
                              self._voided())

    def _digest_readings(self):
        # What was signed before there was this name has the digest that it had.
        rows = [{**{name: value for name, value in row.items() if name != "person" or value},
                 "time": _time(row["time"]), "entered": _time(row["entered"])}
                for row in self.sudo()._rows()]
        return frozen.rows_digest(rows, self._voided()) if self.ids else ""

    @staticmethod
    def _sheet_verdict(told):
        return {
            "outcome": told.outcome, "complete": told.complete,
            "classes": [{
                "class": one.defect_class, "n": one.sample_size, "accept": one.accept,
                "reject": one.reject, "found": one.found, "outcome": one.outcome}
                for one in told.classes],
            "missing": sum(1 for code, _subject in told.reasons if code == "missing"),
            "reasons": [list(reason) for reason in told.reasons[:100]],
        }


def _time(value):
    return value.isoformat(timespec="seconds") + "Z" if value else ""
