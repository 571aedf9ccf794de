from odoo import fields, models

AT_WORK = ("released", "acknowledged", "started", "finished")
CLOSED = ("closed", "cancelled")


class MedOutsourcingOrder(models.Model):
    """An order as its processor reads it: as it was released, whatever has changed since."""

    _inherit = "med.outsourcing.order"

    def _med_portal_sheet(self):
        """Return lots, tables (bill of materials, steps, parameters, plans) and notes."""
        self.ensure_one()
        _, told = self.env._, self._med_told_contract()
        specs = told.get("products", ())
        names = {spec.get("product"): spec for spec in specs}
        tables = [
            ("bom", _("Bill of materials"), (_("Part"), _("Code"), _("Quantity")), [
                (line["name"], line["code"], f"{line['quantity']} {line['unit']}")
                for spec in specs for line in spec.get("bom", {}).get("lines", ())]),
            ("routing", _("Steps"), (_("Step"), _("Work center")), [
                (row["name"], row.get("work_center", "")) for row in told.get("routing", ())]),
            ("parameters", _("Parameters and limits"),
             (_("Parameter"), _("Limits"), _("Unit"), _("Plan")), [
                 (row["name"], self._med_span(row), row["unit"], row.get("plan", ""))
                 for row in told.get("parameters", ())]),
            ("plans", _("Inspection plans"), (_("Plan"), _("Name"), _("Version")), [
                (row["code"], row["name"], row["version"])
                for spec in specs for row in spec.get("plans", ())]),
        ]
        return {
            "names": names, "lots": self._med_begin_sent(),
            "notes": [self.note] if self.note else [],
            "tables": [{"key": key, "title": title, "columns": columns, "rows": rows}
                       for key, title, columns, rows in tables if rows],
        }

    def _med_portal_finished(self):
        """Return what was reported finished and good, shipped or not, by lot."""
        made = {}
        for event in self.event_ids.filtered(
                lambda one: one.kind == "finished" and not one.superseded):
            for row in event.lot_ids.filtered(lambda one: one.outcome == "good"):
                made[row.lot_name] = made.get(row.lot_name, 0.0) + row.quantity
        return [{"lot": lot, "quantity": made[lot]} for lot in sorted(made)]

    def _med_portal_releases(self):
        """Return the production releases that the processor signed for this order."""
        return self.env["med.processor.release"].sudo().search(
            [("order_id", "=", self.id), ("state", "in", ("released", "withdrawn", "revoked"))])

    def _med_portal_deviations(self):
        """Return the deviations in force that name this order or, naming none, lots of it."""
        order = self.sudo()
        return self.env["med.deviation"].sudo().search([
            ("company_id", "=", order.company_id.id), ("in_force", "=", True), "|",
            ("med_outsourcing_order_ids", "in", order.ids), "&",
            ("med_outsourcing_order_ids", "=", False),
            ("lot_ids", "in", order._med_own_lots().ids)], order="id", limit=20)

    def _med_portal_made_under(self):
        """Return deviation and revision of a release, where all that is finished says the same."""
        told = {(one.deviation_id.sudo().name, one.revision) for one in self.event_ids
                if one.kind == "finished" and not one.superseded}
        [(deviation, revision)] = told if len(told) == 1 else [("", "")]
        return {"deviation": deviation, "made_to": revision} if (
            deviation and revision != self.revision) else {}

    def _med_portal_lot_names(self):
        """Return names of lots that a page offers."""
        names = [row["lot"] for row in self._med_begin_sent()]
        names += self.event_ids.lot_ids.mapped("lot_name")
        return sorted(set(names))

    def _med_portal_product(self):
        """Return what is made or processed, in words."""
        products = self.product_id or self.line_ids.product_id
        return ", ".join(products.mapped("display_name"))

    def _med_portal_dates(self):
        """Return ``(words, time)`` of the dates that are kept."""
        names = ("date_released", "date_due_acknowledge", "date_due_start", "date_due_finish",
                 "date_due")
        words = {name: told["string"] for name, told in self.fields_get(names, ["string"]).items()}
        # As a date it reads otherwise than the state of the same name.
        words["date_released"] = self.env._("Released on")
        return [(words[name], self[name]) for name in names if self[name]]

    def _med_portal_late(self):
        """Return whether something of the order is late now."""
        if self.state not in AT_WORK:
            return False
        return self.late or bool(self.date_due and self.date_due < fields.Datetime.now())

    def _med_portal_events(self):
        """Return the events, the latest first."""
        return self.event_ids.sorted(lambda one: (one.event_time, one.id), reverse=True)

    def _med_portal_holds(self):
        """Return ``{"lot", "hold"}`` of lots of this order that are on hold with us now."""
        lots = self.line_ids.lot_id | self.event_ids.lot_ids.lot_id | (
            self._med_send_pickings().move_line_ids.lot_id)
        lots = self.processor_id._med_portal_lots(among=[("id", "in", lots.ids)])
        found = self.env["med.hold"].sudo().search([
            ("state", "=", "open"), ("line_ids.lot_id", "in", lots.ids)]) if lots else ()
        # Why a lot is held may name what is none of his business; that it is held is.
        return [{"lot": lot.name, "hold": hold.name} for hold in found
                for lot in hold.line_ids.lot_id & lots]

    def _med_portal_problems(self):
        """Return the nonconformities that this processor reported of this order."""
        return self.env["med.nonconformity"].sudo().search([
            ("source", "=", "processor"), ("source_model", "=", self._name),
            ("source_id", "=", self.id), ("partner_id", "=", self.partner_id.id)])
