from odoo import fields, models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_inspection.models.med_process_batch import PROCESSES
from odoo.addons.med_signature.models.med_signable_step import leave

from ..tools import figures

TIMES = {"started": "started_at", "ended": "ended_at", "indicator_read": "indicator_read_at",
         "aeration_started": "aeration_started_at", "aeration_ended": "aeration_ended_at"}
PLAIN = {"equipment": "equipment", "cycle": "cycle", "indicator_lot": "indicator_lot"}
REPORTED = ("temperature_low", "temperature_high", "pressure_low", "pressure_high", "humidity_low",
            "humidity_high", "dose_low", "dose_high", "exposure", "parameters")
WORDS = {"indicator": "indicator_result", "residuals": "residuals"}


class MedExchangeProcessRecord(models.AbstractModel):
    """Runs of batch processes: a sterilisation load with its parameters.

    What a processor reports becomes a run that somebody here records and accepts by signature.
    """

    _name = "med.exchange.process_record"
    _description = "Exchanged Process Records"
    _inherit = "med.exchange.goods"
    _schema = "process_record"
    _model = "med.process.batch"

    def _med_export(self, records):
        products = self._med_product_codes(records.line_ids.product_id)
        return {one.id: self._med_compact({
            "reference": one.name, "process": one.process, "number": one.number,
            "processor": one.partner_id and self._med_partner_code(one.partner_id),
            "state": one.state, "conclusion": one.conclusion, **(one.reported or {}),
            **{name: one[field] for name, field in (PLAIN | WORDS).items()},
            **{name: figures.time_text(one[field]) for name, field in TIMES.items()},
            "lots": [self._med_compact({
                "product": products[line.product_id.id], "lot": line.lot_id.name,
                "quantity": self._med_quantity(line.quantity, line.product_uom_id),
                "containers": line.note}) for line in one.line_ids],
        }) for one in records}

    def _med_of_party(self, partner, records, members):
        return records.filtered(lambda one: one.partner_id in members)

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told, batch = item.payload, item.record
        self._med_check_reachable(partner, batch)
        if batch and batch.state != "open":
            raise Refused("/state", self.env._(
                "%s is recorded and signed here: it is not changed from outside.", batch.name))
        if told.get("state", "open") != "open":
            raise Refused("/state", self.env._(
                "That a run is recorded or accepted is signed here: send it as “open”."))
        values = self._med_values(partner, told)
        values["line_ids"] = [
            fields.Command.clear(), *map(fields.Command.create, self._med_rows(partner, told))]
        if batch:
            self._med_carry_out("", batch.write, values)
            return batch
        return self._med_carry_out("", self.env["med.process.batch"].create, {
            **values, "company_id": partner.company_id.id})

    def _med_values(self, partner, told):
        if told["process"] not in dict(PROCESSES):
            raise Refused("/process", self.env._("“%s” is no process here.", told["process"]))
        values = {"process": told["process"], "number": told.get("number") or False}
        values |= {field: told.get(name) or False for name, field in PLAIN.items()}
        values |= {field: self._med_time(told.get(name), f"/{name}")
                   for name, field in TIMES.items()}
        for name, field in WORDS.items():
            known = dict(self.env["med.process.batch"]._fields[field].selection)
            values[field] = told.get(name) or "pending"
            if values[field] not in known:
                raise Refused(f"/{name}", self.env._("“%s” is not known here.", values[field]))
        if values["started_at"] and values["ended_at"] and (
                values["ended_at"] < values["started_at"]):
            raise Refused("/ended", self.env._("The run ends before it starts."))
        values["partner_id"] = self._med_processor(partner, told).id
        values["reported"] = {name: told[name] for name in REPORTED if name in told} or False
        return values

    def _med_processor(self, partner, told):
        """Return whose run it is: a party's is its own; a system of ours may name another."""
        own = partner.partner_id.commercial_partner_id
        if not told.get("processor"):
            return own if partner.goods_scope != "all" else self.env["res.partner"]
        found = self.env["med.exchange.organisation"]._med_find(
            partner, [told["processor"]]).get(told["processor"])
        if not found or partner.goods_scope != "all" and found.commercial_partner_id != own:
            raise Refused("/processor", self.env._("“%s” is not known here.", told["processor"]))
        return found

    def _med_rows(self, partner, told):
        rows, seen = [], set()
        for place, one in enumerate(told.get("lots") or ()):
            pointer = f"/lots/{place}"
            lot = self._med_lot_named(partner, one, pointer)
            if lot in seen:
                raise Refused(f"{pointer}/lot", self.env._("%s stands here twice.", lot.name))
            if not lot.med_controlled:
                raise Refused(f"{pointer}/product", self.env._(
                    "%s is of no controlled product: no process is recorded for it.", lot.name))
            seen.add(lot)
            rows.append({"lot_id": lot.id, "note": one.get("containers") or False,
                         "quantity": self._med_amount(
                             one["quantity"], lot.product_uom_id, f"{pointer}/quantity")})
        return rows

    def _med_compensate(self, partner, record, before, message):
        if record.state != "open":
            raise Refused("", self.env._(
                "%s is recorded and signed: quality assurance decides about it.", record.name))
        if before:
            self._med_apply(partner, [message._med_item(before, record)])
            return self.env._("%s says again what it said before the message.", record.name)
        leave(record, "cancel", self.env._("Taken back by %s", partner.name))
        return self.env._("%s was made by the message and is cancelled.", record.name)
