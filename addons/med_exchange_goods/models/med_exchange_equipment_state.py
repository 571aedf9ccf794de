from odoo import models

from ..tools import figures


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
        since = dict(self.env["mrp.workcenter.productivity"]._read_group(
            [("workcenter_id", "in", records.ids), ("date_end", "=", False)],
            ["workcenter_id"], ["date_start:min"]))
        codes = self._med_object_id(records)
        return {one.id: self._med_compact({
            "code": codes[one.id], "name": one.with_context(lang=None).name, "active": one.active,
            "state": {"normal": "idle", "done": "running", "blocked": "blocked"}[
                one.working_state or "normal"],
            "since": figures.time_text(since.get(one)),
        }) for one in records}
