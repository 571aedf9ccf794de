from odoo import fields, models
from odoo.addons.med_exchange.tools.units import table

from ..tools import figures

NOTE, SETTING = 1024, 512  # characters that the schema allows


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
        parameters = self._med_parameters(records.operation_ids)
        return {one.id: self._med_bom(one, codes, parameters) for one in records}

    def _med_bom(self, bom, codes, parameters):
        made = bom.product_id or bom.product_tmpl_id.product_variant_ids
        return {"products": [], "lines": []} | self._med_compact({
            "code": self._med_object_id(bom)[bom.id], "reference": bom.code,
            "products": [codes[one.id] for one in made], "kind": bom.type, "active": bom.active,
            "quantity": self._med_quantity(bom.product_qty, bom.product_uom_id),
            "revision": self._med_revision(bom.product_tmpl_id),
            "lines": [self._med_compact({
                "position": place, "product": codes[line.product_id.id],
                "quantity": self._med_quantity(line.product_qty, line.product_uom_id),
                "note": self._med_line_note(line)})
                for place, line in enumerate(bom.bom_line_ids, 1)],
            "operations": [self._med_compact({
                "position": place, "name": step.with_context(lang=None).name,
                "equipment": step.workcenter_id.code or step.workcenter_id.with_context(
                    lang=None).name,
                "duration": {"value": f"{max(step.time_cycle, 0):.2f}", "unit": "min"},
                "parameters": parameters.get(step.id)})
                for place, step in enumerate(bom.operation_ids, 1)],
        })

    def _med_line_note(self, line):
        """Return what to mind of a component: for which variants, and in which operation. Without
        it a receiver would take every line for one of each variant."""
        line = line.with_context(lang=None)
        only = line.bom_product_template_attribute_value_ids.sorted("id").mapped("display_name")
        parts = [f"only for {', '.join(only)}"] if only else []
        parts += [f"in operation {line.operation_id.name}"] if line.operation_id else []
        return "; ".join(parts)[:NOTE]

    def _med_parameters(self, steps):
        """Return ``{operation's id: what its inspection plans in force have to be kept to}``.

        Plans are a company's own, and one payload goes to every company's partners: a bill of
        several companies tells plans only of the one company that has partners here.
        """
        heard = self.env["med.exchange.partner"].sudo().with_context(
            active_test=False)._read_group([], ["company_id"])
        only = heard[0][0] if len(heard) == 1 else self.env["res.company"]
        today = fields.Date.context_today(self)
        plans = self.env["med.inspection.plan"].search([
            ("operation_ids", "in", steps.ids), ("state", "=", "approved"),
            ("date_from", "<=", today), "|", ("date_to", "=", False), ("date_to", ">", today)])
        found = {}
        for plan in plans.sorted(lambda one: (one.code, one.version)):
            rows = [self._med_parameter(one) for one in plan.characteristic_ids]
            for step in plan.operation_ids & steps:
                if (step.bom_id.company_id or only) == plan.company_id:
                    found.setdefault(step.id, []).extend(rows)
        return found

    def _med_parameter(self, one):
        unit = figures.ucum(one.uom_id.code, table()) if one.uom_id else "1"
        values = {name: figures.plain_decimal(one[field]) for name, field in (
            ("target", "nominal"), ("low", "lower"), ("high", "upper"))}
        said = (one.expected or "").split("\n") + [one.method or ""]
        return self._med_compact({
            "name": one.key, **{name: {"value": value, "unit": unit}
                                for name, value in values.items() if value is not None},
            "text": "; ".join(text.strip() for text in said if text.strip())[:SETTING]})

    def _med_of_party(self, partner, records, members):
        if "subcontractor_ids" not in records._fields:
            return records.browse()
        return records.filtered(lambda one: one.subcontractor_ids & members)
