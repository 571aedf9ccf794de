from odoo import fields, models

from .med_risk_hazard import PROBABILITIES, SEVERITIES, VERDICTS


class MedRiskAcceptance(models.Model):
    """A cell of the matrix of acceptability. Rows of a company replace those of all companies."""

    _name = "med.risk.acceptance"
    _description = "Acceptability of Risk"
    _order = "company_id, severity, probability, id"
    _rec_name = "verdict"

    company_id = fields.Many2one("res.company", index=True, help="Empty: every company without "
                                 "rows of its own.")
    severity = fields.Selection(SEVERITIES, required=True)
    probability = fields.Selection(PROBABILITIES, required=True)
    verdict = fields.Selection(VERDICTS, "Acceptability", required=True)
    source = fields.Char(required=True, help="Risk management plan or procedure that says so.")

    _uniq = models.UniqueIndex("(COALESCE(company_id, 0), severity, probability)",
                               "The matrix has this cell already.")


class MedRiskHazard(models.Model):
    _inherit = "med.risk.hazard"

    def _med_matrix(self):
        """Return (severity, probability) → verdict, as the company of this hazard has it."""
        rows = self.env["med.risk.acceptance"].sudo().search(
            [("company_id", "in", [False, self.company_id.id])])
        rows = rows.filtered("company_id") or rows
        return {(row.severity, row.probability): row.verdict for row in rows}
