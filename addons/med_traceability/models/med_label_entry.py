from odoo import fields, models


class MedLabelEntry(models.Model):
    """What was done with a label job: prints, scans, stops, inspection, reconciliation.

    Written by the job alone, never changed.
    """

    _name = 'med.label.entry'
    _description = 'Label Job Entry'
    _order = 'id desc'

    job_id = fields.Many2one('med.label.job', required=True, ondelete='cascade', index=True)
    label_id = fields.Many2one('med.label', "Label", ondelete='cascade', index='btree_not_null')
    kind = fields.Selection([
        ('render', "Images read back"), ('failed', "Image refused"), ('print', "Printed"),
        ('reprint', "Printed again"), ('scan', "Scanned"), ('mismatch', "Scan that does not fit"),
        ('resume', "Continued after a stop"), ('inspect', "Inspected"),
        ('reconcile', "Reconciled"), ('approve', "Difference approved"), ('close', "Closed"),
        ('cancel', "Cancelled")], required=True)
    user_id = fields.Many2one('res.users', "By", required=True, ondelete='restrict',
                              default=lambda self: self.env.uid)
    date = fields.Datetime("At", required=True, default=fields.Datetime.now)
    quantity = fields.Integer()
    code = fields.Char()
    reason = fields.Char()
    taken = fields.Datetime("File Taken", help="When the file of this print was downloaded.")
