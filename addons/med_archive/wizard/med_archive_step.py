from odoo import fields, models


class MedArchiveStep(models.TransientModel):
    """Asks what has to be noted when a package is handed over, received or refused."""

    _name = "med.archive.step"
    _description = "Step of an Archive Package"

    package_ids = fields.Many2many("med.archive.package", string="Packages", required=True)
    step = fields.Selection(
        [("hand_over", "Hand over"), ("receive", "Receipt"), ("refuse", "Refusal")],
        required=True, readonly=True)
    text = fields.Char("Text", required=True)
    receipt_file = fields.Binary("Receipt as a File", attachment=False)
    receipt_name = fields.Char("File of the Receipt")

    def action_do(self):
        """Do the step; return True."""
        self.ensure_one()
        if self.step == "receive":
            content = self.with_context(bin_size=False).receipt_file
            self.package_ids.receive(self.text, self.receipt_name or "",
                                     content.decode() if content else "")
        elif self.step == "hand_over":
            self.package_ids.hand_over(self.text)
        else:
            self.package_ids.refuse(self.text)
        return True
