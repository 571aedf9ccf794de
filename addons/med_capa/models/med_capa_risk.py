from odoo import fields, models
from odoo.addons.med_signature.models.med_signature_rule import RISKS

from ..tools.risk import Row, classify


class MedCapaRisk(models.Model):
    """A row of the risk matrix. Rows of a company replace those of all companies."""

    _name = "med.capa.risk"
    _description = "Risk Matrix of CAPAs"
    _order = "company_id, number_from, id"
    _rec_name = "risk_class"

    company_id = fields.Many2one("res.company", index=True, help="Empty: every company without "
                                 "rows of its own.")
    risk_class = fields.Selection(RISKS, required=True)
    number_from = fields.Integer("Risk Number From", help="Severity × occurrence × detection, 1 "
                                 "to 125. 0: the number does not count.")
    severity_from = fields.Integer("Severity From", help="1 to 5, whatever the number. 0: it does "
                                   "not count.")
    source = fields.Char(required=True, help="Procedure or standard that says so.")

    _range = models.Constraint(
        "CHECK (number_from BETWEEN 0 AND 125 AND severity_from BETWEEN 0 AND 5 "
        "AND number_from + severity_from > 0)",
        "A row holds from a risk number (1 to 125) or a severity (1 to 5) on.")


class MedCapa(models.Model):
    _inherit = "med.capa"

    def _med_classify(self):
        """Return the risk class that the matrix gives; False where it gives none."""
        rows = self.env["med.capa.risk"].sudo().search(
            [("company_id", "in", [False, self.company_id.id])])
        rows = rows.filtered("company_id") or rows
        return classify(*self._med_judged(), [
            Row(row.risk_class, row.number_from, row.severity_from) for row in rows]) or False
