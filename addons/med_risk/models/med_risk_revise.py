from odoo import fields, models
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import clean_context

from .med_risk_hazard import KEEPERS

VERSION = 1
COPIED = ("hazard", "events", "situation", "harm", "benefit", "severity", "probability",
          "residual_severity", "residual_probability")
CONTROL = ("sequence", "kind", "what", "implementation", "effectiveness", "new_risks")


class MedRiskHazard(models.Model):
    """What must be there before a review, and how one revision follows another."""

    _inherit = "med.risk.hazard"

    def revise(self, reason: str):
        """Begin a new revision of a reviewed hazard; the old one holds until it is reviewed.

        :param reason: why, in one sentence
        :return: ``{"version", "hazard" (id), "name", "revision"}``
        :raise UserError: it is not reviewed, or its next revision is there already
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not any(map(self.env.user.has_group, KEEPERS)):
            raise AccessError(self.env._("Hazards are kept by quality assurance and regulatory "
                                         "affairs."))
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("“%(field)s” must say so in one sentence.", field="reason"))
        self._med_lock()
        if self.state != "reviewed":
            raise UserError(self.env._("%s is not reviewed: change it as it is.",
                                       self.display_name))
        if self.next_ids.filtered(lambda one: one.state != "withdrawn"):
            raise UserError(self.env._("%s has a next revision already.", self.display_name))
        record = self._med_next_revision(reason.strip())
        return {"version": VERSION, "hazard": record.id, "name": record.name,
                "revision": record.revision}

    def _med_next_revision(self, reason):
        old = self.sudo()
        newest = self.sudo().search([("name", "=", self.name)], order="revision desc", limit=1)
        values = {
            **{name: old[name] for name in COPIED}, "company_id": old.company_id.id,
            "owner_id": self.env.uid, "name": old.name, "revision": newest.revision + 1,
            "previous_id": old.id, "change_note": reason,
            **{name: [Command.set(old[name].ids)]
               for name in ("product_tmpl_ids", *old._med_links())},
            "control_ids": [Command.create({name: one[name] for name in CONTROL})
                            for one in old.control_ids]}
        with permit(self._name, (), "born"):
            record = self.with_context(clean_context(self.env.context)).sudo().create(values)
        self._med_note(self.env._("Revision %(number)s is begun: %(reason)s",
                                  number=record.revision, reason=reason))
        return record.with_env(self.env)

    def action_revise(self):
        """Ask why, and begin a new revision."""
        return {"type": "ir.actions.client", "tag": "med_signature.ask",
                "name": self.env._("Why This Revision"),
                "params": {"model": self._name, "records": self.ids, "method": "revise",
                           "title": self.env._("Why This Revision"), "arguments": {}}}

    def action_newest(self):
        """Open the revision that follows."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self._name,
                "res_id": self.next_ids[:1].id, "views": [(False, "form")]}

    # ------------------------------------------------------------------ steps

    def _med_transitions(self):
        """Leave out of the offer what only the system does."""
        return [one for one in super()._med_transitions() if one.name != "supersede"]

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "review":
            self._check_review()
        elif transition.name == "supersede" and not self.next_ids.filtered(
                lambda one: one.state == "reviewed"):
            raise UserError(self.env._("%s: no later revision is reviewed.", self.display_name))

    def _check_review(self):
        """Refuse a review of what does not explain itself."""
        name = self.display_name
        if self.residual_verdict == "not_acceptable" and not (self.benefit or "").strip():
            raise UserError(self.env._(
                "%s: the residual risk is not acceptable. Say why the benefit outweighs it.", name))
        lower = any(self[f"residual_{one}"] < self[one] for one in ("severity", "probability"))
        if not self.control_ids and (lower or self.verdict != "acceptable"):
            raise UserError(self.env._("%s: name the controls of this risk.", name))
        for field in ("implementation", "effectiveness", "new_risks"):
            if lacking := self.control_ids.filtered(
                    lambda one, name=field: not (one[name] or "").strip()):
                raise UserError(self.env._(
                    "%(name)s: “%(control)s” lacks “%(field)s”.", name=name,
                    control=lacking[0].what,
                    field=lacking._fields[field]._description_string(self.env)))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.activity_ids.unlink()
        if transition.name == "review":
            self._med_store({"reviewed_at": fields.Datetime.now(), "review_needed": False})
            if self.previous_id.state == "reviewed":
                leave(self.previous_id, "supersede", self.change_note or "")
        else:
            self._med_store({"review_needed": False})

    # ------------------------------------------------------------------ post-production

    def _med_linked(self, name, news):
        """Ask for a review where something new was linked after the last one."""
        if not news:
            return
        for record in self.filtered(lambda one: one.state == "reviewed"):
            record.sudo().next_ids.filtered(lambda one: one.state == "draft").write(
                {name: [Command.link(one.id) for one in news]})
            text = self.env._("Review the risk: %s", ", ".join(news.mapped("name")))
            record._med_note(text)
            if not record.review_needed:
                record._med_store({"review_needed": True})
                if record.owner_id:
                    record.sudo().activity_schedule(
                        "mail.mail_activity_data_todo", user_id=record.owner_id.id, summary=text)
