from odoo import fields, models

TOPICS = [
    ("subject", "Subject and Duties"), ("documents", "Technical Documents"),
    ("system", "Quality Management System"), ("materials", "Materials"),
    ("process", "Process and Validation"), ("training", "Training"),
    ("data", "Records and Data Integrity"), ("retention", "Retention of Records"),
    ("change", "Notice of Changes"), ("subcontracting", "Subcontracting"),
    ("nonconforming", "Nonconforming Product"), ("release", "Release"),
    ("storage", "Storage and Transport"), ("events", "Adverse Events and Recall"),
    ("access", "Access and Audit"), ("communication", "Communication"),
    ("confidentiality", "Confidentiality"), ("term", "Term and Termination"), ("other", "Other"),
]
DUTIES = ("change", "retention", "access", "release", "events")
"""What no agreement may be silent about (CN-OUT-2, CN-GMP-63)."""


class MedQualityAgreementClause(models.Model):
    """A clause of a quality agreement."""

    _name = "med.quality.agreement.clause"
    _description = "Clause of a Quality Agreement"
    _inherit = ["med.signed.line.mixin"]
    _order = "agreement_id, sequence, id"
    _rec_name = "title"
    _med_parent = "agreement_id"

    agreement_id = fields.Many2one(
        "med.quality.agreement", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    topic = fields.Selection(TOPICS, default="other", required=True)
    title = fields.Char(required=True)
    text = fields.Text()
