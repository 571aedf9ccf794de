from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError


class MedRecallCall(models.Model):
    """A call to a consignee: who called whom, and what was said."""

    _name = "med.recall.call"
    _description = "Call About a Recall"
    _inherit = ["med.recall.row.mixin"]
    _order = "called_at desc, id desc"
    _rec_name = "person"

    notice_id = fields.Many2one("med.recall.notice", required=True, index=True,
                                ondelete="restrict")
    recall_id = fields.Many2one(related="notice_id.recall_id", store=True, index=True)
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    called_at = fields.Datetime("Called", readonly=True, required=True)
    user_id = fields.Many2one("res.users", "Called By", readonly=True, required=True, index=True)
    person = fields.Char("Spoke With")
    reached = fields.Boolean()
    note = fields.Text()

    @api.model_create_multi
    def create(self, vals_list):
        notices = self.env["med.recall.notice"].browse(
            [vals.get("notice_id") for vals in vals_list])
        notices._med_check_staff()
        rows = [{"person": False, "reached": False, "note": False, **vals,
                 "called_at": fields.Datetime.now(), "user_id": self.env.uid}
                for vals in vals_list]
        if any(row["reached"] and not row["person"] for row in rows):
            raise UserError(self.env._("Say who was reached."))
        with permit(self._name, (), "born"):
            return super().create(rows)
