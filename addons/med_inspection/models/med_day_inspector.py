from odoo import api, fields, models
from odoo.addons.med_traceability.models.med_day import VERSION
from odoo.addons.med_traceability.tools.times import iso
from odoo.fields import Domain

MOST = 200
"""Inspections of one kind on the page; the list of inspections has all."""

ROLES = ("inspector", "qa", "operator")


class MedDay(models.AbstractModel):
    _inherit = "med.day"

    @api.model
    def _med_pages(self):
        return {**super()._med_pages(),
                "inspector": ("med_inspection.med_day_inspector_action", ROLES)}

    @api.model
    def inspector(self):
        """Give the inspections that wait: what production or a delivery needs first.

        :return: ``{"version", "zone", "company", "start" (it is the caller's start page),
            "counts": {"open", "submitted", "overdue", "clean", "done"}, "left_out", "rows":
            [{"id", "name", "stage", "stage_label", "state", "product", "lot", "lots", "partner",
            "order", "quantity", "units", "severity", "due", "overdue", "needed", "priority" (0:
            nothing waits, 1: something waits, 2: it is late), "inspector", "mine", "verdict",
            "missing", "failed", "clean" (submitted, acceptable, nothing corrected, and another
            person's where a second person decides)}]}``
        """
        self._med_page("inspector")
        inspections = self.env["med.inspection"].search_fetch(
            Domain("state", "in", ("open", "submitted"))
            & Domain("company_id", "in", self.env.companies.ids) & self._med_inspector_domain(),
            ["name", "stage", "state", "product_id", "lot_id", "quantity", "date_due", "user_id",
             "verdict", "missing_count", "fail_count", "partner_id", "production_id"])
        now = fields.Datetime.now()
        begin = self._med_window()[1]
        far = fields.Datetime.to_datetime("9999-01-01 00:00:00")
        ordered = inspections.sorted(lambda one: (
            -one.priority, one.needed_at or far, one.date_due or far, one.id))
        drawn = dict(self.env["med.inspection.sample"].sudo()._read_group(
            [("inspection_id", "in", ordered[:MOST].ids)], ["inspection_id"], ["__count"]))
        drawn = {one.id: count for one, count in drawn.items()}
        hands = self._med_my_hands(ordered[:MOST])
        rows = [self._med_inspector_row(one, now, drawn, hands) for one in ordered[:MOST]]
        done = self.env["med.inspection"].search_count([
            ("company_id", "in", self.env.companies.ids), ("decided_at", ">=", begin)])
        return {
            "version": VERSION, "zone": self._med_zone(),
            "company": ", ".join(self.env.companies.mapped("name")),
            "start": self._med_is_start("inspector"),
            "counts": {
                "open": sum(one.state == "open" for one in ordered),
                "submitted": sum(one.state == "submitted" for one in ordered),
                "overdue": sum(bool(one.date_due and one.date_due < now) for one in ordered),
                "clean": sum(row["clean"] for row in rows), "done": done},
            "left_out": max(len(ordered) - MOST, 0), "rows": rows}

    @api.model
    def _med_inspector_domain(self):
        """Return what belongs on the caller's page: an operator's is what production inspects."""
        user = self.env.user
        if any(user.has_group(f"med_base.med_base_group_{role}") for role in ("inspector", "qa")):
            return Domain.TRUE
        return Domain("stage", "in", ("in_process", "clearance", "process", "environment"))

    @api.model
    def _med_my_hands(self, inspections):
        """Return the ids of the inspections that the caller worked on or submitted."""
        read = self.env["med.reading"].sudo()._read_group(
            [("inspection_id", "in", inspections.ids), ("user_id", "=", self.env.uid)],
            ["inspection_id"])
        signed = self.env["med.signature"].sudo().search([
            ("res_model", "=", "med.inspection"), ("res_id", "in", inspections.ids),
            ("user_id", "=", self.env.uid), ("transition", "=", "submit")])
        return {one.id for (one,) in read} | set(signed.mapped("res_id"))

    @api.model
    def _med_inspector_row(self, one, now, drawn, hands):
        stages = dict(one._fields["stage"]._description_selection(self.env))
        own = one.id in hands and one._med_needs_second()
        return {
            "id": one.id, "name": one.name, "stage": one.stage, "stage_label": stages[one.stage],
            "state": one.state, "product": one.product_id.display_name or "",
            "lot": one.lot_id.name or "", "lots": len(one.lot_ids),
            "partner": one.partner_id.name or "", "order": one.production_id.name or "",
            "quantity": one.quantity, "units": drawn.get(one.id, 0),
            "severity": one.severity or "", "due": iso(one.date_due),
            "overdue": bool(one.date_due and one.date_due < now), "needed": iso(one.needed_at),
            "priority": one.priority, "inspector": one.user_id.name or "",
            "mine": one.user_id == self.env.user, "verdict": one.verdict,
            "missing": one.missing_count, "failed": one.fail_count,
            "clean": bool(one.state == "submitted" and one.verdict in ("accepted", "omitted")
                          and not one.correction_count and not own)}

    @api.model
    def _med_found(self, page, code):
        if page == "inspector":
            return self._med_inspections(code)
        return super()._med_found(page, code)

    @api.model
    def _med_inspections(self, code):
        """Return the open inspections that a code names: by number, lot, order or product."""
        open_ones = Domain("state", "in", ("open", "submitted")) & Domain(
            "company_id", "in", self.env.companies.ids)
        Inspection = self.env["med.inspection"]
        found = Inspection.search(open_ones & (
            Domain("name", "=ilike", code) | Domain("production_id.name", "=ilike", code)
            | Domain("picking_id.name", "=ilike", code)), limit=200)
        if found:
            return found
        lots, products = self._med_named(code)
        if lots:
            return Inspection.search(open_ones & Domain("lot_ids", "in", lots.ids), limit=200)
        if products:
            return Inspection.search(
                open_ones & Domain("product_id", "in", products.ids), limit=200)
        return found
