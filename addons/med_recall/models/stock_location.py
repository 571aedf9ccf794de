from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    med_recall_place = fields.Boolean(
        "For Recalled Goods",
        help="Goods that a recall holds may be moved here: to be kept apart, repaired or "
             "destroyed.")

    def _med_takes_recalled(self, zones):
        """Return whether goods that a recall holds may be moved to this place.

        :param zones: places of the warehouse's zones for quarantine, rejected and returned goods
        """
        self.ensure_one()
        if any(self._child_of(zone) for zone in zones):
            return True
        place = self
        while place and not place.med_recall_place:
            place = place.location_id
        return bool(place)
