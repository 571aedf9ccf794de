from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import figures


class MedProcessBatch(models.Model):
    """Recorded, accepted, rejected and cancelled runs are told to partners; what a processor
    measured comes from it."""

    _inherit = "med.process.batch"

    reported = fields.Json("Parameters as Reported", readonly=True, copy=False)
    reported_text = fields.Text("Reported Parameters", compute="_compute_reported_text",
                                help="As the processor's system sent them.")

    @api.depends("reported")
    def _compute_reported_text(self):
        for batch in self:
            batch.reported_text = "\n".join(figures.told(batch.reported or {}))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._med_check_reported(vals)
        # Written out, so that no default of the caller's context gets in.
        return super().create([{"reported": False, **vals} for vals in vals_list])

    def write(self, vals):
        self._med_check_reported(vals)
        return super().write(vals)

    def _med_check_reported(self, vals):
        if vals.get("reported") and not self.env.su:
            raise AccessError(self.env._("What a processor reported comes by a message of his."))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.env["med.exchange.process_record"]._med_tell(self)
