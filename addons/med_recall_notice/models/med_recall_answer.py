from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit


class MedRecallAnswer(models.Model):
    """One answer of a consignee. He may answer again; what he said before stays."""

    _name = "med.recall.answer"
    _description = "Answer to a Recall Notice"
    _inherit = ["med.recall.row.mixin"]
    _order = "notice_id desc, number desc"
    _rec_name = "number"

    notice_id = fields.Many2one("med.recall.notice", required=True, index=True,
                                ondelete="restrict")
    recall_id = fields.Many2one(related="notice_id.recall_id", store=True, index=True)
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    number = fields.Integer("Version", required=True, aggregator=False)
    latest = fields.Boolean(index=True)
    via = fields.Selection([("page", "Page"), ("rpc", "Their System"), ("staff", "Noted by Us")],
                           required=True)
    person = fields.Char("Answered By", required=True)
    role = fields.Char()
    comment = fields.Text()
    answered_at = fields.Datetime("Answered", required=True)
    line_ids = fields.One2many("med.recall.answer.line", "answer_id", "Lots")
    account_ids = fields.One2many("med.recall.customer", "answer_id", "Sold On To")

    _number_uniq = models.Constraint("UNIQUE (notice_id, number)", "There is such an answer.")

    def _med_not_latest(self):
        if self:
            with permit(self._name, self.ids, ("latest",)):
                self.write({"latest": False})
