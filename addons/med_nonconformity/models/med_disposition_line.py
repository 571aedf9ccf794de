from odoo import models
from odoo.exceptions import UserError


class MedDispositionLine(models.Model):
    _inherit = "med.disposition.line"

    def _check_release(self):
        """Refuse what a nonconformity has not decided about, or decides otherwise."""
        super()._check_release()
        lineage = self.lot_id.sudo()._med_lineage()
        lines = self.env["med.nonconformity.line"].sudo().search([
            ("lot_id", "in", list(set().union(*lineage.values()))),
            ("state", "in", ("reported", "evaluated", "decided"))])
        for lot in self.lot_id:
            for line in lines.filtered(lambda one, lot=lot: one.lot_id.id in lineage[lot.id]):
                own = line.nonconformity_id.line_ids.filtered(
                    lambda one, lot=lot: one.lot_id == lot) or line
                if not own._med_is_good():
                    raise UserError(self.env._(
                        "%(lot)s: %(record)s does not let it be used: it is not decided, or "
                        "decided otherwise.", lot=lot.name, record=line.nonconformity_id.name))
