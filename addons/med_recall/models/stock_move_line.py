from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

ZONES = ("quarantine", "rejected", "return")


class StockMoveLine(models.Model):
    """What a recall holds is moved to where it is kept apart, and nowhere else (ISO 8.3.3)."""

    _inherit = "stock.move.line"

    def _med_check_gate(self):
        super()._med_check_gate()
        moved = self.with_prefetch().filtered(
            lambda line: line.location_id.usage == line.location_dest_id.usage == "internal"
            and line.location_dest_id != line.location_id and line.lot_id.med_hold_count)
        if not moved:
            return
        recalled = {lot for (lot,) in self.env.execute_query(SQL("""
            SELECT n.lot_id FROM med_hold_line n JOIN med_hold h ON h.id = n.hold_id
             WHERE n.open AND h.source = 'recall' AND n.lot_id IN %s""", tuple(moved.lot_id.ids)))}
        moved = moved.filtered(lambda line: line.lot_id.id in recalled)
        places = self.env["med.zone"]._places(moved.location_dest_id.warehouse_id)
        for target, lines in moved.grouped("location_dest_id").items():
            zones = [place for name in ZONES
                     if (place := places.get((target.warehouse_id, name)))]
            # A warehouse that keeps nothing apart has no place to send them to.
            if zones and not target._med_takes_recalled(zones):
                raise UserError(self.env._(
                    "%(lots)s: a recall holds them. They go to quarantine, to the returned or "
                    "rejected goods, or to a place for recalled goods, not to %(place)s.",
                    lots=", ".join(sorted(set(lines.lot_id.mapped("name")))[:10]),
                    place=target.display_name))
