from odoo import models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError


class MedManagementReview(models.Model):
    """What must be there before a step of a review, and what follows from it."""

    _inherit = "med.management.review"

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "present" and self._med_digest() != self.figures_digest:
            raise UserError(self.env._("%s: compute the figures anew.", self.name))
        if transition.name == "conclude" and self.date < self.date_to:
            raise UserError(self.env._("%s is held before its period ends.", self.name))
        if transition.name == "close" and (
                waiting := self.action_ids.filtered(lambda one: one.state == "open")):
            raise UserError(self.env._(
                "%(name)s: neither done nor taken over: %(what)s.", name=self.name,
                what="; ".join(waiting[:5].mapped("what"))))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.activity_ids.unlink()
        if transition.name == "present" and self.chair_id:
            self.activity_schedule("mail.mail_activity_data_todo", user_id=self.chair_id.id,
                                   summary=self.env._("Hold the management review"))
        for action in self.action_ids if transition.name == "conclude" else ():
            self.activity_schedule(
                "mail.mail_activity_data_todo", user_id=action.owner_id.id, summary=action.what,
                date_deadline=action.date_due)

    def action_take_over(self):
        """Take the open actions of earlier, signed reviews over into this one."""
        self.ensure_one()
        self.check_access("write")
        (self | self.earlier_action_ids.review_id)._med_lock()
        self._med_check_locked(None)
        if self.state not in ("draft", "presented"):
            raise UserError(self.env._("%s is signed.", self.name))
        former = self.earlier_action_ids
        Action = former.sudo().with_context({})
        with permit(Action._name, (), "carry"):
            Action.create([{
                "review_id": self.id, "kind": one.kind, "what": one.what, "origin_id": one.id,
                "owner_id": one.owner_id.id, "date_due": one.date_due,
                "capa_id": one.capa_id.id} for one in former])
        if former:
            former._end("carried", {"note": self.name})
        self.invalidate_recordset(["earlier_action_ids", "action_ids"])
        return True
