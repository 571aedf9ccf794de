from odoo import api, fields, models
from odoo.exceptions import UserError

CLASSES = [("critical", "Critical"), ("major", "Major"), ("minor", "Minor")]


class MedDefectCode(models.Model):
    """A kind of defect that checks find, with its class."""

    _name = "med.defect.code"
    _description = "Defect Code"
    _order = "code"
    _rec_names_search = ("code", "name")

    code = fields.Char(required=True)
    name = fields.Char("Defect", required=True, translate=True)
    defect_class = fields.Selection(CLASSES, string="Class", required=True, default="major")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: for every company.")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is a defect with this code already.")

    def write(self, vals):
        if any(name in vals and any(code[name] != vals[name] for code in self)
               for name in ("code", "defect_class")):
            self._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        used = self.env["med.characteristic"].sudo().search([
            ("defect_code_ids", "in", self.ids), ("plan_id.state", "=", "approved")], limit=1)
        if used:
            raise UserError(self.env._(
                "%(plan)s was approved with this code and class: make another code.",
                plan=used.plan_id.display_name))
