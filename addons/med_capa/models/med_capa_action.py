from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError

from .med_capa import QUALITY

VERSION = 1
# Written by `finish` and `drop` alone; the value that a new action has.
RESULTS = {"state": "open", "done_at": False, "done_by_id": False, "evidence": False,
           "note": False}


class MedCapaAction(models.Model):
    """Who does what until when. It is planned before it is approved, and then done or dropped."""

    _name = "med.capa.action"
    _description = "Action"
    _order = "capa_id desc, date_due, id"
    _rec_name = "what"

    capa_id = fields.Many2one(
        "med.capa", "CAPA", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="capa_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("correction", "Correction"), ("corrective", "Corrective"),
         ("preventive", "Preventive"), ("training", "Training")], required=True,
        default="corrective")
    what = fields.Char(required=True)
    owner_id = fields.Many2one("res.users", "Owner", index=True)
    date_due = fields.Date("Due", index=True)
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("cancelled", "Dropped")], required=True,
        default="open", readonly=True, copy=False, index=True)
    done_at = fields.Datetime("Done On", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Done By", readonly=True, copy=False)
    evidence = fields.Text(readonly=True, copy=False, help="What shows that it was done.")
    note = fields.Char("Why Dropped", readonly=True, copy=False)
    case_state = fields.Selection(related="capa_id.state", string="CAPA State")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        actions = super().create([{**vals, **RESULTS} for vals in vals_list])
        actions._check_plannable()
        actions.capa_id._med_reckon()
        return actions

    def write(self, vals):
        names = tuple(sorted(RESULTS.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("An action is done with its evidence: finish it."))
        if vals.keys() - RESULTS.keys():
            self._check_plannable()
        if "company_id" in vals and not self.env.su:
            raise AccessError(self.env._("A CAPA stays in its company."))
        if "capa_id" in vals and any(one.capa_id.id != vals["capa_id"] for one in self):
            raise UserError(self.env._("An action stays with its CAPA."))
        result = super().write(vals)
        if "date_due" in vals:
            self.capa_id._med_reckon()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_plannable(self):
        self._check_plannable()

    def _check_plannable(self):
        """Refuse a change of what is approved or done, and by whom it is not for."""
        self.capa_id._med_check_mine()
        if late := self.filtered(lambda one: one.state != "open" or (
                one.case_state not in ("open", "analysed"))):
            raise UserError(self.env._(
                "%s: its plan is approved, or it is done: it is not changed any more.",
                late[0].what))

    def finish(self, evidence: str):
        """Say that these actions are done.

        :param evidence: what shows it: document, record, test
        :return: ``{"version", "done": number of actions}``
        :raise UserError: the plan is not approved, or an action is not open
        """
        self._check_doable(evidence, "evidence")
        if not self.env.user.has_group(QUALITY) and any(
                one.owner_id != self.env.user for one in self):
            raise AccessError(self.env._("An action is finished by its owner."))
        self._store({"state": "done", "done_at": fields.Datetime.now(),
                     "done_by_id": self.env.uid, "evidence": evidence.strip()})
        return {"version": VERSION, "done": len(self)}

    def drop(self, reason: str):
        """Say that these actions are not done, and why.

        :param reason: one sentence
        :return: ``{"version", "dropped": number of actions}``
        """
        self._check_doable(reason, "reason")
        if not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("This is for quality assurance."))
        self._store({"state": "cancelled", "done_at": fields.Datetime.now(),
                     "done_by_id": self.env.uid, "note": reason.strip()})
        return {"version": VERSION, "dropped": len(self)}

    def _check_doable(self, text, name):
        self.check_access("read")
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("“%(field)s” must say so in one sentence.", field=name))
        self.capa_id._med_lock()
        self.invalidate_recordset()
        if late := self.filtered(lambda one: one.state != "open" or one.case_state != "planned"):
            raise UserError(self.env._(
                "%s: only open actions of an approved plan are done.", late[0].what))

    def _store(self, vals):
        with permit(self._name, self.ids, tuple(sorted(vals))):
            self.sudo().write(vals)
        self.capa_id.sudo()._med_reckon()
        asked = {(one.capa_id.id, one.owner_id, one.what) for one in self}
        self.capa_id.sudo().activity_ids.filtered(
            lambda one: (one.res_id, one.user_id, one.summary) in asked).unlink()

    def answer(self, reason: str):
        """Finish these actions, as the dialog does that asks for one text.

        :param reason: the evidence
        :return: as :meth:`finish`
        """
        return self.finish(reason)

    def action_finish(self):
        """Ask for the evidence, and finish."""
        return self._ask(self.env._("What Shows That It Was Done"), "answer")

    def action_drop(self):
        """Ask why, and drop."""
        return self._ask(self.env._("Why It Is Not Done"), "drop")

    def _ask(self, title, method):
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "title": title,
                           "method": method, "arguments": {}}}
