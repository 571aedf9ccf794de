import base64
from datetime import timedelta

from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError
from odoo.tools import clean_context

from ..tools import frozen
from ..tools.entry import EntryError, entry_value, event_moment
from ..tools.reading import LOT, judge_reading
from .med_inspection_sheet import VERSION

KEYS = {"characteristic", "unit", "place", "value", "uom", "defects", "gauge", "person", "reason",
        "retest_of", "record", "file", "filename"}
SAME = ("value", "uom", "defects", "document")
SAID = (*SAME, "person")
LONGEST = 256  # characters of a name
SLACK = timedelta(minutes=5)


class MedInspection(models.Model):
    """Entering readings: many at once, each kept, none overwritten."""

    _inherit = "med.inspection"

    def enter(self, values: list, event_time: str = ""):
        """Enter readings of one inspection; all of them, or none where one is wrong.

        The same value at the same place again is no second reading. Another value there is a
        correction, which needs a ``reason``, or a retest, which needs ``retest_of`` (id of the
        reading) and the ``record`` (number of its open out-of-specification record).

        :param values: ``[{"characteristic" (key), "unit" (as drawn; left out: the lot), "place"
            (from 0), "value" (text or number; ``pass`` or ``fail`` for a check), "uom"?,
            "defects"? (codes), "gauge"?, "person"? (who measured, where that is not who enters),
            "reason"?, "retest_of"?, "record"?, "file"? (base64), "filename"?}]``
        :param event_time: when they were read, ISO 8601 in UTC; empty: now
        :return: ``{"version", "readings": [as in sheet(), one per value], "verdict"}``
        :raise UserError: names what is wrong with which value; nothing is entered then
        """
        self.ensure_one()
        self.check_access("read")
        self._check_may_work()
        if not isinstance(values, list) or not values:
            raise UserError(self.env._("“values” must be a list of readings."))
        moment = self._moment(event_time)
        mine = self.sudo()._med_lock()
        if mine.state not in ("open", "submitted"):
            raise UserError(self.env._(
                "%(inspection)s is decided: nothing is entered any more.", inspection=mine.name))
        before = mine._rows()
        rows, place = mine._entries(values, before, moment, self.env.uid)
        if rows:
            with permit("med.reading", (), "born"):
                made = self.env["med.reading"].sudo().with_context(
                    clean_context(self.env.context)).create(rows)
            mine.invalidate_recordset(["reading_ids", "readings_digest"])
        after = mine._rows() if rows else before
        told = mine._follow(after) if rows else mine._judge(after)
        shown = {row["id"]: row for row in mine._sheet_readings(after)}
        ids = [made[where].id if new else where for new, where in place] if rows else [
            where for _new, where in place]
        return {"version": VERSION, "readings": [shown[one] for one in ids],
                "verdict": self._sheet_verdict(told)}

    def _moment(self, text):
        try:
            found = event_moment(text)
        except EntryError as error:
            raise UserError(self.env._(
                "“event_time” must be a time like 2026-01-31T08:15:00Z.")) from error
        now = fields.Datetime.now()
        if found and found > now + SLACK:
            raise UserError(self.env._("“event_time” is in the future."))
        return found or now

    # ------------------------------------------------------------------ one value

    def _entries(self, values, before, moment, uid):
        """Return the rows to be written, and for each value ``(new, row number or id)``."""
        kept = self.frozen
        context = {
            "known": {row["key"]: (frozen.read_characteristic(row), row)
                      for row in kept["characteristics"]},
            "defects": frozen.defects(kept), "conversions": frozen.conversions(kept),
            "drawn": self._drawn(), "moment": moment, "uid": uid,
            "records": {one.name: one for one in self.oos_ids},
            "standing": {}, "retested": set(), "seen": {},
        }
        for row in frozen.standing(before):
            self._place(context, row)
        rows, place = [], []
        for number, one in enumerate(values, 1):
            row = self._entry(number, one, context)
            if row.get("id"):
                place.append((False, row["id"]))
            else:
                place.append((True, len(rows)))
                rows.append(row["vals"])
        self._check_gauges(rows)
        return rows, place

    @staticmethod
    def _place(context, row):
        where = (row["characteristic"], row["unit"] or LOT, row["place"])
        if row["retest_of"]:
            context["retested"].add(row["retest_of"])
            context["seen"][row["record"]] = row
        else:
            context["standing"][where] = row

    def _drawn(self):
        """Return class → units; the lot's own characteristics have the unit ``""``."""
        found = {}
        for unit, classes in self._samples():
            for name in classes:
                found.setdefault(name, set()).add(unit)
        return found

    def _refuse_entry(self, number, why):
        raise UserError(self.env._("Value %(number)s: %(why)s", number=number, why=why))

    def _entry(self, number, one, context):
        """Return ``{"vals"}`` of a new row, or ``{"id"}`` of the row that says the same."""
        if not isinstance(one, dict) or not one.keys() <= KEYS:
            self._refuse_entry(number, self.env._(
                "only these names are known: %(names)s.", names=", ".join(sorted(KEYS))))
        if one.get("characteristic") not in context["known"]:
            self._refuse_entry(number, self.env._(
                "“characteristic” must be one of: %(keys)s.", keys=", ".join(context["known"])))
        characteristic, plan = context["known"][one["characteristic"]]
        unit, place = self._where(number, one, characteristic, context)
        vals = self._values(number, one, characteristic, plan, context)
        vals.update(
            inspection_id=self.id, company_id=self.company_id.id, unit=unit or False, place=place,
            characteristic=characteristic.key, user_id=context["uid"],
            event_time=context["moment"], retest_of_id=False, record=False, corrects_id=False,
            note=False)
        same = self._against(number, one, vals, characteristic, context)
        if same:
            return {"id": same}
        judged = judge_reading(characteristic, frozen.reading({
            "id": "", "retest_of": "", **{name: vals[name] for name in (
                "characteristic", "value", "unit", "place", "uom", "defects", "document",
                "record")}}), context["defects"], context["conversions"])
        if judged.outcome not in ("pass", "fail"):
            self._refuse_entry(number, self._why_unusable(judged.reason, characteristic))
        vals.update(outcome=judged.outcome, reason=judged.reason,
                    number=float(judged.value) if judged.value is not None else False,
                    attachment_id=vals["document"] and self._keep_file(one, vals["document"]))
        return {"vals": vals}

    def _where(self, number, one, characteristic, context):
        unit, place = one.get("unit") or LOT, one.get("place") or 0
        if characteristic.scope == "lot":
            if unit != LOT:
                self._refuse_entry(number, self.env._(
                    "“%(key)s” is of the lot: leave the unit out.", key=characteristic.key))
        else:
            classes = {characteristic.defect_class, *(
                context["defects"][code] for code in characteristic.defects)}
            if not isinstance(unit, str) or not any(
                    unit in context["drawn"].get(name, ()) for name in classes):
                self._refuse_entry(number, self.env._(
                    "the unit “%(unit)s” was not drawn for “%(key)s”.", unit=str(unit)[:80],
                    key=characteristic.key))
        if isinstance(place, bool) or not isinstance(place, int) or not (
                0 <= place < characteristic.readings):
            self._refuse_entry(number, self.env._(
                "“place” must be a whole number from 0 to %(last)s.",
                last=characteristic.readings - 1))
        return unit, place

    def _values(self, number, one, characteristic, plan, context):
        """Return value, unit of measure, defects, gauge and file of an entry."""
        try:
            value = entry_value(one.get("value"))
        except EntryError:
            self._refuse_entry(number, self.env._("“value” must be a text or a number."))
        defects = one.get("defects") or []
        if not isinstance(defects, list) or not all(isinstance(code, str) for code in defects):
            self._refuse_entry(number, self.env._("“defects” must be a list of codes."))
        texts = {name: one.get(name) or "" for name in (
            "uom", "gauge", "person", "reason", "record")}
        if wrong := next((name for name, text in texts.items() if not isinstance(text, str)), ""):
            self._refuse_entry(number, self.env._("“%(name)s” must be a text.", name=wrong))
        if len(texts["person"].strip()) > LONGEST:
            self._refuse_entry(number, self.env._("“person” is too long to be a name."))
        if plan["gauge_kind"] and not texts["gauge"].strip():
            self._refuse_entry(number, self.env._(
                "“gauge” must name the equipment (%(kind)s).", kind=plan["gauge_kind"]))
        digest = False
        if one.get("file"):
            if not isinstance(one["file"], str):
                self._refuse_entry(number, self.env._("“file” must be the file in base64."))
            digest = self.env["med.inspection.document"]._sha256(one["file"])
        if characteristic.kind == "picture" and not value and digest:
            value = str(one.get("filename") or "picture")
        return {
            "value": value, "uom": texts["uom"] or characteristic.uom or False,
            "defects": sorted(set(defects)), "gauge": texts["gauge"].strip() or False,
            "person": texts["person"].strip() or False, "document": digest,
        }

    def _keep_file(self, one, digest):
        """Return the id of the kept file of a new value."""
        Attachment = self.env["ir.attachment"].sudo()
        name = str(one.get("filename") or digest[:12])[:200]
        return Attachment.create({
            "name": name, "raw": base64.b64decode(one["file"]), "res_model": "med.inspection",
            "res_id": self.id, "public": False, "url": False, "type": "binary"}).id

    def _against(self, number, one, vals, characteristic, context):
        """Compare an entry with what stands at its place; fill in what it corrects or repeats.

        :return: id of a row that says the same, or None
        """
        where = (characteristic.key, vals["unit"] or LOT, vals["place"])
        stands = context["standing"].get(where)
        if one.get("retest_of"):
            return self._retest(number, one, vals, stands, context)
        if one.get("record"):
            self._refuse_entry(number, self.env._(
                "a retest names the reading that it repeats as “retest_of”."))
        if not stands:
            context["standing"][where] = {
                "id": None, **{name: vals[name] for name in SAID}, "outcome": "", "retest_of": None}
            return None
        if _same(stands, vals):
            return stands["id"] or self._refuse_entry(
                number, self.env._("this place stands twice in “values”."))
        if stands["id"] is None:
            self._refuse_entry(number, self.env._("this place stands twice in “values”."))
        if stands["id"] in context["retested"] or any(
                record.reading_id.id == stands["id"] for record in context["records"].values()):
            self._refuse_entry(number, self.env._(
                "this value has an out-of-specification record: it is not corrected any more."))
        if not (one.get("reason") or "").strip():
            self._refuse_entry(number, self.env._(
                "there is “%(value)s” already: say the reason of the correction, or open a record "
                "for a retest.", value=stands["value"] or ", ".join(stands["defects"] or [])))
        vals.update(corrects_id=stands["id"], note=one["reason"].strip())
        context["standing"][where] = {
            "id": None, **{name: vals[name] for name in SAID}, "outcome": "", "retest_of": None}
        return None

    def _retest(self, number, one, vals, stands, context):
        record = context["records"].get(one.get("record"))
        if not stands or stands["id"] != one["retest_of"]:
            self._refuse_entry(number, self.env._(
                "“retest_of” must be the id of the value that stands at this place."))
        if not record or record.reading_id.id != stands["id"]:
            self._refuse_entry(number, self.env._(
                "a retest needs the number of the out-of-specification record of its value."))
        done = context["seen"].get(record.name)
        if done:
            if _same(done, vals):
                return done["id"]
            self._refuse_entry(number, self.env._(
                "%(record)s has its retest: one record, one retest.", record=record.name))
        if record.state != "open":
            self._refuse_entry(number, self.env._("%(record)s is concluded.", record=record.name))
        context["seen"][record.name] = {"id": None, **{name: vals[name] for name in SAID}}
        vals.update(retest_of_id=stands["id"], record=record.name)
        return None

    def _why_unusable(self, reason, characteristic):
        words = {
            "empty": self.env._("“value” is empty: what was not measured is not entered."),
            "no_document": self.env._("attach the file as “file”."),
            "not_a_number": self.env._("“value” must be a number with a decimal point."),
            "not_finite": self.env._("“value” must be a number with a decimal point."),
            "out_of_range": self.env._("“value” is too long or too large."),
            "not_whole": self.env._("“value” must be a whole number from 0."),
            "unit_of_measure": self.env._(
                "“uom” cannot be converted to %(uom)s.", uom=characteristic.uom),
            "not_pass_or_fail": self.env._("“value” must be pass or fail."),
            "pass_with_defects": self.env._("what passes names no defects."),
            "unknown_defect": self.env._("“defects” must be among: %(codes)s.",
                                         codes=", ".join(characteristic.defects) or "—"),
        }
        return words.get(reason) or self.env._("“value” cannot be used.")

    # ------------------------------------------------------------------ records, hooks

    def open_oos(self, reading: int, cause: str):
        """Open the out-of-specification record of a value that did not pass: it allows one retest.

        :param reading: id of the reading
        :param cause: what may have gone wrong in measuring
        :return: ``{"version", "record" (number), "oos" (id)}``
        """
        self.ensure_one()
        self.check_access("read")
        self._check_may_work()
        if not isinstance(cause, str) or not cause.strip():
            raise UserError(self.env._("“cause” must say what may have gone wrong."))
        mine = self.sudo()._med_lock()
        row = next((row for row in frozen.standing(mine._rows()) if row["id"] == reading), None)
        if mine.state not in ("open", "submitted") or not row or row["outcome"] != "fail":
            raise UserError(self.env._(
                "“reading” must be a value of this open inspection that did not pass."))
        if known := mine.oos_ids.filtered(lambda one: one.reading_id.id == reading):
            raise UserError(self.env._(
                "%(record)s is the record of this value already.", record=known.name))
        with permit("med.inspection.oos", (), "open"):
            record = self.env["med.inspection.oos"].sudo().create({
                "inspection_id": mine.id, "company_id": mine.company_id.id, "reading_id": reading,
                "opened_by_id": self.env.uid, "reader_id": row["user"], "cause": cause.strip()})
        return {"version": VERSION, "record": record.name, "oos": record.id}

    def _check_gauges(self, rows):
        for name in {row["gauge"] for row in rows if row["gauge"]}:
            self._med_check_gauge(name, {
                row["characteristic"] for row in rows if row["gauge"] == name})

    def _med_check_gauge(self, gauge, characteristics):
        """Refuse a gauge by raising UserError. For addons that know calibration.

        :param str gauge: as it was named
        :param set characteristics: keys of what was read with it
        """

    def _follow(self, rows=None):
        """Store what follows from the readings; return the verdict."""
        rows = self._rows() if rows is None else rows
        told = self._judge(rows)
        before = {row["id"]: row for row in rows}
        changed = [row for row in rows if row["corrects"]]
        vals = {
            "verdict": told.outcome if rows or told.outcome == "omitted" else "pending",
            "missing_count": sum(1 for code, _subject in told.reasons if code == "missing"),
            "fail_count": sum(1 for one in told.readings
                              if one.outcome == "fail" and not one.voided),
            "correction_count": len(changed),
            "doubtful": any(before[row["corrects"]]["outcome"] == "fail"
                            and row["outcome"] == "pass" for row in changed),
        }
        vals = {name: value for name, value in vals.items() if self[name] != value}
        if vals:
            self._med_store(vals)
        self.invalidate_recordset(["readings_digest"])
        self._med_reopen_changed()
        return told


def _same(row, vals):
    """Return whether a value says what stands there. Who names nobody agrees on who measured."""
    if vals["person"] and vals["person"] != row["person"]:
        return False
    return all((row[name] or None) == (vals[name] or None) for name in SAME)
