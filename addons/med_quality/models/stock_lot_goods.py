from odoo import models
from odoo.addons.med_traceability.tools.times import iso


class StockLot(models.Model):
    """What the evidence file of a lot says of its reviews, and of what consignees took."""

    _inherit = "stock.lot"

    def _med_evidence_sections(self):
        return [*super()._med_evidence_sections(), self._med_reviews_section(),
                self._med_proofs_section()]

    def _med_reviews_section(self):
        _ = self.env._
        reviews = self.env["med.checkout.review"].sudo().search([
            ("company_id", "in", self.env.companies.ids), ("state", "=", "done"),
            ("scan_ids", "any", [("lot_id", "=", self.id), ("undone", "=", False)])], order="id")
        columns = [("name", _("Number"), "text"), ("document", _("Delivery"), "text"),
                   ("quantity", _("Quantity"), "number"), ("picked", _("Picked By"), "text"),
                   ("checked", _("Confirmed By"), "text"), ("date", _("Time (UTC)"), "date")]
        return self._med_section("checkout_reviews", _("Check-Out Reviews"), columns, [{
            "name": review.name, "document": review.picking_id.name,
            "quantity": sum(scan.quantity for scan in review._med_live() if scan.lot_id == self),
            "picked": ", ".join(review.picker_ids.mapped("name")),
            "checked": ", ".join(review.checker_ids.mapped("name")),
            "date": iso(review.reviewed_at)} for review in reviews])

    def _med_proofs_section(self):
        _ = self.env._
        lines = self.env["med.delivery.proof.line"].sudo().search([
            ("lot_id", "=", self.id), ("company_id", "in", self.env.companies.ids),
            ("proof_id.state", "=", "recorded")], order="id")
        columns = [("name", _("Number"), "text"), ("document", _("Delivery"), "text"),
                   ("partner", _("Consignee"), "text"), ("person", _("By (Person)"), "text"),
                   ("date", _("Time (UTC)"), "date"), ("delivered", _("Delivered"), "number"),
                   ("received", _("Received"), "number"), ("refused", _("Refused"), "number"),
                   ("reason", _("Reason"), "text"), ("temperature", _("Temperature (°C)"), "text")]
        reasons = dict(lines._fields["reason"]._description_selection(self.env))
        return self._med_section("delivery_proofs", _("Proofs of Delivery"), columns, [{
            "name": line.proof_id.name, "document": line.proof_id.picking_id.name,
            "partner": line.proof_id.partner_id.display_name or "",
            "person": line.proof_id.person, "date": iso(line.proof_id.event_time),
            "delivered": line.delivered, "received": line.received, "refused": line.refused,
            "reason": reasons.get(line.reason, ""),
            "temperature": line.proof_id.temperature or ""} for line in lines])
