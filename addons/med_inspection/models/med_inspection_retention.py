from odoo import models
from odoo.tools import clean_context

from .med_process_batch import PASSED


class MedInspection(models.Model):
    _inherit = "med.inspection"

    def _med_after_transition(self, transition):
        """Plan the retention sample that the plan asks for, once a lot."""
        super()._med_after_transition(transition)
        asked = float((self.frozen or {}).get("plan", {}).get("retention") or 0)
        if transition.target not in PASSED or not asked or not self.lot_id:
            return
        Sample = self.env["med.retention.sample"].sudo().with_context(
            clean_context(self.env.context))
        if not Sample.search_count([("lot_id", "=", self.lot_id.id)], limit=1):
            Sample.create({
                "lot_id": self.lot_id.id, "quantity": asked, "inspection_id": self.id,
                "company_id": self.company_id.id, "owner_id": self.env.uid})
