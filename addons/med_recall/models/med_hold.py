from dataclasses import replace

from odoo import models
from odoo.addons.med_quality.models.med_hold import MedHold as QualityHold
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.addons.med_signature.tools.machine import Transition
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedHold(models.Model):
    """What a recall holds stays held while it runs (ISO 13485, 8.3.3)."""

    _inherit = "med.hold"

    _med_machine = replace(QualityHold._med_machine, transitions=(
        *QualityHold._med_machine.transitions,
        # Taken by the recall alone.
        Transition("release", ("open",), "lifted", _lt("Lift With Its Recall"))))

    def _med_recall(self):
        """Return the recall that placed this hold, if one did."""
        return self.env["med.recall"].sudo().browse(
            self.source_id if self.source_model == "med.recall" else ()).exists()

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "release":
            raise UserError(self.env._("%s: its recall does this by itself.", self.name))
        recall = self._med_recall()
        if not recall or recall.state in ("terminated", "not_recall"):
            return
        left = self.line_ids.lot_id & recall._med_lots_in_scope()
        if left := left - recall._med_may_leave(left):
            raise UserError(self.env._(
                "%(hold)s: %(recall)s runs, and %(lots)s are in its scope. They stay held until it "
                "ends, or until a later version leaves them out.", hold=self.name,
                recall=recall.name, lots=", ".join(left[:5].mapped("name"))))

    def _med_release(self, reason):
        """Lift these holds on behalf of their recall."""
        for hold in self.sudo():
            hold.conclusion = reason
            leave(hold, "release", reason)
