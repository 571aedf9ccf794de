from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError
from odoo.tools import clean_context

from .med_capa import FINAL, LOCKED_FROM, STEPPED

RESULTS = {"prove": "effective", "fail": "ineffective"}
# What the next cycle begins with; the rest is analysed anew.
INHERITED = ("kind", "source", "summary", "problem", "scope", "partner_id", "workcenter_id",
             "company_id", "owner_id", "nonconformity_ids", "deviation_ids", "product_ids")


class MedCapa(models.Model):
    """What must be there before a step, and what follows from it."""

    _inherit = "med.capa"

    def _med_transitions(self):
        """Offer of the two ends the one that the result says, and none before there is one."""
        return [one for one in super()._med_transitions()
                if one.name not in RESULTS or RESULTS[one.name] == self.result]

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "plan":
            self._check_plan()
        elif transition.name == "implement":
            self._check_implemented()

    def _check_plan(self):
        """Refuse a plan whose effect is judged by one who worked on it, or too early."""
        if self.effect_user_id in self.owner_id | self.action_ids.owner_id:
            raise UserError(self.env._(
                "%(name)s: %(person)s owns the case or an action and does not judge the effect.",
                name=self.name, person=self.effect_user_id.name))
        if self.effect_date < max(self.action_ids.mapped("date_due")):
            raise UserError(self.env._(
                "%s: the effect is judged after the last action is due.", self.name))

    def _check_implemented(self):
        if waiting := self.action_ids.filtered(lambda one: one.state == "open"):
            raise UserError(self.env._(
                "%(name)s: neither done nor cancelled: %(what)s.", name=self.name,
                what="; ".join(waiting[:5].mapped("what"))))
        if not self.action_ids.filtered(lambda one: one.state == "done"):
            raise UserError(self.env._("%s: no action was done.", self.name))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.activity_ids.unlink()
        self._med_store({"step_at": fields.Datetime.now(), "escalation_level": 0})
        self._med_reckon()
        if transition.name == "fail":
            self._med_next_cycle()
        elif transition.target not in FINAL:
            self._med_ask()

    def _med_ask(self):
        """Tell the one who is next what he is waited for."""
        who = self.effect_user_id if self.state == "implemented" else self.owner_id
        words = {
            "open": self.env._("Find the cause"), "analysed": self.env._("Plan the actions"),
            "planned": self.env._("See that the actions are done"),
            "implemented": self.env._("Judge the effect")}
        if who:
            self.activity_schedule("mail.mail_activity_data_todo", user_id=who.id,
                                   date_deadline=self.date_due, summary=words[self.state])
        for action in self.action_ids if self.state == "planned" else ():
            self.activity_schedule(
                "mail.mail_activity_data_todo", user_id=action.owner_id.id, summary=action.what,
                date_deadline=action.date_due)

    def _med_next_cycle(self):
        """Return the case that begins anew where this one was not effective."""
        values = self.sudo().read(INHERITED, load=None)[0]
        del values["id"]
        record = self._med_born({
            **{name: [fields.Command.set(value)] if isinstance(value, list) else value
               for name, value in values.items()},
            "source_model": self.source_model, "source_id": self.source_id,
            "previous_id": self.id, "cycle": self.cycle + 1})
        self._med_note(self.env._("Not effective: it goes on as %s.", record.name))
        return record

    def _med_born(self, values):
        """Return a new case; what is not named is empty, whatever the caller's defaults say."""
        Capa = self.with_context(clean_context(self.env.context)).sudo()
        empty = {name: False for name, field in self._fields.items()
                 if field.store and field.type != "one2many" and not field.required
                 and name not in STEPPED and name in LOCKED_FROM}
        with permit(self._name, (), "born"):
            record = Capa.create({**empty, **values})
        record._med_ask()
        return record
