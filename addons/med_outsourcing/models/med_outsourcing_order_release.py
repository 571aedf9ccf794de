from odoo import fields, models
from odoo.addons.med_base.tools.evidence import canonical_json, digest
from odoo.exceptions import UserError

from ..tools.report import number_text

FORM = "med-outsourcing/1"
STAGES = ("process", "in_process", "batch", "final", "incoming")
"""Stages of plans whose limits the processor must keep, in the order in which they count."""


class MedOutsourcingOrder(models.Model):
    """Release: what the order is made to is frozen, with a digest and a revision."""

    _inherit = "med.outsourcing.order"

    def _med_release(self):
        """Release one order; everything or nothing.

        :raise UserError: the processor does not cover it today, or something is missing
        """
        self.ensure_one()
        order = self._med_lock()
        if order.state != "draft":
            raise UserError(self.env._("%(order)s is released already.", order=order.name))
        order._med_check_covered()
        order._med_check_complete()
        if len(order.line_ids.product_id) == 1:
            order.write({
                "product_id": order.line_ids.product_id.id, "uom_id": order.line_ids[
                    :1].product_uom_id.id, "quantity": sum(order.line_ids.mapped("quantity"))})
        order.write(order._med_due())
        # In the language of the source: what is frozen must not depend on who releases.
        contract = order.sudo().with_context(lang=None)._med_contract()
        order._med_store({
            "state": "released", "date_released": fields.Datetime.now(),
            "contract": contract, "contract_digest": digest(canonical_json(contract)),
            "revision": order._med_revision(contract)})
        if order.kind == "process":
            order._med_send()
        order._med_after_release()

    def _med_after_release(self):
        """Tell the processor. For addons: send it, e-mail it."""

    def _med_products(self):
        """Return what is made or processed."""
        return self.line_ids.product_id if self.kind == "process" else self.product_id

    def _med_check_covered(self):
        """Raise unless the processor covers process and products today, by the gate's mode.

        What is made by subcontracting was asked when the receipt was confirmed.
        """
        if self.kind == "process":
            self.sudo().env["med.processor"]._med_gate(
                self.partner_id, self.company_id,
                [(self.process, product) for product in self._med_products()],
                self._med_warehouse(), self)

    def _med_check_complete(self):
        if not self.sudo().processor_id.location_id:
            raise UserError(self.env._(
                "%(processor)s has no place of its own in our books yet: have its file approved.",
                processor=self.partner_id.display_name))
        if self.kind == "process" and not self.line_ids:
            raise UserError(self.env._("%(order)s: say which lots go.", order=self.name))
        if self.kind == "make" and not self.move_ids:
            raise UserError(self.env._(
                "%(order)s: what a processor makes is ordered by a purchase or a receipt, which "
                "releases its order by itself. Cancel this one and order it there.",
                order=self.name))
        if self.kind == "make" and (not self.product_id or self.quantity <= 0):
            raise UserError(self.env._(
                "%(order)s: say what is made, and how much.", order=self.name))

    def _med_due(self):
        """Return due dates of what nobody has set one for."""
        vals = {}
        if not self.date_due_acknowledge:
            vals["date_due_acknowledge"] = fields.Datetime.add(
                fields.Datetime.now(), days=self.company_id.med_acknowledge_days)
        if self.date_due and not self.date_due_finish:
            vals["date_due_finish"] = self.date_due
        return vals

    # ------------------------------------------------------------------ what is frozen

    def _med_contract(self):
        """Return what is ordered as plain JSON; no floats, so that every program reads the same."""
        specs = [self._med_spec(product) for product in self._med_products().sorted("id")]
        return {
            "form": FORM, "order": self.name, "kind": self.kind, "process": self.process,
            "processor": self.partner_id.display_name, "note": self.note or "",
            "quantity": number_text(self.quantity), "unit": self.uom_id.name or "",
            "products": specs,
            "lots": [{"lot": line.lot_id.name, "product": line.product_id.id,
                      "quantity": number_text(line.quantity),
                      "unit": line.product_uom_id.name or ""} for line in self.line_ids],
            "routing": [row for spec in specs for row in spec["routing"]],
            "parameters": [row for spec in specs for row in spec["parameters"]],
            "due": {name: fields.Datetime.to_string(self[name]) if self[name] else ""
                    for name in ("date_due_start", "date_due_finish", "date_due")},
        }

    def _med_spec(self, product):
        """Return what one product is made or processed to."""
        template = product.product_tmpl_id
        version = self.env["med.product.version"]._med_in_force(template) if (
            template.med_change_control) else self.env["med.product.version"]
        bom = self._med_bom(product)
        plans = self._med_plans(product)
        return {
            "product": product.id, "code": product.default_code or "",
            "name": product.with_context(lang=None).name, "unit": product.uom_id.name,
            "version": version.number or 0, "version_digest": version.digest or "",
            "bom": {
                "id": bom.id or 0, "code": bom.code or "",
                "quantity": number_text(bom.product_qty), "unit": bom.product_uom_id.name or "",
                "lines": [{
                    "product": line.product_id.id, "code": line.product_id.default_code or "",
                    "name": line.product_id.with_context(lang=None).name,
                    "quantity": number_text(line.product_qty),
                    "unit": line.product_uom_id.name} for line in bom.bom_line_ids.sorted("id")]},
            "routing": [{"name": one.name, "work_center": one.workcenter_id.name or "",
                         "minutes": number_text(one.time_cycle_manual)}
                        for one in self._med_routing(product, bom)],
            "plans": [{"code": plan.code, "version": plan.version, "name": plan.name,
                       "stage": plan.stage} for plan in plans],
            "parameters": [{
                "key": one.key, "name": one.name, "unit": one.uom_id.code or "",
                "low": (one.lower or "").strip(), "high": (one.upper or "").strip(),
                "open_low": not one.lower_inclusive, "open_high": not one.upper_inclusive,
                "plan": f"{one.plan_id.code}.{one.plan_id.version}"}
                for one in plans.characteristic_ids if one.kind in ("measured", "counted")],
        }

    def _med_bom(self, product):
        """Return the bill of materials that a product is made by; none where it is processed."""
        if self.kind == "process":
            return self.env["mrp.bom"]
        return self.production_ids.bom_id[:1] or self.move_ids[:1]._get_subcontract_bom()

    def _med_routing(self, product, bom):
        """Return the operations to be done. Odoo lets a bill for a processor have none: those of
        the product's own bill count then."""
        if self.kind == "process":
            return self.env["mrp.routing.workcenter"]
        found = bom.operation_ids or self.env["mrp.bom"].search([
            ("product_tmpl_id", "=", product.product_tmpl_id.id), ("type", "=", "normal"),
            ("operation_ids", "!=", False), ("company_id", "in", (False, self.company_id.id))],
            order="sequence, id", limit=1).operation_ids
        return found.sorted(lambda one: (one.sequence, one.id))

    def _med_plans(self, product):
        """Return the plans in force for a product at this processor."""
        find = self.env["med.inspection.plan"]._matcher()
        plans = self.env["med.inspection.plan"]
        for stage in STAGES:
            plans |= find(self.company_id, stage, product, self.partner_id)
        return plans

    def _med_revision(self, contract):
        """Return the revision in words a processor can repeat: the version of a product under
        change control; else what begins the digest of what it is made to."""
        specs = contract["products"]
        if len(specs) == 1 and specs[0]["version"]:
            return f"V{specs[0]['version']}"
        made_to = [{key: value for key, value in spec.items() if key not in ("name",)}
                   for spec in specs]
        return f"R-{digest(canonical_json([contract['process'], made_to]))[:10]}"
