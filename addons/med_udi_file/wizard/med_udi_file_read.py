from odoo import fields, models
from odoo.exceptions import UserError


class MedUdiFileRead(models.TransientModel):
    """Asks for the file in which a regulator answers."""

    _name = "med.udi.file.read"
    _description = "Read a Regulator's Answer"

    file_id = fields.Many2one("med.udi.file", required=True, ondelete="cascade")
    content = fields.Binary("Answer", required=True, attachment=False)
    name = fields.Char("File Name")

    def action_read(self):
        """Read the answer, all of it or nothing; return True."""
        self.ensure_one()
        content = self.with_context(bin_size=False).content
        if not content:
            raise UserError(self.env._("Choose the file of the answer."))
        self.file_id.read_answer(self.name or self.env._("Answer"), content.decode())
        return True
