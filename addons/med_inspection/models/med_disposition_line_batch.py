from odoo import models
from odoo.exceptions import UserError


class MedDispositionLine(models.Model):
    _inherit = "med.disposition.line"

    def _check_release(self):
        """Refuse what is on hand beyond accepted runs, and what waits for its retention sample."""
        super()._check_release()
        if short := self.lot_id._med_unprocessed():
            words = dict(self.env["med.process.batch"]._fields["process"]._description_selection(
                self.env))
            raise UserError(self.env._(
                "Not through an accepted run: %(lots)s. Accept the run, or split the lot.",
                lots=", ".join(
                    f"{lot.name} ({quantity:g} {lot.product_uom_id.name}, "
                    f"{words[lot.product_id.med_batch_process]})" for lot, quantity in short[:5])))
        waiting = self.env["med.retention.sample"].sudo().search(
            [("lot_id", "in", self.lot_id.ids), ("state", "=", "planned")], limit=5)
        if waiting:
            raise UserError(self.env._(
                "Take the retention samples first: %(samples)s.", samples=", ".join(
                    f"{one.name} ({one.lot_id.name})" for one in waiting)))
