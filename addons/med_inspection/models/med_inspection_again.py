from odoo import models
from odoo.exceptions import AccessError, UserError

from .med_inspection import QUALITY
from .med_inspection_make import REQUESTED, VERSION, Wanted


class MedInspection(models.Model):
    """A rejected inspection is made good by the same one done again, where it cannot be requested
    for a lot: on the shop floor, in rooms, of runs."""

    _inherit = "med.inspection"

    def inspect_again(self):
        """Begin a rejected or cancelled inspection again, by the plan in force.

        It is of the same order, work order, run and lots. Accepted, it makes a rejected one good.
        After cancelling, the same units are drawn.

        :return: ``{"version", "inspection" (id), "name"}``
        :raise UserError: it is not decided so, or was begun again already
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("Quality assurance has it inspected again."))
        mine = self.sudo()._med_lock()
        if mine.state not in ("rejected", "cancelled"):
            raise UserError(self.env._(
                "%(name)s is neither rejected nor cancelled.", name=mine.name))
        made = self._request(mine.lot_id, mine.stage) if (
            mine.stage in REQUESTED) else mine._begin_again()
        return {"version": VERSION, "inspection": made.id, "name": made.name}

    def action_inspect_again(self):
        """Begin this inspection again, and open the new one."""
        told = self.inspect_again()
        return {"type": "ir.actions.act_window", "res_model": self._name, "view_mode": "form",
                "res_id": told["inspection"]}

    def _begin_again(self):
        same = ("stage", "product_id", "production_id", "workorder_id", "workcenter_id",
                "process_batch_id")
        later = self.search([
            ("id", ">", self.id), ("state", "!=", "cancelled"),
            ("company_id", "=", self.company_id.id),
            *((name, "=", self[name] if name == "stage" else self[name].id) for name in same),
            *([("lot_ids", "in", self.lot_ids.ids)] if self.lot_ids else [])], limit=1)
        if later:
            raise UserError(self.env._(
                "%(later)s was begun after %(name)s.", later=later.name, name=self.name))
        rejected = self if self.state == "rejected" else self.resubmission_of_id
        plan = self.plan_id._in_force(self.company_id, [self.stage]).filtered(
            lambda plan: plan.code == self.plan_id.code)[-1:] or self.plan_id
        return self._make([Wanted(
            plan, self.product_id, self.lot_ids or self.production_id.lot_producing_ids,
            self.quantity, None, {
                **{name: self[name].id for name in same[2:]},
                "partner_id": self.partner_id.id, "equipment": self.equipment,
                "resubmission_of_id": rejected.id,
                "seed": self.seed if self.state == "cancelled" else False})])
