from odoo import fields, models

DOCUMENT_KINDS = [
    ("coa", "Certificate of Analysis"), ("conformity", "Certificate of Conformity"),
    ("sterilisation", "Sterilisation Record"), ("test_report", "Test Report"),
    ("delivery", "Delivery Paper"), ("other", "Other"),
]


class MedInspectionPlanDocument(models.Model):
    """A paper that has to come with the lot and is itself checked."""

    _name = "med.inspection.plan.document"
    _description = "Document That a Plan Requires"
    _inherit = ["med.signed.line.mixin"]
    _order = "plan_id, id"
    _med_parent = "plan_id"

    plan_id = fields.Many2one(
        "med.inspection.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    name = fields.Char("Document", required=True)
    kind = fields.Selection(DOCUMENT_KINDS, required=True, default="coa")
    required = fields.Boolean(default=True)
