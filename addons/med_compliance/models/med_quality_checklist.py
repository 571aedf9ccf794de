from odoo import fields, models


class MedQualityChecklist(models.Model):
    """Questions that an audit takes over when it begins."""

    _name = "med.quality.checklist"
    _description = "Checklist"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    active = fields.Boolean(default=True, tracking=True)
    question_ids = fields.One2many("med.quality.question", "checklist_id", "Questions")


class MedQualityQuestion(models.Model):
    """One question, and the clause that it asks about."""

    _name = "med.quality.question"
    _description = "Question of a Checklist"
    _order = "checklist_id, sequence, id"

    checklist_id = fields.Many2one(
        "med.quality.checklist", "Checklist", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="checklist_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    clause_id = fields.Many2one("med.external.clause", "Clause", index="btree_not_null",
                                ondelete="restrict")
    name = fields.Char("Question", required=True, translate=True)
    hint = fields.Char("What to Look At", translate=True)
