from odoo import fields, models
from odoo.exceptions import UserError


class MedChangeTask(models.Model):
    """Who does what until when to carry a change out."""

    _name = "med.change.task"
    _description = "Task of a Change"
    _inherit = ["med.action.mixin"]
    _order = "change_id desc, date_due, id"

    _med_case = "change_id"

    change_id = fields.Many2one("med.change", "Change", required=True, index=True,
                                ondelete="restrict")
    company_id = fields.Many2one(related="change_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("implement", "Carry Out"), ("document", "Document"), ("training", "Training"),
         ("validation", "Validation"), ("authority", "Authority")], required=True,
        default="implement")
    case_state = fields.Selection(related="change_id.state", string="Change State")

    def write(self, vals):
        if {"change_id", "company_id"} & vals.keys():
            raise UserError(self.env._("A task stays with its change."))
        return super().write(vals)

    def _check_plannable(self):
        """Refuse a change of what is assessed or done, and by whom it is not for."""
        self.change_id._med_check_mine()
        if late := self.filtered(lambda one: one.state != "open" or (
                one.case_state not in ("draft", "emergency"))):
            raise UserError(self.env._(
                "%s: its change is assessed, or it is done: it is not changed any more.",
                late[0].what))

    def _check_due(self):
        if late := self.filtered(lambda one: one.state != "open"
                                 or not one.change_id._med_is_implementing()):
            raise UserError(self.env._(
                "%s: only open tasks of an approved change are done.", late[0].what))

    def _med_store(self, vals):
        super()._med_store(vals)
        self.change_id.sudo()._med_reckon()
