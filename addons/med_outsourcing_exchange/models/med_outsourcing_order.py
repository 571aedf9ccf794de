from odoo import models

TOLD = {"state", "revision", "contract", "contract_digest", "quantity", "date_due", "date_released"}


class MedOutsourcingOrder(models.Model):
    """Orders are told to their processors when they are released, changed and cancelled."""

    _inherit = "med.outsourcing.order"

    def write(self, vals):
        done = super().write(vals)
        if TOLD & vals.keys() or any(name.startswith("date_") for name in vals):
            self._med_tell_processor()
        return done

    def _med_tell_processor(self):
        """Tell what is now so of the orders that were released."""
        self.env["med.exchange.outsourcing_order"]._med_tell(
            lambda: self.filtered("date_released"))
