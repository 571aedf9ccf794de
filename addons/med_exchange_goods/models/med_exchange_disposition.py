from odoo import models

from ..tools import figures

LONGEST = 20_000  # characters that the schema allows


class MedExchangeDisposition(models.AbstractModel):
    """Signed decisions about lots, one object a lot. Only sent: each side decides for itself."""

    _name = "med.exchange.disposition"
    _description = "Exchanged Decisions About Lots"
    _inherit = "med.exchange.goods"
    _schema = "disposition"
    _model = "med.disposition.line"

    def _med_find(self, partner, object_ids):
        numbers = {int(number): code for code in object_ids
                   for name, _slash, number in [code.rpartition("/")]
                   if name and number.isdecimal() and len(number) < 10}
        found = self.env["med.disposition.line"].search([
            ("id", "in", list(numbers)), ("company_id", "=", partner.company_id.id)])
        codes = self._med_object_id(found)
        return {codes[one.id]: one for one in found if numbers[one.id] == codes[one.id]}

    def _med_object_id(self, records):
        return {one.id: f"{one.disposition_id.name}/{one.id}" for one in records}

    def _med_export(self, records):
        products = self._med_product_codes(records.lot_id.product_id)
        return {one.id: self._med_compact({
            "number": one.disposition_id.name, "kind": one.disposition_id.kind,
            "product": products[one.lot_id.product_id.id], "lot": one.lot_id.name,
            "from": one.status_from, "status": one.status,
            "state": one.disposition_id.state,
            "decided": figures.time_text(one.disposition_id.sudo().med_signature_ids.sorted(
                "id")[-1:].signed_at),
            "conditions": one.status == "conditional" and "\n".join(filter(None, (
                one.note, one.disposition_id.note)))[:LONGEST],
        }) for one in records}

    def _med_of_party(self, partner, records, members):
        lots = self.env["med.exchange.lot"]._med_of_party(partner, records.lot_id, members)
        return records.filtered(lambda one: one.lot_id in lots)

    def _med_may_know(self, partner, records):
        """What is not signed yet is nobody's business."""
        return super()._med_may_know(
            partner, records.filtered(lambda one: one.disposition_id.state == "done"))
