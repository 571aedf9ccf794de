from odoo import fields, models


class MedExchangeFileUndo(models.TransientModel):
    """Asks why a file is undone, and shows what that will do."""

    _name = "med.exchange.file.undo"
    _description = "Undo a File"

    file_id = fields.Many2one("med.exchange.file", required=True, ondelete="cascade")
    make_count = fields.Integer(related="file_id.make_count")
    change_count = fields.Integer(related="file_id.change_count")
    reason = fields.Char(required=True)

    def action_undo(self):
        """Undo the file and open it, so that what could not be undone is seen."""
        self.ensure_one()
        self.file_id.undo(reason=self.reason)
        return {"type": "ir.actions.act_window", "res_model": "med.exchange.file",
                "res_id": self.file_id.id, "view_mode": "form"}
