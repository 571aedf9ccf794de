import re

from odoo import models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.exceptions import UserError

from ..tools import figures

DECIDED = ("accepted", "concession", "rejected", "cancelled")
LONGEST = 20_000  # characters of a note
NUMBER = re.compile(r"\d+")


class MedExchangeInspectionResult(models.AbstractModel):
    """Inspections with their readings. A laboratory enters readings; it decides nothing here."""

    _name = "med.exchange.inspection_result"
    _description = "Exchanged Inspection Results"
    _inherit = "med.exchange.goods"
    _schema = "inspection_result"
    _model = "med.inspection"

    def _med_export(self, records):
        products = self._med_product_codes(records.product_id | records.lot_ids.product_id)
        corrected = records.reading_ids.corrects_id
        return {one.id: self._med_compact({
            "number": one.name, "stage": one.stage, "state": one.state, "verdict": one.verdict,
            "plan": f"{one.plan_id.code}.{one.plan_version}",
            "product": products.get(one.product_id.id),
            "lots": [{"product": products[lot.product_id.id], "lot": lot.name}
                     for lot in one.lot_ids],
            "order": one.production_id.name, "revision": self._med_revision(one.lot_id),
            "lot_size": {"value": str(one.quantity), "unit": "1"},
            "sample_size": len(one.sample_ids),
            "submitted": figures.time_text(one.submitted_at),
            "decided": figures.time_text(one.decided_at), "conclusion": one.conclusion,
            "readings": [self._med_reading(row) for row in one.reading_ids - corrected],
        }) for one in records}

    def _med_reading(self, row):
        return self._med_compact({
            "characteristic": row.characteristic, "unit": row.unit, "place": row.place,
            "value": row.value, "uom": row.uom, "gauge": row.gauge, "outcome": row.outcome,
            "note": row.note, "person": row.person,
            "defects": [{"code": code, "count": 1} for code in row.defects or ()],
            "time": figures.time_text(row.event_time)})

    def _med_of_party(self, partner, records, members):
        return records.filtered(lambda one: one.partner_id in members)

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told = item.payload
        inspection = item.record or self._med_named(
            partner, self._schema, told.get("number") or item.object_id, "/number")
        self._med_check_reachable(partner, inspection)
        if inspection.state in DECIDED:
            raise Refused("/number", self.env._(
                "%s is decided: nothing is entered any more.", inspection.name))
        for name in ("state", "verdict", "conclusion", "decided", "submitted"):
            ours = self._med_export(inspection)[inspection.id].get(name)
            if told.get(name) and told[name] != ours:
                raise Refused(f"/{name}", self.env._(
                    "Send the readings alone: the verdict follows from them, and a person here "
                    "decides by signature."))
        if told.get("stage", inspection.stage) != inspection.stage:
            raise Refused("/stage", self.env._(
                "%(inspection)s is one of the stage “%(stage)s”.", inspection=inspection.name,
                stage=inspection.stage))
        self._med_check_revision(told.get("revision"), inspection.lot_id)
        self._med_check_about(inspection, told)
        self._med_check_lots(inspection, told)
        plan = f"{inspection.plan_id.code}.{inspection.plan_version}"
        if told.get("plan", plan) != plan:
            raise Refused("/plan", self.env._(
                "It is of plan “%(theirs)s”; the inspection goes by “%(ours)s”.",
                theirs=told["plan"], ours=plan))
        groups = {}  # event time → (place in the message, reading)
        for place, one in enumerate(told.get("readings") or ()):
            moment = self._med_time(one.get("time"), f"/readings/{place}/time") or item.event_time
            groups.setdefault(figures.time_text(moment), []).append((place, one))
        for moment, several in sorted(groups.items()):
            self._med_enter(inspection, moment, several)
        if said := ", ".join(filter(None, (told.get("laboratory"), told.get("report")))):
            inspection._message_log(body=self.env._(
                "Readings by %(partner)s: %(said)s", partner=partner.name, said=said))
        return inspection

    def _med_check_about(self, inspection, told):
        """Refuse what is about another order or product, or another size of lot or sample."""
        codes = self._med_product_codes(inspection.product_id)
        size = told.get("lot_size", {}).get("value")
        if figures.number_of(size) == inspection.quantity:
            size = None  # 80.0 is 80
        for name, ours, theirs in (
                ("order", inspection.production_id.name, told.get("order")),
                ("product", codes.get(inspection.product_id.id), told.get("product")),
                ("lot_size", str(inspection.quantity), size),
                ("sample_size", len(inspection.sample_ids), told.get("sample_size"))):
            if theirs not in (None, "") and theirs != ours:
                raise Refused(f"/{name}", self.env._(
                    "%(inspection)s is about “%(ours)s”, not “%(theirs)s”.",
                    inspection=inspection.name, ours="—" if ours in (None, False, "") else ours,
                    theirs=theirs))

    def _med_check_lots(self, inspection, told):
        products = self._med_product_codes(inspection.lot_ids.product_id)
        ours = {(products[lot.product_id.id], lot.name) for lot in inspection.lot_ids}
        for place, one in enumerate(told.get("lots") or ()):
            if (one.get("product"), one.get("lot")) not in ours:
                raise Refused(f"/lots/{place}", self.env._(
                    "%(inspection)s is not about the lot “%(lot)s”.",
                    inspection=inspection.name, lot=one.get("lot")))

    def _med_enter(self, inspection, moment, several):
        """Enter readings of one time by the inspection's own method."""
        values = [self._med_value(place, one) for place, one in several]
        try:
            answer = inspection.enter(values=values, event_time=moment)
        except UserError as error:
            found = NUMBER.search(str(error))  # it counts the values from 1
            number = int(found[0]) if found else 0
            place = several[number - 1][0] if 0 < number <= len(several) else None
            raise Refused("/readings" if place is None else f"/readings/{place}",
                          str(error)) from error
        # A correction has its reason; what is noted of a first value stands in the log.
        notes = [f"{one['characteristic']} {one.get('unit') or ''}: {one['note']}"
                 for (_place, one), row in zip(several, answer["readings"], strict=True)
                 if one.get("note") and row["note"] != one["note"].strip()]
        if notes:
            inspection._message_log(body=figures.joined(notes, LONGEST))
        for (place, one), row in zip(several, answer["readings"], strict=True):
            if one.get("outcome", row["outcome"]) != row["outcome"]:
                raise Refused(f"/readings/{place}/outcome", self.env._(
                    "By the plan it is “%s”.", row["outcome"]))

    def _med_value(self, place, one):
        """Return a reading as the inspection takes it."""
        value = {name: one[name] for name in (
            "characteristic", "unit", "place", "value", "uom", "gauge", "person")
            if one.get(name) not in (None, "")}
        for number, defect in enumerate(one.get("defects") or ()):
            if defect["count"] > 1:
                raise Refused(f"/readings/{place}/defects/{number}/count", self.env._(
                    "A unit bears a defect or not: send one reading a unit."))
        value["defects"] = [defect["code"] for defect in one.get("defects") or ()
                            if defect["count"]]
        if one.get("note"):
            value["reason"] = one["note"]
        return value

    def _med_compensate(self, partner, record, before, message):
        raise Refused("", self.env._(
            "The readings of %s stay: a reading is never removed. Send the right value with a "
            "reason as a correction.", record.name))
