from odoo import models


class MedExchangeBom(models.AbstractModel):
    """Bills of materials with their operations. Only sent: changes here go by change control."""

    _name = "med.exchange.bom"
    _description = "Exchanged Bills of Materials"
    _inherit = "med.exchange.goods"
    _schema = "bom"
    _model = "mrp.bom"

    def _med_find(self, partner, object_ids):
        numbers = {code: int(code.removeprefix("bom-")) for code in object_ids
                   if code.startswith("bom-") and code.removeprefix("bom-").isdecimal()
                   and len(code) < 14}
        found = self.env["mrp.bom"].with_context(active_test=False).search([
            ("id", "in", list(numbers.values())),
            ("company_id", "in", [False, partner.company_id.id])])
        by_number = {one.id: one for one in found}
        return {code: by_number[number] for code, number in numbers.items() if number in by_number}

    def _med_object_id(self, records):
        return {one.id: f"bom-{one.id}" for one in records}

    def _med_export(self, records):
        products = records.product_id | records.product_tmpl_id.product_variant_ids
        codes = self._med_product_codes(products | records.bom_line_ids.product_id)
        return {one.id: self._med_bom(one, codes) for one in records}

    def _med_bom(self, bom, codes):
        made = bom.product_id or bom.product_tmpl_id.product_variant_ids
        return {"products": [], "lines": []} | self._med_compact({
            "code": self._med_object_id(bom)[bom.id], "reference": bom.code,
            "products": [codes[one.id] for one in made], "kind": bom.type, "active": bom.active,
            "quantity": self._med_quantity(bom.product_qty, bom.product_uom_id),
            "revision": self._med_revision(bom.product_tmpl_id),
            "lines": [{"position": place, "product": codes[line.product_id.id],
                       "quantity": self._med_quantity(line.product_qty, line.product_uom_id)}
                      for place, line in enumerate(bom.bom_line_ids, 1)],
            "operations": [self._med_compact({
                "position": place, "name": step.with_context(lang=None).name,
                "equipment": step.workcenter_id.code or step.workcenter_id.with_context(
                    lang=None).name}) for place, step in enumerate(bom.operation_ids, 1)],
        })

    def _med_of_party(self, partner, records, members):
        if "subcontractor_ids" not in records._fields:
            return records.browse()
        return records.filtered(lambda one: one.subcontractor_ids & members)
