from odoo import api, fields, models
from odoo.addons.med_signature.models.med_signable_step import perform
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
PURCHASING = "med_base.med_base_group_purchasing"
RELATED = {"company_id", "capa_id", "nonconformity_id"}
FOLLOWS = {"state", "med_signature_round", *RELATED}
SIGNED = ("request_id", "partner_id", "person", "signed_on", "containment", "cause", "effect",
          "note", "action_ids.kind", "action_ids.what", "action_ids.who", "action_ids.date_due",
          "action_ids.date_done", "file_ids", "user_id")


class MedCapaRequestAnswer(models.Model):
    """One answer of a partner to a request. What he said before stays; the newest counts.

    What came on paper counts once a second person of ours has compared it and signed.
    """

    _name = "med.capa.request.answer"
    _description = "Answer to a Corrective Action Request"
    _inherit = ["med.stepped.mixin", "med.signable.mixin"]
    _order = "request_id desc, id desc"
    _rec_name = "request_id"

    _med_machine = Machine(
        initial="noted",
        content=SIGNED,
        transitions=(
            Transition("take", ("noted",), "given", _lt("Take")),
            Transition("verify", ("noted",), "given", _lt("Verify"),
                       (Signer("verified", groups=(QUALITY, PURCHASING), differs=("@user_id",),
                               fixed=("@user_id",)),), least=1),
            Transition("drop", ("noted",), "dropped", _lt("Drop"),
                       groups=(QUALITY, PURCHASING), reason=True),
        ),
        locked=("given", "dropped"),
    )

    request_id = fields.Many2one("med.capa.request", "Request", required=True, index=True,
                                 readonly=True, ondelete="restrict")
    capa_id = fields.Many2one(related="request_id.capa_id", store=True, index="btree_not_null")
    nonconformity_id = fields.Many2one(related="request_id.nonconformity_id", store=True,
                                       index="btree_not_null")
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", "Partner", required=True, readonly=True,
                                 index=True, ondelete="restrict")
    way = fields.Selection(
        [("portal", "Portal"), ("message", "Message"), ("paper", "Stamped Paper")],
        "Came By", required=True, readonly=True)
    person = fields.Char("Answered By", readonly=True, help="Who of the partner's says so.")
    signed_on = fields.Date("Signed On", readonly=True, help="The day on the paper.")
    containment = fields.Text(readonly=True, help="What keeps it from going on.")
    cause = fields.Text("Root Cause", readonly=True)
    effect = fields.Text("Effectiveness", readonly=True,
                         help="How it was verified that the actions work, and what was found.")
    note = fields.Text("Remarks", readonly=True)
    action_ids = fields.One2many("med.capa.request.action", "answer_id", "Actions", readonly=True)
    file_ids = fields.Many2many(
        "ir.attachment", "ir_attachment_med_capa_request_answer_rel", "answer_id",
        "attachment_id", "Evidence", readonly=True, ondelete="restrict")
    answered_at = fields.Datetime("Entered", required=True, readonly=True)
    event_time = fields.Datetime("Happened", readonly=True,
                                 help="When it was answered there, where the partner says so.")
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True,
                              ondelete="restrict")
    exchange_partner_id = fields.Many2one(
        "med.exchange.partner", "Exchange Partner", readonly=True, index="btree_not_null",
        ondelete="restrict", help="Empty: it came on a page, or on paper.")
    message = fields.Integer(readonly=True, aggregator=False,
                             help="Number of the message that brought it.")
    superseded = fields.Boolean(readonly=True, help="A newer answer counts, or it was taken back.")
    verdict = fields.Selection(
        [("accepted", "Accepted"), ("returned", "Sent Back")], "Judged", readonly=True)
    verdict_note = fields.Text("Why Sent Back", readonly=True)
    state = fields.Selection(
        [("noted", "To Be Verified"), ("given", "Given"), ("dropped", "Dropped")], required=True,
        default="noted", readonly=True, copy=False, index=True)

    @api.depends("request_id.name", "answered_at")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.request_id.name}, {one.answered_at or ''}"

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "born"):
            raise AccessError(self.env._("An answer comes from its partner, or on its paper."))
        # Written out, so that no default of the caller's context or of a user gets in.
        empty = dict.fromkeys(("superseded", "verdict", "verdict_note"), False)
        return super().create([{**vals, **empty} for vals in vals_list])

    def write(self, vals):
        names = tuple(sorted(vals.keys() - FOLLOWS))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("What a partner answered is not changed."))
        if RELATED & vals.keys() and not self.env.su:
            raise AccessError(self.env._("What a partner answered is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("What a partner answered is kept."))

    def copy(self, default=None):
        raise AccessError(self.env._("An answer is not copied."))

    # ------------------------------------------------------------------ what it says

    def _med_says_of(self, part):
        """Return whether it says something of what was asked for."""
        if part in ("containment", "cause"):
            return bool((self[part] or "").strip())
        return bool(self.action_ids.filtered(lambda one: one.kind == part))

    def _med_plain(self):
        """Return what it says as plain data, as it is signed."""
        self.ensure_one()
        return {
            "request": self.request_id.name, "person": self.person or "",
            "containment": self.containment or "", "cause": self.cause or "",
            "effect": self.effect or "", "note": self.note or "",
            "actions": self.action_ids._med_plain(),
            "files": [{"name": one.name, "sha256": one.med_sha256 or one.checksum or ""}
                      for one in self.sudo().file_ids.sorted("id")]}

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "take" and self.way == "paper":
            raise UserError(self.env._("A second person compares the paper and signs."))
        if transition.target == "given" and self.request_id.state not in (
                "sent", "returned", "answered", "received", "draft"):
            raise UserError(self.env._(
                "%s takes no answer any more.", self.request_id.name))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.target == "given":
            self.sudo().request_id._med_count(self.sudo())
        elif transition.name == "drop":
            self.sudo().request_id._med_dropped(self.sudo())

    def _med_take(self):
        """Let an answer count that the partner itself gave."""
        transition = self._med_find_transition("take")
        self._med_before_transition(transition)
        perform(self, transition, "")

    def _med_supersede(self):
        if newer := self.filtered(lambda one: not one.superseded):
            with permit(self._name, newer.ids, ("superseded",)):
                newer.sudo().write({"superseded": True})

    def _med_judge(self, verdict, note):
        """Keep what quality assurance signed about it."""
        with permit(self._name, self.ids, ("verdict", "verdict_note")):
            self.sudo().write({"verdict": verdict, "verdict_note": note or False})
