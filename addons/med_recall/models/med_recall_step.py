from odoo import fields, models
from odoo.exceptions import UserError

TIMES = {"decide": "decided_at", "complete": "completed_at", "terminate": "terminated_at",
         "refuse": "terminated_at"}


class MedRecall(models.Model):
    """What must be there before a step, and what follows from it."""

    _inherit = "med.recall"

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        check = {"assess": self._med_check_assess, "decide": self._med_check_decide,
                 "complete": self._med_check_complete,
                 "terminate": self._med_check_terminate}.get(transition.name)
        if check:
            check()

    def _med_check_assess(self):
        """Raise unless what is signed as the assessment of the hazard can stand."""

    def _med_check_decide(self):
        """Raise unless what is signed as the scope is still the scope, and stands still."""
        if self.scope_id.state != "drawn" or not self.scope_id.line_ids:
            raise UserError(self.env._("%s: find and stop the lots first.", self.name))
        if self._med_find().digest != self.scope_id.digest:
            raise UserError(self.env._(
                "%s: lots or deliveries have come since the lots were found. Find and stop them "
                "again, and look at what is new.", self.name))

    def _med_check_complete(self):
        """Raise unless each unit in scope has its final state (a hook)."""

    def _med_check_terminate(self):
        """Raise unless everything that the end asks for is there (a hook)."""

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if name := TIMES.get(transition.name):
            self._med_store({name: fields.Datetime.now()})
        if transition.name == "resume":
            self._med_store({"completed_at": False})
        if transition.name == "decide":
            self.scope_id._med_freeze()
        if transition.name == "refuse":
            self._med_release_all()

    def _med_on_frozen(self, scope):
        """Do what follows from a scope that was frozen just now (a hook)."""

    def _med_notice_warnings(self):
        """Return sentences of what should be done before notices leave (a hook)."""
        return []

    def _med_letters_text(self):
        """Return what consignees were written, as it was signed; empty where none was (a hook)."""
        return ""

    def _med_figures(self):
        """Return what is known of this recall in figures: name → number (a hook).

        Quantities are in the units of the products, and add up only within one unit.
        """
        scope = self.sudo().scope_id
        return {"lots": scope.lot_count, "exact": scope.exact_count,
                "possible": scope.lot_count - scope.exact_count,
                "consignees": scope.consignee_count, "countries": scope.country_count,
                "shipped": sum(scope.line_ids.mapped("shipped")),
                "returned": sum(scope.line_ids.mapped("returned"))}
