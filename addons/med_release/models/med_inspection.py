from odoo import models


class MedInspection(models.Model):
    _inherit = "med.inspection"

    def _propose_release(self):
        """What is released by its order is not proposed lot by lot."""
        if not self.production_id or (
                self.product_id.product_tmpl_id._med_release_level() == "none"):
            super()._propose_release()
