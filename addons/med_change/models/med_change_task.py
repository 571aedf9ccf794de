from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError

from .med_change import QUALITY

VERSION = 1
# Written by `finish` and `drop` alone; the value that a new task has.
RESULTS = {"state": "open", "done_at": False, "done_by_id": False, "evidence": False,
           "note": False}


class MedChangeTask(models.Model):
    """Who does what until when to carry a change out."""

    _name = "med.change.task"
    _description = "Task of a Change"
    _order = "change_id desc, date_due, id"
    _rec_name = "what"

    change_id = fields.Many2one("med.change", "Change", required=True, index=True,
                                ondelete="restrict")
    company_id = fields.Many2one(related="change_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("implement", "Carry Out"), ("document", "Document"), ("training", "Training"),
         ("validation", "Validation"), ("authority", "Authority")], required=True,
        default="implement")
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
    case_state = fields.Selection(related="change_id.state", string="Change State")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        tasks = super().create([{**vals, **RESULTS} for vals in vals_list])
        tasks._check_plannable()
        return tasks

    def write(self, vals):
        names = tuple(sorted(RESULTS.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("A task is done with its evidence: finish it."))
        if vals.keys() - RESULTS.keys():
            self._check_plannable()
        if {"change_id", "company_id"} & vals.keys():
            raise UserError(self.env._("A task stays with its change."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_plannable(self):
        self._check_plannable()

    def _check_plannable(self):
        """Refuse a change of what is assessed or done, and by whom it is not for."""
        self.change_id._med_check_mine()
        if late := self.filtered(lambda one: one.state != "open" or (
                one.case_state not in ("draft", "emergency"))):
            raise UserError(self.env._(
                "%s: its change is assessed, or it is done: it is not changed any more.",
                late[0].what))

    def finish(self, evidence: str):
        """Say that these tasks are done.

        :param evidence: what shows it: document, record, test
        :return: ``{"version", "done": number of tasks}``
        :raise UserError: the change is not approved, or a task is not open
        """
        self._check_doable(evidence, "evidence")
        if not self.env.user.has_group(QUALITY) and any(
                one.owner_id != self.env.user for one in self):
            raise AccessError(self.env._("A task is finished by its owner."))
        self._store({"state": "done", "done_at": fields.Datetime.now(),
                     "done_by_id": self.env.uid, "evidence": evidence.strip()})
        return {"version": VERSION, "done": len(self)}

    def drop(self, reason: str):
        """Say that these tasks are not done, and why.

        :param reason: one sentence
        :return: ``{"version", "dropped": number of tasks}``
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
        self.change_id._med_lock()
        self.invalidate_recordset()
        if late := self.filtered(lambda one: one.state != "open"
                                 or not one.change_id._med_is_implementing()):
            raise UserError(self.env._(
                "%s: only open tasks of an approved change are done.", late[0].what))

    def _store(self, vals):
        with permit(self._name, self.ids, tuple(sorted(vals))):
            self.sudo().write(vals)
        self.change_id.sudo()._med_reckon()
        asked = {(one.change_id.id, one.owner_id, one.what) for one in self}
        self.change_id.sudo().activity_ids.filtered(
            lambda one: (one.res_id, one.user_id, one.summary) in asked).unlink()

    def answer(self, reason: str):
        """Finish these tasks, as the dialog does that asks for one text.

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
