from odoo import api, models

from .med_zone import ZONE_OF


class StockMoveLine(models.Model):
    """Goods of controlled products that arrive are put into the zone of their status."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._med_put_away()
        return lines

    def _apply_putaway_strategy(self):
        result = super()._apply_putaway_strategy()
        self._med_put_away()
        return result

    def _med_put_away(self):
        """Send what arrives to its zone, where that lies within the place it was sent to.

        A place that somebody chose, or a putaway rule of Odoo's, is left as it is.
        """
        arriving = self.filtered(
            lambda line: line.location_id.usage in ("supplier", "customer", "production", "transit")
            and line.location_dest_id.usage == "internal" and line.state not in ("done", "cancel")
            and line.location_dest_id == line.move_id.location_dest_id
            and line.product_id.med_controlled and not line.move_id.med_repack_id)
        if not arriving:
            return
        places = self.env["med.zone"]._places(arriving.location_dest_id.warehouse_id)
        for line in arriving if places else ():
            state = line.lot_id.med_status
            warehouse = line.location_dest_id.warehouse_id
            back = line.location_id.usage == "customer"
            zones = ["return", "quarantine"] if back else ["quarantine"]
            if state == "rejected" or (state == "released" and not back):
                zones = [state]
            place = next((found for zone in zones if (
                found := places.get((warehouse, ZONE_OF.get(zone, zone))))), None)
            if place and place != line.location_dest_id and place._child_of(line.location_dest_id):
                line.location_dest_id = place
