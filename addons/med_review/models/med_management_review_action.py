from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError

from .med_management_review import QUALITY

VERSION = 1
# Written by the action's own methods alone; the value that a new one has.
RESULTS = {"state": "open", "done_at": False, "done_by_id": False, "evidence": False,
           "note": False, "capa_id": False, "origin_id": False}


class MedManagementReviewAction(models.Model):
    """What a review decided to do: who does what until when (ISO 13485, 5.6.3)."""

    _name = "med.management.review.action"
    _description = "Action of a Management Review"
    _order = "review_id desc, date_due, id"
    _rec_name = "what"

    review_id = fields.Many2one(
        "med.management.review", "Review", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    review_state = fields.Selection(related="review_id.state", string="Review State")
    kind = fields.Selection(
        [("system", "Improvement of the System"), ("product", "Improvement of the Product"),
         ("law", "Response to New Requirements"), ("resources", "Resources"),
         ("other", "Other")], "Output", required=True, default="system")
    what = fields.Char(required=True)
    owner_id = fields.Many2one("res.users", "Owner", required=True, index=True)
    date_due = fields.Date("Due", required=True, index=True)
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("carried", "Taken Over"), ("cancelled", "Dropped")],
        required=True, default="open", readonly=True, copy=False, index=True)
    done_at = fields.Datetime("Done On", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Done By", readonly=True, copy=False)
    evidence = fields.Text(readonly=True, copy=False, help="What shows that it was done.")
    note = fields.Char("Why Dropped", readonly=True, copy=False)
    capa_id = fields.Many2one("med.capa", "CAPA", readonly=True, copy=False,
                              index="btree_not_null", ondelete="restrict")
    origin_id = fields.Many2one(
        "med.management.review.action", "Taken Over From", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict")
    origin_review_id = fields.Many2one(related="origin_id.review_id", string="From Review")

    @api.model_create_multi
    def create(self, vals_list):
        carried = take(self._name, (), "carry")
        # Written out, so that no default of the caller's context or of a user gets in.
        actions = super().create([{**vals, **({**RESULTS, **{
            name: vals.get(name, False) for name in ("origin_id", "capa_id")}} if carried
            else RESULTS)} for vals in vals_list])
        actions._check_plannable()
        return actions

    def write(self, vals):
        names = tuple(sorted(RESULTS.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("An action is done with its evidence: finish it."))
        if vals.keys() - RESULTS.keys():
            self._check_plannable()
        if {"review_id", "company_id"} & vals.keys() and not self.env.su:
            raise UserError(self.env._("An action stays with its review."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_plannable(self):
        self._check_plannable()

    def _check_plannable(self):
        """Refuse a change of what is signed."""
        self.review_id._med_check_locked(None)

    # ------------------------------------------------------------------ what becomes of it

    def finish(self, evidence: str):
        """Say that these actions are done.

        :param evidence: what shows it: document, record, number of a CAPA
        :return: ``{"version", "done": number of actions}``
        :raise UserError: the review is not signed, or an action is not open
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
        self.review_id._med_lock()
        self.invalidate_recordset()
        if late := self.filtered(
                lambda one: one.state != "open" or one.review_id.state != "signed"):
            raise UserError(self.env._(
                "%s: only open actions of a signed review are done.", late[0].what))

    def _end(self, state, vals):
        self._store({"state": state, "done_at": fields.Datetime.now(),
                     "done_by_id": self.env.uid, **vals})
        asked = {(one.review_id.id, one.owner_id, one.what) for one in self}
        self.review_id.sudo().activity_ids.filtered(
            lambda one: (one.res_id, one.user_id, one.summary) in asked).unlink()

    def _store(self, vals):
        with permit(self._name, self.ids, tuple(sorted(vals))):
            self.sudo().write(vals)

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

    def action_start_capa(self):
        """Open a new CAPA for this action."""
        self.ensure_one()
        self.check_access("read")
        Capa = self.env["med.capa"]
        Capa._med_check_opener()
        self.review_id._med_lock()
        self.invalidate_recordset()
        if self.state != "open" or self.capa_id:
            raise UserError(self.env._("%s is not open, or has a CAPA.", self.what))
        record = Capa._med_begin(
            self.what, self.env["med.nonconformity"], self.company_id, document=self.review_id,
            source="review", kind="preventive" if self.kind != "product" else "corrective")
        self._store({"capa_id": record.id})
        return self.action_capa()

    def action_capa(self):
        """Open the CAPA of this action."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.capa",
                "res_id": self.capa_id.id, "views": [(False, "form")]}
