from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError

SET = {"method", "result", "person", "note"}


class MedRecallCheck(models.Model):
    """Whether one consignee was told, and did what he was asked."""

    _name = "med.recall.check"
    _description = "Effectiveness Check"
    _inherit = ["med.recall.row.mixin"]
    _order = "plan_id desc, id"
    _rec_name = "consignee_id"

    plan_id = fields.Many2one("med.recall.check.plan", required=True, index=True,
                              ondelete="restrict")
    recall_id = fields.Many2one(related="plan_id.recall_id", store=True, index=True)
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    consignee_id = fields.Many2one("med.recall.consignee", required=True, index=True,
                                   ondelete="restrict")
    method = fields.Selection([("phone", "Phone"), ("visit", "Visit"), ("letter", "Letter"),
                               ("email", "E-Mail")])
    result = fields.Selection([
        ("followed", "Informed and Followed"), ("ignored", "Informed, Not Followed"),
        ("unreached", "Not Reached")], index=True)
    person = fields.Char("Spoke With")
    note = fields.Text()
    checked_by_id = fields.Many2one("res.users", "Checked By", readonly=True, index=True)
    checked_at = fields.Datetime("Checked", readonly=True)

    _consignee_uniq = models.Constraint(
        "UNIQUE (plan_id, consignee_id)", "The consignee is asked already.")

    def write(self, vals):
        if not vals or not vals.keys() <= SET:
            return super().write(vals)
        self.recall_id._med_check_decider()
        for check in self:
            if check.result and vals.get("result", check.result) == "followed" != check.result:
                continue  # he followed in the end
            if check.result and vals.keys() - {"note"}:
                raise UserError(self.env._("A result is not changed; note what came after."))
        if vals.get("result"):
            if not all(vals.get("method") or one.method for one in self):
                raise UserError(self.env._("Say how it was checked."))
            vals = {**vals, "checked_by_id": self.env.uid, "checked_at": fields.Datetime.now()}
        with permit(self._name, self.ids, tuple(sorted(vals))):
            result = super().write(vals)
        if vals.get("result") in ("ignored", "unreached"):
            for check in self:
                check.recall_id._med_tell_owner(self.env._(
                    "%s: not effective, follow up", check.consignee_id.display_name))
        return result
