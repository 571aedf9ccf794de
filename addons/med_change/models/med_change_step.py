from odoo import fields, models
from odoo.exceptions import UserError

from .med_change import FINAL


class MedChange(models.Model):
    """What must be there before a step, and what follows from it."""

    _inherit = "med.change"

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        check = {"assess": self._check_assessed, "effect": self._check_effect,
                 "close": self._check_monitored, "cancel": self._check_undone,
                 "reject": self._check_undone, "revise": self._check_undone,
                 "reassess": self._check_emergency}.get(transition.name)
        if check:
            check()

    def _check_assessed(self):
        """Refuse what was not looked at as far as its class asks."""
        _ = self.env._
        if missing := self._med_asked() - self.assessment_ids.function_id:
            raise UserError(_("%(name)s: not asked yet: %(functions)s.", name=self.name,
                              functions=", ".join(missing.mapped("name"))))
        if (self.product_tmpl_ids or self.component_ids) and not self.impact_at:
            raise UserError(_("%s: compute first what it reaches.", self.name))
        if left := self.impact_ids.filtered(lambda one: one.needed and not (
                one.answer or "").strip()):
            raise UserError(_(
                "%(name)s: nobody said yet what is done about %(count)s: %(rows)s.",
                name=self.name, count=len(left), rows="; ".join(left[:5].mapped("name"))))
        if unsaid := self.market_ids.filtered(lambda one: not one.needed):
            raise UserError(_(
                "%(name)s: does it need the authority's approval? Say so for: %(markets)s.",
                name=self.name, markets=", ".join(unsaid.jurisdiction_id.mapped("code"))))
        if self.effective_kind == "date" and not self.effective_date or (
                self.effective_kind == "lot" and not (self.effective_lot or "").strip()):
            raise UserError(_("%s: say from which date or lot it takes effect.", self.name))
        if lacking := self.task_ids.filtered(lambda one: not one.owner_id or not one.date_due):
            raise UserError(_("%(name)s: who does it until when? %(what)s.", name=self.name,
                              what=lacking[0].what))

    def _check_effect(self):
        _ = self.env._
        if waiting := self.task_ids.filtered(lambda one: one.state == "open"):
            raise UserError(_("%(name)s: neither done nor dropped: %(what)s.", name=self.name,
                              what="; ".join(waiting[:5].mapped("what"))))
        today = fields.Date.context_today(self)
        if self.effective_kind == "date" and today < self.effective_date:
            raise UserError(_("%(name)s takes effect on %(date)s, not before.", name=self.name,
                              date=self.effective_date))

    def _check_monitored(self):
        if self.monitoring_until and fields.Date.context_today(self) < self.monitoring_until:
            raise UserError(self.env._("%(name)s is monitored until %(date)s.", name=self.name,
                                       date=self.monitoring_until))

    def _check_undone(self):
        """Refuse to leave what was carried out already: it is undone first."""
        for product in self.product_tmpl_ids.filtered("med_change_control"):
            last = product.med_version_ids.sorted("number")[-1:]
            if last.change_id == self or not last._med_says_now():
                raise UserError(self.env._(
                    "%(name)s: %(product)s is not as it was. Undo what was changed first.",
                    name=self.name, product=product.display_name))

    def _check_emergency(self):
        if not self.emergency:
            raise UserError(self.env._("%s is no emergency.", self.name))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.activity_ids.unlink()
        values = {"step_at": fields.Datetime.now(), "overdue_told": False}
        if transition.name == "emergency":
            values.update(emergency=True, emergency_due=self._med_emergency_due())
        elif transition.name == "revise":
            values.update(emergency=False, emergency_due=False)
        self._med_store(values)
        self._med_reckon()
        if transition.name == "effect":
            self._med_put_in_force()
        if transition.target not in FINAL:
            self._med_ask()

    def _med_ask(self):
        """Tell the ones who are next what they are waited for."""
        words = {
            "draft": self.env._("Have it assessed"),
            "emergency": self.env._("Carry it out, and have it assessed"),
            "assessed": self.env._("Have it approved"),
            "approved": self.env._("See that it is carried out and verified"),
            "effective": self.env._("Monitor it")}
        for record in self.sudo():
            if record.owner_id:
                record.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=record.owner_id.id,
                    date_deadline=record.date_due, summary=words[record.state])
            for task in record.task_ids.filtered(
                    lambda one: one.state == "open") if record._med_is_implementing() else ():
                if task.owner_id:
                    record.activity_schedule(
                        "mail.mail_activity_data_todo", user_id=task.owner_id.id,
                        summary=task.what, date_deadline=task.date_due)
