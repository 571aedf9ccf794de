from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ..tools import switching

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"


class MedSwitchingChange(models.Model):
    """A signed decision about a series: reduced inspection, an order, or taking it up again."""

    _name = "med.switching.change"
    _description = "Decision About the Severity"
    _inherit = ["med.signable.mixin", "mail.thread"]
    _order = "id desc"
    _rec_name = "kind"

    _med_machine = Machine(
        initial="draft",
        content=("switching_id", "kind", "grounds", "steady"),
        transitions=(
            Transition("decide", ("draft",), "done", _lt("Decide"),
                       (Signer("approved", groups=(QUALITY,)),), required=("grounds",), least=1),
            Transition("cancel", ("draft",), "cancelled", _lt("Cancel"), groups=(QUALITY,)),
        ),
        locked=("done", "cancelled"),
    )

    switching_id = fields.Many2one(
        "med.switching", "Series", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="switching_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("reduce", "Reduced Inspection"), ("resume", "Take Up Again After Action"),
         ("normal", "Order Normal Inspection"), ("tightened", "Order Tightened Inspection")],
        required=True, default="reduce")
    steady = fields.Boolean("Production Is Steady")
    grounds = fields.Text(help="What it rests on; for taking up again, the supplier's action.")
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Signed"), ("cancelled", "Cancelled")], required=True,
        default="draft", readonly=True, copy=False, tracking=True)

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "decide":
            self._step()

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "decide":
            self.switching_id._take(self._step(), change=self)

    def _step(self):
        """Return the step that this decision takes.

        :raise UserError: the rules do not allow it
        """
        series = self.switching_id.sudo()
        series.lock_for_update()
        state = switching.State.read(series.state)
        try:
            if self.kind == "reduce":
                return switching.reduce(series._rules(), state, steady=self.steady, approved=True,
                                        aql=series.aql)
            if self.kind == "resume":
                return switching.resume(state, self.grounds or "")
            if self.kind == "normal" and state.severity != "reduced":
                raise switching.SwitchError("not_reduced", state.severity)
            return switching.direct(state, self.kind, self.grounds or "")
        except switching.SwitchError as error:
            raise UserError(self._sentence(error.code)) from error

    @api.model
    def _sentence(self, code):
        words = {
            "not_normal": self.env._("Reduced inspection follows normal inspection alone."),
            "not_earned": self.env._("The lots so far do not earn reduced inspection."),
            "not_steady": self.env._("Say that production is steady, or leave it at normal."),
            "not_stopped": self.env._("Acceptance is not stopped."),
            "not_reduced": self.env._(
                "Normal inspection is ordered in place of reduced inspection alone: tightened "
                "ends by lots accepted in a row."),
            "already": self.env._(
                "Inspection is tightened already: ordering it again would begin its count anew."),
            "state": self.env._("Acceptance is stopped: it is taken up again after action."),
        }
        return words.get(code) or self.env._("Say what the decision rests on.")
