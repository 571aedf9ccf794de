from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class MedCapaAction(models.Model):
    """Who does what until when. It is planned before it is approved, and then done or dropped."""

    _name = "med.capa.action"
    _description = "Action"
    _inherit = ["med.action.mixin"]
    _order = "capa_id desc, date_due, id"

    _med_case = "capa_id"

    capa_id = fields.Many2one(
        "med.capa", "CAPA", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="capa_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("correction", "Correction"), ("corrective", "Corrective"),
         ("preventive", "Preventive"), ("training", "Training")], required=True,
        default="corrective")
    case_state = fields.Selection(related="capa_id.state", string="CAPA State")

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions.capa_id._med_reckon()
        return actions

    def write(self, vals):
        if "company_id" in vals and not self.env.su:
            raise AccessError(self.env._("A CAPA stays in its company."))
        if "capa_id" in vals and any(one.capa_id.id != vals["capa_id"] for one in self):
            raise UserError(self.env._("An action stays with its CAPA."))
        result = super().write(vals)
        if "date_due" in vals:
            self.capa_id._med_reckon()
        return result

    def _check_plannable(self):
        """Refuse a change of what is approved or done, and by whom it is not for."""
        self.capa_id._med_check_mine()
        if late := self.filtered(lambda one: one.state != "open" or (
                one.case_state not in ("open", "analysed"))):
            raise UserError(self.env._(
                "%s: its plan is approved, or it is done: it is not changed any more.",
                late[0].what))

    def _check_due(self):
        if late := self.filtered(lambda one: one.state != "open" or one.case_state != "planned"):
            raise UserError(self.env._(
                "%s: only open actions of an approved plan are done.", late[0].what))

    def _med_store(self, vals):
        super()._med_store(vals)
        self.capa_id.sudo()._med_reckon()
