from odoo import api, models

TOLD = {"name", "ref", "med_batch", "med_status", "med_supplier_id", "med_supplier_lot",
        "med_manufactured", "expiration_date", "med_version_id"}


class StockLot(models.Model):
    """Lots are told to partners at birth, and when status or dates change."""

    _inherit = "stock.lot"

    @api.model_create_multi
    def create(self, vals_list):
        lots = super().create(vals_list)
        self.env["med.exchange.lot"]._med_tell(lots)
        return lots

    def write(self, vals):
        done = super().write(vals)
        if TOLD & vals.keys():
            self.env["med.exchange.lot"]._med_tell(self)
        return done

    def action_med_exchange_traffic(self):
        """Open every message, from partners and to them, that names this lot."""
        self.ensure_one()
        self.check_access("read")
        return self.env["med.exchange.traffic"]._med_about(self.name)
