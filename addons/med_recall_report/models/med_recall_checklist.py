from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError

RESULTS = [("yes", "Yes"), ("not_applicable", "Not Applicable"), ("no", "No")]
ANSWERED = {"result", "evidence"}


class MedRecallChecklist(models.Model):
    """What a person answered to one question, with what shows it (21 CFR 7.55)."""

    _name = "med.recall.checklist"
    _description = "Answer at the End of a Recall"
    _inherit = ["med.recall.row.mixin"]
    _order = "recall_id desc, sequence, id"
    _rec_name = "item_id"

    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    item_id = fields.Many2one("med.recall.checklist.item", "Question", required=True,
                              ondelete="restrict")
    sequence = fields.Integer()
    source = fields.Char(related="item_id.source")
    result = fields.Selection(RESULTS)
    evidence = fields.Char(help="What shows it; or why it does not apply.")
    answered_by_id = fields.Many2one("res.users", "Answered By")
    answered_at = fields.Datetime("Answered On")

    _item_uniq = models.Constraint("UNIQUE (recall_id, item_id)", "The question is asked already.")

    def write(self, vals):
        if ANSWERED.issuperset(vals):
            self.recall_id._med_check_decider()
            self.check_access("write")
            if ended := self.recall_id.filtered(lambda one: one.state != "completed"):
                raise UserError(self.env._(
                    "%s: the questions are answered once it is completed, until it ends.",
                    ended[0].name))
            vals = {**vals, "answered_by_id": self.env.uid, "answered_at": fields.Datetime.now()}
            with permit(self._name, self.ids, tuple(sorted(vals))):
                return super().write(vals)
        if vals.keys() & {"answered_by_id", "answered_at"}:
            raise AccessError(self.env._("Who answers a question is written down by itself."))
        return super().write(vals)
