from odoo import models
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.tools import clean_context


class MedUdiDiscrepancy(models.Model):
    """A discrepancy holds its lot until somebody settles it (CN-GSP-3)."""

    _inherit = "med.udi.discrepancy"

    def _med_found(self):
        super()._med_found()
        self._med_hold()

    def _med_lot_known(self):
        super()._med_lot_known()
        self._med_hold()

    def _med_hold(self):
        """Hold the lots of these open discrepancies, each with a hold of its own."""
        wanted = self.filtered(
            lambda one: one.state == "open" and one.lot_id.product_id.med_controlled)
        wanted -= self.browse(wanted._med_holds().mapped("source_id"))
        Hold = self.env["med.hold"].with_context(clean_context(self.env.context))
        for record in wanted:
            hold, _told = Hold._place(
                record.lot_id, record.message, "discrepancy", record,
                self._med_person(record.company_id))
            hold.sudo().activity_ids.unlink()  # its owner is asked to settle the discrepancy

    def _med_holds(self):
        """Return the holds that these discrepancies placed and that are open."""
        return self.env["med.hold"].sudo().search([
            ("source_model", "=", self._name), ("source_id", "in", self.ids),
            ("state", "=", "open")])

    def med_settle(self, conclusion, note):
        """As before; the hold is lifted with it, unless the lot is rejected."""
        answer = super().med_settle(conclusion, note)
        if conclusion != "rejected":
            self._med_lift(note.strip())
        return answer

    def _med_withdraw(self):
        taken_back = self.filtered(lambda one: one.state == "open")
        result = super()._med_withdraw()
        taken_back._med_lift(self.env._("Scan taken back"))
        return result

    def _med_lift(self, conclusion):
        for hold in self._med_holds():
            hold.conclusion = conclusion
            leave(hold, "settle", conclusion)
