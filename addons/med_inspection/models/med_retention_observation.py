from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedRetentionObservation(models.Model):
    """What was seen of a retention sample, never changed."""

    _name = "med.retention.observation"
    _description = "Observation of a Retention Sample"
    _inherit = ["med.kept.row.mixin"]
    _order = "observed_at desc, id desc"
    _med_refusals = {
        "create": _lt("Observations are recorded on the sample."),
        "write": _lt("An observation is not changed: record another one."),
        "unlink": _lt("Observations are not deleted."),
    }

    sample_id = fields.Many2one(
        "med.retention.sample", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="sample_id.company_id", store=True, index=True)
    observed_at = fields.Datetime("Observed", required=True)
    user_id = fields.Many2one("res.users", "Observed By", required=True)
    result = fields.Selection(
        [("unchanged", "Unchanged"), ("changed", "Changed")], required=True)
    note = fields.Char()

    @api.model
    def _record(self, samples, result, note):
        with permit(self._name, (), "born"):
            return self.sudo().create([{
                "sample_id": sample.id, "observed_at": fields.Datetime.now(),
                "user_id": self.env.uid, "result": result, "note": note or False}
                for sample in samples])
