from odoo import fields, models
from odoo.exceptions import UserError


class MedManagementReviewMinute(models.Model):
    """What a review said about one topic; each topic has one."""

    _name = "med.management.review.minute"
    _description = "Minutes of a Management Review"
    _inherit = ["med.signed.line.mixin"]
    _order = "review_id desc, kind, sequence, id"
    _rec_name = "topic_id"
    _med_parent = "review_id"

    review_id = fields.Many2one(
        "med.management.review", "Review", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    topic_id = fields.Many2one("med.management.review.topic", "Topic", required=True, index=True,
                               ondelete="restrict")
    kind = fields.Selection(related="topic_id.kind", store=True)
    sequence = fields.Integer(related="topic_id.sequence", store=True)
    clause = fields.Char(related="topic_id.clause")
    text = fields.Text("Minutes", help="What was said and decided; “nothing new” where so.")

    _topic_uniq = models.Constraint(
        "UNIQUE (review_id, topic_id)", "The review speaks about this topic already.")

    def write(self, vals):
        if {"review_id", "topic_id", "company_id"} & vals.keys() and not self.env.su:
            raise UserError(self.env._("Minutes stay with their review and topic."))
        return super().write(vals)
