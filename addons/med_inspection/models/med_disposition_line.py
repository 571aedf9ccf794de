from odoo import models
from odoo.exceptions import UserError


class MedDispositionLine(models.Model):
    _inherit = "med.disposition.line"

    def _check_release(self):
        super()._check_release()
        lots = self.lot_id.sudo()
        obstacles = lots._med_inspection_obstacles()
        known = self.filtered("status_from").lot_id.sudo()
        obstacles += known._med_inspections_missing()
        if obstacles:
            more = len(obstacles) - 10
            raise UserError(self.env._(
                "Inspection does not allow to release:\n%(lots)s", lots="\n".join(
                    obstacles[:10] + ([self.env._("… and %(count)s more", count=more)]
                                      if more > 0 else []))))
