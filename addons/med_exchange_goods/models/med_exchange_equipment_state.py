from odoo import models

from ..tools import figures

LONGEST, NUMBER = 1024, 128  # characters that the schema allows


class MedExchangeEquipmentState(models.AbstractModel):
    """Work centres: in use, free or blocked. Only sent, and to no consignee or supplier."""

    _name = "med.exchange.equipment_state"
    _description = "Exchanged States of Equipment"
    _inherit = "med.exchange.goods"
    _schema = "equipment_state"
    _model = "mrp.workcenter"

    def _med_find(self, partner, object_ids):
        found = self.env["mrp.workcenter"].with_context(active_test=False).search([
            ("company_id", "=", partner.company_id.id)])
        codes = self._med_object_id(found)
        return {codes[one.id]: one for one in found.sorted("id", reverse=True)
                if codes[one.id] in object_ids}

    def _med_object_id(self, records):
        return {one.id: one.code or f"equipment-{one.id}" for one in records}

    def _med_export(self, records):
        times = self.env["mrp.workcenter.productivity"].search(
            [("workcenter_id", "in", records.ids), ("date_end", "=", False)], order="date_start")
        running = times.grouped("workcenter_id")
        codes = self._med_object_id(records)
        return {one.id: self._med_compact({
            "code": codes[one.id], "name": one.with_context(lang=None).name, "active": one.active,
            "state": {"normal": "idle", "done": "running", "blocked": "blocked"}[
                one.working_state or "normal"],
            **self._med_now(one, running.get(one, times.browse())),
            "calibrated": one.med_calibrated and one.med_calibrated.isoformat(),
            "calibration_due": one.med_calibration_due and one.med_calibration_due.isoformat(),
        }) for one in records}

    def _med_now(self, centre, times):
        """Return since when a work centre works or stands, why, and on which order."""
        stands = centre.working_state == "blocked"
        # By whom nothing is said: what others are told has no names of our people.
        lost = times.filtered(lambda one: one.loss_type not in ("productive", "performance"))
        orders = (times - lost).production_id or times.production_id
        return {
            "since": figures.time_text((lost if stands and lost else times)[:1].date_start),
            "reason": stands and ": ".join(filter(None, (
                lost[:1].loss_id.with_context(lang=None).name,
                (lost[:1].description or "").strip())))[:LONGEST],
            "order": ", ".join(orders.mapped("name"))[:NUMBER]}
