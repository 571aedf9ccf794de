from odoo import models


class MedHold(models.Model):
    """A hold ends with the nonconformity that placed it, or that took it over."""

    _inherit = "med.hold"

    def _med_check_settled(self):
        decided = self.env["med.nonconformity"].sudo().search([
            ("state", "in", ("decided", "closed", "cancelled")),
            ("line_ids.lot_id", "in", self.line_ids.lot_id.ids)])
        for record in decided:
            named = record.line_ids.filtered(
                lambda line, one=record: line.decision or one.state == "cancelled"
                or not line.quantity).lot_id
            if self in record._med_holds() and self.line_ids.lot_id <= named:
                return
        super()._med_check_settled()

    def action_med_nonconformity(self):
        """Report a nonconformity of the held lots."""
        return self.line_ids.lot_id.action_med_report()
