from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError

QUALITY = "med_base.med_base_group_qa"
VERSION = 1
# Written by the methods of an action alone; the value that a new one has.
RESULTS = {"state": "open", "done_at": False, "done_by_id": False, "evidence": False,
           "note": False}


class MedActionMixin(models.AbstractModel):
    """Who does what until when: planned with a record, then done with evidence, or dropped.

    A model says in ``_med_case`` which field holds the record, in ``_med_results`` what its own
    methods alone write, in :meth:`_check_plannable` who plans until when, and in
    :meth:`_check_due` when actions are done.
    """

    _name = "med.action.mixin"
    _description = "Action with Evidence"
    _inherit = ["med.stepped.mixin"]
    _rec_name = "what"

    _med_case = ""
    _med_results = RESULTS

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

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        actions = super().create([{**vals, **self._med_results} for vals in vals_list])
        actions._check_plannable()
        return actions

    def write(self, vals):
        names = tuple(sorted(self._med_results.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("An action is done with its evidence: finish it."))
        if vals.keys() - self._med_results.keys():
            self._check_plannable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_plannable(self):
        self._check_plannable()

    def _check_plannable(self):
        """Refuse a change of what is not planned any more, and by whom it is not for."""

    def _check_due(self):
        """Refuse to do what is not open, or not to be done yet."""

    # ------------------------------------------------------------------ what becomes of it

    def finish(self, evidence: str):
        """Say that these actions are done.

        :param evidence: what shows it: document, record, test
        :return: ``{"version", "done": number of actions}``
        :raise UserError: their plan is not approved, or one is not open
        """
        self._check_doable(evidence, "evidence")
        if not self.env.user.has_group(QUALITY) and any(
                one.owner_id != self.env.user for one in self):
            raise AccessError(self.env._("An action is finished by its owner."))
        self._end("done", {"evidence": evidence.strip()})
        return {"version": VERSION, "done": len(self)}

    def drop(self, reason: str):
        """Say that these actions are not done, and why.

        :param reason: one sentence
        :return: ``{"version", "dropped": number of actions}``
        """
        self._check_doable(reason, "reason")
        if not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("This is for quality assurance."))
        self._end("cancelled", {"note": reason.strip()})
        return {"version": VERSION, "dropped": len(self)}

    def _check_doable(self, text, name):
        self.check_access("read")
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("“%(field)s” must say so in one sentence.", field=name))
        self[self._med_case]._med_lock()
        self.invalidate_recordset()
        self._check_due()

    def _end(self, state, vals):
        """Write down what became of these, and take back what their owners were asked."""
        self._med_store({"state": state, "done_at": fields.Datetime.now(),
                         "done_by_id": self.env.uid, **vals})
        asked = {(one[self._med_case].id, one.owner_id, one.what) for one in self}
        self[self._med_case].sudo().activity_ids.filtered(
            lambda one: (one.res_id, one.user_id, one.summary) in asked).unlink()

    # ------------------------------------------------------------------ dialogs

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
