from odoo import models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_quality.models.med_hold import SOURCES

from ..tools import figures


class MedExchangeHold(models.AbstractModel):
    """Holds, one object a held lot, so that nobody hears of lots that never went to him.

    Anybody with the right may have lots held at once; only quality assurance here lifts.
    """

    _name = "med.exchange.hold"
    _description = "Exchanged Holds"
    _inherit = "med.exchange.goods"
    _schema = "hold"
    _model = "med.hold.line"

    def _med_find(self, partner, object_ids):
        """Return ours by ``number/line``; the hold a partner sent is known by its message."""
        numbers = {}
        for code in object_ids:
            name, _slash, number = code.rpartition("/")
            if name and number.isdecimal() and len(number) < 10:
                numbers[code] = (name, int(number))
        found = self.env["med.hold.line"].search([
            ("id", "in", [number for _name, number in numbers.values()]),
            ("hold_id.company_id", "=", partner.company_id.id)])
        by_code = {(one.hold_id.name, one.id): one for one in found}
        return {code: by_code[key] for code, key in numbers.items() if key in by_code}

    def _med_object_id(self, records):
        return {one.id: f"{one.hold_id.name}/{one.id}" for one in records}

    def _med_export(self, records):
        products = self._med_product_codes(records.lot_id.product_id)
        return {one.id: self._med_compact({
            "number": one.hold_id.name, "state": "placed" if one.open else "lifted",
            "source": one.hold_id.source, "reason": one.hold_id.reason,
            "placed": figures.time_text(one.hold_id.placed_at),
            "lifted": figures.time_text(one.hold_id.lifted_at) if not one.open else "",
            "lots": [{"product": products[one.lot_id.product_id.id], "lot": one.lot_id.name}],
        }) for one in records}

    def _med_of_party(self, partner, records, members):
        lots = self.env["med.exchange.lot"]._med_of_party(partner, records.lot_id, members)
        return records.filtered(lambda one: one.lot_id in lots)

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told, known = item.payload, item.record
        self._med_check_reachable(partner, known)
        if told.get("state", "placed") != "placed":
            if known and not known.open:
                return known
            raise Refused("/state", self.env._(
                "A hold is lifted here, by the signature of quality assurance. Ask for it."))
        if known and not known.open:
            raise Refused("/state", self.env._(
                "%s is lifted: send a new hold under another code.", known.hold_id.name))
        source = told.get("source") or "other"
        if source not in dict(SOURCES):
            raise Refused("/source", self.env._("“%s” is no ground of a hold.", source))
        lots = self.env["stock.lot"].union(*(
            self._med_lot_named(partner, one, f"/lots/{place}")
            for place, one in enumerate(told["lots"])))
        held = known.hold_id.line_ids.lot_id if known else lots.browse()
        if not lots - held:
            return known
        answer = self._med_carry_out("/lots", self.env["med.hold"].place, lots=(lots - held).ids,
                                     reason=f"{partner.code}: {told['reason']}", source=source,
                                     owner=self._med_owner(partner).id)
        hold = self.env["med.hold"].browse(answer["hold"])
        return known or hold.line_ids.sorted("id")[:1]

    def _med_owner(self, partner):
        """Return who sees to the hold: the partner's responsible, else the administrator."""
        return partner.responsible_id or self.env.ref("base.user_admin")

    def _med_compensate(self, partner, record, before, message):
        raise Refused("", self.env._(
            "%s stays: a hold is lifted by the signature of quality assurance.",
            record.hold_id.name))
