from odoo import fields, models


class MedUdiFileSubmit(models.TransientModel):
    """Asks for the receipt of a file that was handed in."""

    _name = "med.udi.file.submit"
    _description = "Submitted to the Regulator"

    file_id = fields.Many2one("med.udi.file", required=True, ondelete="cascade")
    receipt = fields.Char("Receipt Number", required=True)
    receipt_file = fields.Binary("Receipt as a File", attachment=False)
    receipt_name = fields.Char("File of the Receipt")

    def action_submit(self):
        """Write the receipt down; return True."""
        self.ensure_one()
        full = self.with_context(bin_size=False)
        content = full.receipt_file
        self.file_id.submit(self.receipt or "", self.receipt_name or "",
                            content.decode() if content else "")
        return True
