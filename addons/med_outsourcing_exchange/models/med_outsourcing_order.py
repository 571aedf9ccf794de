from odoo import models

TOLD = {"state", "revision", "contract", "quantity", "note", "date_released", "date_due",
        "date_due_acknowledge", "date_due_start", "date_due_finish"}


class MedOutsourcingOrder(models.Model):
    """Orders are told to their processors when they are released, changed and cancelled."""

    _inherit = "med.outsourcing.order"

    def write(self, vals):
        done = super().write(vals)
        if TOLD & vals.keys():
            self._med_tell_order()
        return done

    def _med_tell_order(self):
        """Tell what is now so of the orders that were released."""
        self.env["med.exchange.outsourcing_order"]._med_tell(
            lambda: self.filtered("date_released"))

    def action_med_exchange_traffic(self):
        """Open every message, from partners and to them, that names this order."""
        self.ensure_one()
        self.check_access("read")
        return self.env["med.exchange.traffic"]._med_about(self.name)
