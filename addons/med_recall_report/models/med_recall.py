from odoo import fields, models
from odoo.addons.med_recall.models.med_recall import ENDED

from .med_recall_clock import OPEN

TIMES = {"decided_at", "initiated_at", "completed_at", "terminated_at"}


class MedRecall(models.Model):
    """When the clocks of a recall are set."""

    _inherit = "med.recall"

    clock_ids = fields.One2many("med.recall.clock", "recall_id", "Clocks", readonly=True)
    requested_at = fields.Datetime(
        "Tracking Requested", copy=False, tracking=True,
        help="When the authority asked where tracked devices are (21 CFR 821).")
    report_days = fields.Integer(
        "Days Between Progress Reports", default=14, copy=False, tracking=True, aggregator=False,
        help="As the recall plan says.")

    _report_days_positive = models.Constraint(
        "CHECK (report_days > 0)", "Progress is reported after one day at least.")

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"aware_at", "requested_at", "level_ids", "report_days"}:
            self._med_clock_reckon()
        return result

    def _med_store(self, vals):
        super()._med_store(vals)
        if vals.keys() & TIMES:
            self._med_clock_reckon()

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.target in ENDED:
            self._med_clock_close(transition.target)

    def _med_on_frozen(self, scope):
        super()._med_on_frozen(scope)
        self._med_clock_reckon()

    def _med_clock_close(self, state):
        """End what no longer runs: all at the end; without a recall what began with knowing."""
        rest = self.sudo().clock_ids.filtered(lambda one: one.state in OPEN and (
            state == "terminated" or one.rule_id.event != "aware"))
        rest._med_store({"state": "unneeded", "done_at": fields.Datetime.now(),
                         "evidence": self._med_states()[state]})
