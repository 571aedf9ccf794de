from odoo import models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_signature.models.med_signable_step import perform
from odoo.exceptions import UserError

from ..tools import figures

REASONS = ("damaged", "temperature", "expiry", "wrong", "label", "missing", "other")


class MedExchangeDeliveryProof(models.AbstractModel):
    """What a consignee took and refused, told by him or by who carried it (签收与拒收)."""

    _name = "med.exchange.delivery_proof"
    _description = "Exchanged Proofs of Delivery"
    _inherit = "med.exchange.goods"
    _schema = "delivery_proof"
    _model = "med.delivery.proof"

    def _med_export(self, records):
        products = self._med_product_codes(records.line_ids.product_id)
        return {one.id: self._med_compact({
            "number": one.their_number or one.name, "shipment": one.picking_id.name,
            "state": one.state, "outcome": one.outcome, "person": one.person, "note": one.note,
            "time": figures.time_text(one.event_time), "photo": one._med_picture(),
            "temperature": one.temperature and {
                "value": one.temperature.strip().replace(",", "."), "unit": "Cel"},
            "lines": [self._med_compact({
                "product": products[line.product_id.id], "lot": line.lot_id.name,
                "delivered": self._med_quantity(line.delivered, line.uom_id),
                "received": self._med_quantity(line.received, line.uom_id),
                "refused": self._med_quantity(line.refused, line.uom_id),
                "reason": line.reason, "note": line.note}) for line in one.line_ids],
        }) for one in records}

    def _med_of_party(self, partner, records, members):
        return records.filtered(lambda one: one.picking_id.partner_id in members)

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told = item.payload
        if item.record:
            self._med_check_reachable(partner, item.record)
            if item.record.state != "draft":
                raise Refused("/number", self.env._(
                    "%s is recorded: quality assurance voids it if it is wrong.",
                    item.record.name))
        if told.get("state", "recorded") != "recorded":
            raise Refused("/state", self.env._(
                "A proof that comes in is recorded at once; quality assurance here voids one."))
        picking = self._med_named(partner, "shipment", told["shipment"], "/shipment")
        proof = self._med_carry_out("/shipment", picking._med_proof_made).sudo()
        if proof.state != "draft":
            raise Refused("/shipment", self.env._("%s is recorded already.", proof.name))
        rows = self._med_rows(proof, told)
        moment = self._med_time(told.get("time"), "/time") or item.event_time
        if not moment:
            raise Refused("/time", self.env._("Say when it was received or refused."))
        if not (told.get("person") or "").strip():
            raise Refused("/person", self.env._("Say who took or refused the goods."))
        temperature = told.get("temperature")
        if temperature and (temperature.get("unit") != "Cel"
                            or figures.number_of(temperature.get("value")) is None):
            raise Refused("/temperature", self.env._("A temperature is told in “Cel”."))
        try:
            proof._med_fill(rows)
            proof.write({"person": told["person"], "event_time": moment,
                         "note": told.get("note") or False,
                         "temperature": temperature["value"] if temperature else False,
                         "their_number": told.get("number") or item.object_id,
                         "picture_digest": told.get("photo") or False})
            if told.get("outcome", proof.outcome) != proof.outcome:
                raise Refused("/outcome", self.env._(
                    "By its lines it is “%(ours)s”, not “%(theirs)s”.", ours=proof.outcome,
                    theirs=told["outcome"]))
            # Its right to send proofs stands for the role that a person here needs.
            perform(proof, proof._med_check_step("record", ""), "")
        except UserError as error:
            raise Refused("/lines", str(error)) from error
        return proof

    def _med_rows(self, proof, told):
        products = self._med_product_codes(proof.line_ids.product_id)
        lines = {(products[line.product_id.id], line.lot_id.name or ""): line
                 for line in proof.line_ids}
        rows = []
        for place, one in enumerate(told.get("lines") or ()):
            pointer = f"/lines/{place}"
            line = lines.pop((one.get("product"), one.get("lot") or ""), None)
            if not line:
                raise Refused(pointer, self.env._(
                    "“%s” was not delivered, or stands here twice.",
                    one.get("lot") or one.get("product")))
            if one.get("reason") and one["reason"] not in REASONS:
                raise Refused(f"{pointer}/reason", self.env._(
                    "“%s” is no reason here.", one["reason"]))
            if "delivered" in one and line.uom_id.compare(self._med_amount(
                    one["delivered"], line.uom_id, f"{pointer}/delivered"), line.delivered):
                raise Refused(f"{pointer}/delivered", self.env._(
                    "%(ours)s was delivered, not %(theirs)s.",
                    ours=figures.text_of(line.delivered), theirs=one["delivered"]["value"]))
            row = {"product": line.product_id.id, "reason": one.get("reason") or "",
                   "note": one.get("note") or ""}
            if line.lot_id:
                row["lot"] = line.lot_id.id
            for name in ("received", "refused"):
                if name in one:
                    row[name] = self._med_amount(one[name], line.uom_id, f"{pointer}/{name}")
            rows.append(row)
        return rows

    def _med_compensate(self, partner, record, before, message):
        raise Refused("", self.env._(
            "%s stays: quality assurance voids it with a reason.", record.name))
