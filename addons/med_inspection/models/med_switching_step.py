from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.tools.translate import LazyTranslate

from .med_switching import SEVERITIES

_lt = LazyTranslate(__name__)

REASONS = [
    ("counted", "Counted"), ("tightened", "Lots Not Accepted: Tightened"),
    ("relaxed", "Lots Accepted in a Row: Normal"), ("stopped", "Acceptance Stopped"),
    ("reduced", "Reduced, Signed"), ("reduced_failed", "Not Accepted on Reduced: Normal"),
    ("reduced_gap", "Between Ac and Re on Reduced: Normal"), ("directed", "Ordered"),
    ("resumed", "Taken Up Again on Tightened"), ("resubmitted", "Submitted Again: Not Counted"),
    ("other_severity", "Planned Under Another Severity: Not Counted"),
    ("already_stopped", "Stopped Already: Not Counted"),
]


class MedSwitchingStep(models.Model):
    """What a lot or a decision did to a series. Never changed."""

    _name = "med.switching.step"
    _description = "Step of a Series"
    _inherit = ["med.kept.row.mixin"]
    _order = "id desc"
    _rec_name = "code"
    _med_refusals = {"create": _lt("The history of a series is not written by hand.")}

    switching_id = fields.Many2one(
        "med.switching", "Series", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True)
    date = fields.Datetime(required=True)
    inspection_id = fields.Many2one("med.inspection", index="btree_not_null", ondelete="restrict")
    change_id = fields.Many2one(
        "med.switching.change", "Decision", index="btree_not_null", ondelete="restrict")
    severity_from = fields.Selection(SEVERITIES, string="From", required=True)
    severity = fields.Selection(SEVERITIES, string="To", required=True)
    code = fields.Selection(REASONS, string="Reason", required=True)
    counted = fields.Boolean()
    detail = fields.Char("Numbers")
    user_id = fields.Many2one("res.users", "Person")

    _lot_uniq = models.UniqueIndex(
        "(switching_id, inspection_id) WHERE inspection_id IS NOT NULL",
        "The inspection was counted already.")

    @api.model
    def _record(self, series, before, step, inspection, change):
        with permit(self._name, (), "born"):
            self.sudo().create({
                "switching_id": series.id, "company_id": series.company_id.id,
                "date": fields.Datetime.now(), "inspection_id": inspection and inspection.id,
                "change_id": change and change.id, "severity_from": before,
                "severity": step.state.severity, "code": step.reason, "counted": step.counted,
                "detail": ", ".join(f"{name} {value}" for name, value in step.detail),
                "user_id": self.env.uid})
