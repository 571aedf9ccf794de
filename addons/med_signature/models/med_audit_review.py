from odoo import api, fields, models
from odoo.addons.med_audit.models.med_audit_review import completing
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..tools.machine import Machine, Signer, Transition
from .med_signable_state import ROUND

_lt = LazyTranslate(__name__)

REVIEWERS = ("med_base.med_base_group_qa", "med_base.med_base_group_regulatory")


class MedAuditReview(models.Model):
    """A completed review of the trail is signed by who made it (MHRA 2018, 6.13; PI 041-1, 9.8)."""

    _name = "med.audit.review"
    _inherit = ["med.audit.review", "med.signable.mixin"]

    _med_machine = Machine(
        initial="draft",
        content=("model", "res_id", "date_from", "date_to", "company_id", "reviewer_id",
                 "result", "findings", "completed", "entry_last", "entry_count",
                 "after_first_count", "own_count", "digest"),
        transitions=(
            Transition("complete", ("draft",), "done", _lt("Complete"), groups=REVIEWERS),
            Transition("sign", ("done",), "signed", _lt("Sign"),
                       (Signer("reviewed", groups=REVIEWERS, only="reviewer_id"),), least=1),
        ),
        locked=("done", "signed"),
    )

    state = fields.Selection(
        selection_add=[("signed", "Signed")], ondelete={"signed": lambda self: self._unsign()})

    def _unsign(self):
        """Leave a review completed where the addon that knows its signature goes."""
        self.env.execute_query(SQL(
            "UPDATE med_audit_review SET state = 'done' WHERE id IN %s", tuple(self.ids or [0])))
        self.invalidate_recordset(["state"], flush=False)

    def write(self, vals):
        if vals.keys() <= {"state", ROUND}:  # the mixin's to guard: written by steps alone
            with completing(self):
                return super().write(vals)
        return super().write(vals)

    def action_complete(self):
        self.med_transition("complete")

    def _med_before_transition(self, transition):
        if transition.name == "complete":
            review = self.sudo(False)
            review._check_complete()
            with completing(self):
                self.write(review._snapshot())
        super()._med_before_transition(transition)

    @api.model
    def status(self, model: str, res_id: int):
        """Tell whether the trail of a record has been reviewed and signed for, and what is newer.

        :return: as without signatures, and ``"signed"``: the review that is told of bears a valid
            signature
        """
        answer = super().status(model, res_id)
        review = self.sudo().search([
            ("model", "=", model), ("res_id", "=", res_id), ("state", "!=", "draft"),
            ("date_from", "=", False), ("date_to", "=", False)], limit=1)
        return {**answer, "signed": review.state == "signed"
                and review.med_signature_status == "valid"}
