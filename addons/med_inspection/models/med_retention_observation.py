from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError


class MedRetentionObservation(models.Model):
    """What was seen of a retention sample, never changed."""

    _name = "med.retention.observation"
    _description = "Observation of a Retention Sample"
    _order = "observed_at desc, id desc"

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
        with permit(self._name, (), "observe"):
            return self.sudo().create([{
                "sample_id": sample.id, "observed_at": fields.Datetime.now(),
                "user_id": self.env.uid, "result": result, "note": note or False}
                for sample in samples])

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "observe"):
            raise AccessError(self.env._("Observations are recorded on the sample."))
        return super().create(vals_list)

    def write(self, vals):
        raise UserError(self.env._("An observation is not changed: record another one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Observations are not deleted."))
