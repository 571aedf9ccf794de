from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ENTERERS = ("qa", "warehouse", "purchasing")


class MedOutsourcingOrder(models.Model):
    """Papers of a processor without systems are entered here, by whom the role lets."""

    _inherit = "med.outsourcing.order"

    can_enter = fields.Boolean(compute="_compute_can_enter", compute_sudo=True)

    @api.depends("processor_id.connection", "processor_id.user_ids")
    def _compute_can_enter(self):
        for order in self:
            file = order.processor_id
            order.can_enter = file.connection != "api" and not file.user_ids

    def _med_check_enterer(self):
        """Refuse who may not, and a processor that reports itself."""
        self.check_access("write")
        if not any(self.env.user.has_group(f"med_base.med_base_group_{one}") for one in ENTERERS):
            raise AccessError(self.env._("Your role enters no reports of processors."))
        if not self.can_enter:
            raise UserError(self.env._(
                "%(processor)s reports itself, by its portal or program: nobody reports in its "
                "place.", processor=self.partner_id.display_name))

    def action_enter(self):
        """Open the dialog that enters a paper of a processor without systems."""
        self.ensure_one()
        self._med_check_enterer()
        return {"type": "ir.actions.act_window", "res_model": "med.outsourcing.entry",
                "view_mode": "form", "target": "new", "name": self.env._("Enter a Report"),
                "context": {"default_order_id": self.id, "default_revision": self.revision,
                            "default_kind": next(iter(self._med_next()), "note")}}
