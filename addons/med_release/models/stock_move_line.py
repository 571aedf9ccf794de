from odoo import models
from odoo.exceptions import UserError


class StockMoveLine(models.Model):
    """Deliveries to a market need a registration; what is made anew begins in quarantine."""

    _inherit = "stock.move.line"

    def _med_check_gate(self):
        super()._med_check_gate()
        self._med_check_market()
        self._med_quarantine_made()

    def _med_quarantine_made(self):
        """More of a lot was made after it had been released: it waits for that order's release."""
        made = self.filtered(lambda line: line.move_id.production_id and line.lot_id
                             and line.lot_id.med_status in ("released", "conditional", False)
                             and line.product_id.med_controlled)
        if not made:
            return
        posting = made.filtered(lambda line: line.state != "done").lot_id.filtered(
            lambda lot: not lot.med_status
            or lot.product_id.product_tmpl_id._med_release_level() != "none")
        changed = made.lot_id - posting
        late = changed._med_unreleased() if changed else {}
        (posting | changed.filtered(lambda lot: lot in late))._med_set_status("quarantine")

    def _med_check_market(self):
        """Stop a delivery to a market that may not get it, or list it while the gate is open."""
        stopped, passed = [], []
        for line, why in self.with_context(active_test=True)._med_market_found():
            warehouse = line.move_id._med_warehouse()
            mode = self.env["med.gate"]._mode(
                line.company_id.id, line.product_id.product_tmpl_id.id, warehouse.id, "market")
            if mode == "enforce":
                stopped.append((line, why))
                continue
            passed.append({
                "company_id": line.company_id.id, "lot_id": line.lot_id.id,
                "move_line_id": line.id, "picking_id": line.picking_id.id,
                "warehouse_id": warehouse.id, "use": "market", "states": why,
                "mode": mode, "quantity": line.quantity, "user_id": self.env.uid})
        if stopped:
            raise UserError(self.env._(
                "Not to be delivered there: %(lots)s.", lots="; ".join(
                    f"{line.lot_id.name} ({line.product_id.display_name}): {why}"
                    for line, why in stopped[:10])))
        if passed:
            self.env["med.gate.event"].sudo().create(passed)
            self._med_warn_market([one for one in passed if one["mode"] == "warn"])

    def _med_market_found(self):
        """Return (line, why) of deliveries to a market that may not get them.

        Here: on which the device was not registered when it was made. For addons to extend.
        """
        lines = self.with_prefetch().filtered(
            lambda line: line.lot_id and line.location_dest_id.usage == "customer"
            and line.location_id.usage != "customer" and line.product_id.med_controlled)
        marketed = {product for product in lines.product_id if product.sudo().med_di_ids.market_ids}
        wanted = [(line, line._med_destination()) for line in lines if line.product_id in marketed]
        if not wanted:
            return []
        lots = self.env["stock.lot"].union(*(line.lot_id for line, _country in wanted))
        made, known = lots.sudo()._med_made_on(), {}
        for line, country in wanted:
            key = (line.product_id, made[line.lot_id], country)
            if key not in known:
                known[key] = self._med_market_obstacle(*key)
        return [(line, why) for line, country in wanted
                if (why := known[line.product_id, made[line.lot_id], country])]

    def _med_destination(self):
        """Return the country to which this line goes; empty where nobody said."""
        partner = (self.picking_id or self.move_id).partner_id
        return partner.country_id or partner.commercial_partner_id.country_id

    def _med_market_obstacle(self, product, day, country):
        """Return why a product made on a day is not delivered to a country, or an empty text.

        A country of which no jurisdiction is kept is not judged.
        """
        if not country:
            return self.env._("nobody said to which country it goes")
        markets = self.env["med.jurisdiction"].sudo()._med_of_countries(country)
        if not markets:
            return ""
        if not day:
            return self.env._("the day on which it was made is not known")
        bare = [market.code for market in markets if not product._med_registered(market, day)]
        return self.env._(
            "no registration in %(market)s was in force on %(day)s, when it was made",
            market=", ".join(bare), day=day.isoformat()) if bare else ""

    def _med_warn_market(self, passed):
        Picking = self.env["stock.picking"].sudo()
        for picking in {one["picking_id"] for one in passed} - {False}:
            rows = [one for one in passed if one["picking_id"] == picking]
            names = "; ".join(
                f"{self.env['stock.lot'].browse(one['lot_id']).name}: {one['states']}"
                for one in rows[:10])
            Picking.browse(picking).message_post(body=self.env._(
                "Would be stopped once the gate is closed: %(lots)s", lots=names))
