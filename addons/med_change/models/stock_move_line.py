from odoo import models


class StockMoveLine(models.Model):
    """A version that a market has not approved yet does not go there; others get it."""

    _inherit = "stock.move.line"

    def _med_market_found(self):
        found = super()._med_market_found()
        lines = self.with_prefetch().filtered(
            lambda line: line.lot_id and line.location_dest_id.usage == "customer"
            and line.location_id.usage != "customer" and line.lot_id.sudo().med_version_id)
        pending = {version: version._med_pending_markets()
                   for version in lines.lot_id.sudo().med_version_id}
        stopped = {line for line, _why in found}
        for line in lines:
            waiting = pending[line.lot_id.sudo().med_version_id]
            if not waiting or line in stopped:
                continue
            country = line._med_destination()
            markets = self.env["med.jurisdiction"].sudo()._med_of_countries(country)
            if not country:
                found.append((line, self.env._("nobody said to which country it goes")))
            elif here := [(change, market) for change, market in waiting if market in markets]:
                change, market = here[0]
                found.append((line, self.env._(
                    "%(change)s is not approved in %(market)s", change=change.name,
                    market=market.code)))
        return found
