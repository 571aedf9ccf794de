from odoo import api, fields, models
from odoo.exceptions import UserError


class MedSignatureMeaning(models.Model):
    """What a signature says (21 CFR 11.50(a)(3)): reviewed, approved, released."""

    _name = "med.signature.meaning"
    _description = "Meaning of a Signature"
    _order = "sequence, code"

    code = fields.Char(required=True, help="Short code other programs use: approved.")
    name = fields.Char(string="Meaning", required=True, translate=True)
    statement = fields.Text(
        required=True, translate=True, help="What the person states who signs with this meaning.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "There is a meaning of this code already.")

    def write(self, vals):
        if "code" in vals and any(meaning.code != vals["code"] for meaning in self):
            raise UserError(self.env._("The code of a meaning stays: signatures name it."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Meanings are not deleted: archive them."))

    @api.model
    def _labels(self):
        """Return code → name in the reader's language."""
        return {one.code: one.name
                for one in self.sudo().with_context(active_test=False).search([])}
