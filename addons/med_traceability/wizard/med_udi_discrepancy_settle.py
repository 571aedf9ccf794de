from odoo import fields, models


class MedUdiDiscrepancySettle(models.TransientModel):
    """Settle several discrepancies at once, with one conclusion and the grounds."""

    _name = 'med.udi.discrepancy.settle'
    _description = 'Settle Discrepancies'

    discrepancy_ids = fields.Many2many('med.udi.discrepancy', required=True)
    conclusion = fields.Selection(
        lambda self: self.env['med.udi.discrepancy']._fields['conclusion'].selection,
        required=True)
    note = fields.Text("Grounds", required=True)

    def action_settle(self):
        """Settle them; return the action that closes the dialog."""
        self.discrepancy_ids.med_settle(conclusion=self.conclusion, note=self.note)
        return {'type': 'ir.actions.act_window_close'}
