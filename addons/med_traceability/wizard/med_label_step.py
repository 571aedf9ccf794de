from odoo import api, fields, models
from odoo.exceptions import UserError


class MedLabelStep(models.TransientModel):
    """What a step of a label job asks for: counts, checks, a reason."""

    _name = 'med.label.step'
    _description = 'Step of a Label Job'

    job_id = fields.Many2one('med.label.job', required=True, readonly=True, ondelete='cascade')
    kind = fields.Selection([
        ('inspect', "Inspect"), ('reconcile', "Count"), ('approve', "Approve the difference"),
        ('reprint', "Print again"), ('resume', "Continue"), ('cancel', "Cancel the job")],
        required=True, readonly=True)
    label_id = fields.Many2one('med.label', "Label", domain="[('job_id', '=', job_id)]")
    quantity = fields.Integer(default=1)
    file = fields.Selection([('pdf', "PDF"), ('zpl', "ZPL")], default='pdf')
    reason = fields.Char()
    printed_quantity = fields.Integer(related='job_id.printed_quantity')
    used = fields.Integer()
    destroyed = fields.Integer()
    returned = fields.Integer()
    difference = fields.Integer(compute='_compute_difference')
    preview = fields.Binary(related='job_id.preview')
    udi = fields.Boolean("Unique device identifier correct")
    expiry = fields.Boolean("Expiration date correct")
    storage = fields.Boolean("Storage instructions correct")
    handling = fields.Boolean("Handling instructions correct")
    processing = fields.Boolean("Processing instructions correct")

    @api.depends('used', 'destroyed', 'returned', 'printed_quantity')
    def _compute_difference(self):
        for step in self:
            step.difference = step.printed_quantity - (
                step.used + step.destroyed + step.returned)

    def action_apply(self):
        """Do the step; return what to show next."""
        self.ensure_one()
        job, reason = self.job_id, self.reason or ''
        if self.kind == 'inspect':
            job.inspect(udi=self.udi, expiry=self.expiry, storage=self.storage,
                        handling=self.handling, processing=self.processing, note=reason)
        elif self.kind == 'reconcile':
            job.reconcile(used=self.used, destroyed=self.destroyed, returned=self.returned,
                          reason=reason)
        elif self.kind == 'approve':
            job.approve_difference(reason=reason)
        elif self.kind == 'resume':
            job.resume(reason=reason)
        elif self.kind == 'cancel':
            job.cancel(reason=reason)
        elif self.label_id:
            answer = job.reprint(label=self.label_id.id, reason=reason, quantity=self.quantity)
            return job._get_file_action(answer['entry'], self.file or 'pdf')
        else:
            raise UserError(self.env._("Choose the label that is printed again."))
        return {'type': 'ir.actions.act_window_close'}
