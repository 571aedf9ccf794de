from odoo import fields, models


class MedExchangeReconciliationLine(models.Model):
    """One object that only one side has, or that both know differently."""

    _name = "med.exchange.reconciliation.line"
    _description = "Difference with a Partner"
    _inherit = ["med.exchange.outbox.row"]
    _order = "kind, object_id, id"
    _rec_name = "object_id"
    _log_access = False

    reconciliation_id = fields.Many2one("med.exchange.reconciliation", required=True, index=True,
                                        readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    kind = fields.Selection(
        [("here", "Only They Have"), ("there", "Only We Have"), ("differs", "Differs")],
        required=True, readonly=True)
    object_id = fields.Char("Object", required=True, readonly=True)
    told = fields.Text("Field: Ours | Theirs", readonly=True)
