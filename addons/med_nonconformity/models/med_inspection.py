from collections import Counter

from odoo import models


class MedInspection(models.Model):
    """A rejected lot is a nonconformity, and begins one."""

    _inherit = "med.inspection"

    def _med_open_nonconformity(self):
        super()._med_open_nonconformity()
        Record = self.env["med.nonconformity"]
        if Record.sudo().search_count([
                ("source_model", "=", self._name), ("source_id", "=", self.id),
                ("state", "!=", "cancelled")], limit=1):
            return
        mine = self.sudo()
        found = Counter()
        for reading in mine.reading_ids:
            found.update(reading.defects or {})
        worst = [name for name, _count in found.most_common(1)]
        code = self.env["med.defect.code"].sudo().search([
            ("code", "in", worst), ("company_id", "in", [False, mine.company_id.id])], limit=1)
        Record._med_report(
            self.env._("%(name)s: rejected", name=self.name), mine._lots(), "inspection",
            mine.company_id, mine, description=mine.conclusion or "",
            product_id=mine.product_id.id, partner_id=mine.partner_id.id,
            picking_id=mine.picking_id.id, production_id=mine.production_id.id,
            workorder_id=mine.workorder_id.id, workcenter_id=mine.workcenter_id.id,
            equipment=mine.equipment, defect_code_id=code.id,
            defect_class=code.defect_class or False)
