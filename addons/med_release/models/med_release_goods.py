from odoo import api, models
from odoo.tools import SQL

from ..tools.checks import EXCEPTED, MISSING, NOTE, item, row

ALLOWED = ("released", "conditional")
LEVELS = ("none", "production", "market")


class MedRelease(models.Model):
    """The order, what it made, and what it made it of."""

    _inherit = "med.release"

    # ------------------------------------------------------------------ what the order made

    @api.model
    def _med_order_level(self, order):
        """Return the most that a product which the order makes asks for."""
        levels = [product.product_tmpl_id._med_release_level()
                  for product in order.product_id | order.move_finished_ids.product_id]
        return max(levels, key=LEVELS.index)

    def _med_keep_level(self):
        """Let open releases ask for what their products ask for now.

        For less than before only where quality assurance set the level of the product: control,
        bills of materials and device identifiers are other people's.
        """
        for release in self.filtered(lambda one: one.state == "open"):
            order = release.production_id
            least = order.product_id.med_release_level or release.level
            level = max(least, self._med_order_level(order), key=LEVELS.index)
            if level != release.level:
                release._med_write_own({"level": level})

    def _med_made(self):
        """Return ``{lot: quantity}`` of what is released, by id: as kept once the maker signed."""
        self.ensure_one()
        if self.line_ids:
            lines = self.line_ids.sorted(lambda line: line.lot_id.id)
            return {line.lot_id: line.quantity for line in lines}
        return self._med_made_now()

    def _med_made_now(self):
        """Return ``{lot: quantity}`` of what the order has posted, by id."""
        made, moves = {}, self.production_id.move_finished_ids
        bound = {one for one in moves.product_id if one._med_needs(self) != "none"}
        for line in moves.move_line_ids.with_prefetch():
            if (line.state == "done" and line.lot_id and line.quantity_product_uom
                    and line.product_id in bound):
                made[line.lot_id] = made.get(line.lot_id, 0.0) + line.quantity_product_uom
        return {lot: round(made[lot], 6) for lot in sorted(made, key=lambda lot: lot.id)}

    def _med_output_lots(self):
        return self.env["stock.lot"].union(*self._med_made())

    def _med_releasable(self):
        """Return the lots that get their status now.

        Left out: what was rejected, what is scrapped, and what another order made too that is not
        released yet; the last release of the two gives the status.
        """
        lots = self._med_output_lots().filtered(
            lambda lot: lot.med_status in (False, "quarantine"))
        waiting = lots._med_unreleased()
        scrapped = self._med_scrapped(lots)
        return lots.filtered(lambda lot: lot not in waiting and lot.id not in scrapped)

    @api.model
    def _med_scrapped(self, lots):
        """Return the ids of lots of which nothing is anywhere but among the scrap."""
        places = {}
        for lot, usage in self.env.execute_query(SQL("""
                SELECT q.lot_id, l.usage FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id
                 WHERE q.lot_id IN %s AND q.quantity > 0""", tuple(lots.ids) or (0,))):
            places.setdefault(lot, set()).add(usage)
        return {lot for lot, usages in places.items() if usages == {"inventory"}}

    # ------------------------------------------------------------------ checks

    def _med_check_order(self):
        _, order = self.env._, self.production_id
        items = [] if order.state == "done" else [item(MISSING, _(
            "%(order)s is not done", order=order.name), "mrp.production", order.id)]
        open_scrap = order.scrap_ids.filtered(lambda scrap: scrap.state == "draft")
        items += [item(MISSING, _("Scrap %(name)s is not posted", name=scrap.name),
                       "stock.scrap", scrap.id) for scrap in open_scrap]
        lines = order.scrap_ids.filtered(lambda scrap: (
            scrap.state == "done" and scrap.product_id == order.product_id)).move_ids.move_line_ids
        scrapped = order.product_id.uom_id._compute_quantity(
            sum(lines.mapped("quantity_product_uom")), order.product_uom_id, round=False)
        unit = order.product_uom_id.name
        fine = _("Made %(made)s of %(asked)s %(unit)s", made=f"{order.qty_produced:g}",
                 asked=f"{order.product_qty:g}", unit=unit)
        if scrapped:
            fine = _("%(made)s; %(scrapped)s %(unit)s scrapped", made=fine,
                     scrapped=f"{scrapped:g}", unit=unit)
        return row("order", _("Order and yield"), fine, items,
                   [order.id, order.state, order.qty_produced, order.product_qty, scrapped])

    def _med_check_goods(self):
        """What is released is what was made; who else made it; what was rejected of it."""
        _, made = self.env._, self._med_made()
        lots, items = self._med_output_lots(), []
        if not lots:
            items.append(item(MISSING, _("The order has posted no lot or serial"),
                              "mrp.production", self.production_id.id))
        if self.line_ids and made != self._med_made_now():
            items.append(item(MISSING, _(
                "The order says other lots or quantities than the maker released: withdraw"),
                "mrp.production", self.production_id.id))
        rejected = lots.filtered(lambda lot: lot.med_status == "rejected")
        decided = self._med_decisions(rejected)
        items += [item(EXCEPTED, _("%(lot)s is rejected and stays so", lot=lot.name),
                       "stock.lot", lot.id, decided.get(lot.id, "")) for lot in rejected]
        if lots and lots == rejected:
            items.append(item(MISSING, _("Every lot is rejected: refuse the release"),
                              "med.release", self.id))
        items += self._med_other_orders(lots)
        fine = _("%(count)s lots or serials: %(names)s", count=len(lots), names=self.lots_text)
        return row("goods", _("What was made"), fine, items,
                   [[lot.id, lot.name, quantity, lot.med_status or ""]
                    for lot, quantity in made.items()])

    def _med_other_orders(self, lots):
        """Return notes about lots that another order made too."""
        others = {}
        for lot, orders in lots._med_makers().items():
            for order in orders.keys() - {self.production_id.id}:
                others.setdefault(order, []).append(lot)
        found = []
        for order in self.env["mrp.production"].browse(sorted(others)):
            release = order.sudo().med_release_ids[:1]
            names = ", ".join(lots.browse(others[order.id][:5]).mapped("name"))
            found.append(item(NOTE, self.env._(
                "%(order)s made %(lots)s too: released when both orders are",
                order=order.name, lots=names), release._name if release else order._name,
                release.id or order.id))
        return found

    @api.model
    def _med_decisions(self, lots):
        """Return ``{lot id: number}`` of the last signed decision about each lot."""
        lines = self.env["med.disposition.line"].sudo().search(
            [("lot_id", "in", lots.ids), ("disposition_id.state", "=", "done")], order="id")
        return {line.lot_id.id: line.disposition_id.name for line in lines}

    # ------------------------------------------------------------------ materials

    def _med_consumed(self):
        """Return the posted lines of controlled products that went in.

        What an uncontrolled intermediate was made of counts as well: it has no release of its own.
        """
        self.env.flush_all()
        found = self.env.execute_query(SQL("""
            WITH RECURSIVE used AS (
                SELECT l.id, l.lot_id, l.product_id
                  FROM stock_move m JOIN stock_move_line l ON l.move_id = m.id
                 WHERE m.raw_material_production_id = %s AND l.state = 'done' AND l.quantity > 0
                 UNION
                SELECT l.id, l.lot_id, l.product_id
                  FROM used u
                  JOIN product_product p ON p.id = u.product_id
                  JOIN product_template t
                    ON t.id = p.product_tmpl_id AND NOT coalesce(t.med_controlled, false)
                  JOIN stock_move_line made ON made.lot_id = u.lot_id AND made.state = 'done'
                  JOIN stock_move mm ON mm.id = made.move_id AND mm.production_id IS NOT NULL
                  JOIN stock_move m ON m.raw_material_production_id = mm.production_id
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done' AND l.quantity > 0
            )
            SELECT u.id FROM used u
              JOIN product_product p ON p.id = u.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id AND t.med_controlled
          ORDER BY u.id""", self.production_id.id))
        return self.env["stock.move.line"].browse([line for [line] in found])

    def _med_check_materials(self):
        """Every material is released now; what was used before its release is said."""
        _, lines = self.env._, self._med_consumed()
        lots = lines.lot_id
        unreleased = lots._med_unreleased()
        decided = self._med_decisions(
            lots.filtered(lambda lot: lot.med_status == "conditional"))
        words = dict(lots._fields["med_status"]._description_selection(self.env))
        items = []
        for lot in lots:
            told = _("%(lot)s (%(product)s)", lot=lot.name, product=lot.product_id.display_name)
            if lot.med_status not in ALLOWED:
                status = words[lot.med_status or "quarantine"]
                items.append(item(MISSING, _(
                    "%(lot)s: %(status)s", lot=told, status=status), *self._med_mend(lot)))
            elif lot.med_hold_count:
                items.append(item(MISSING, _("%(lot)s is held", lot=told), "stock.lot", lot.id))
            elif lot in unreleased:
                items.append(item(MISSING, f"{told}: {unreleased[lot]}", *self._med_mend(lot)))
            elif lot.med_status == "conditional":
                items.append(item(EXCEPTED, _("%(lot)s is conditionally released", lot=told),
                                  "stock.lot", lot.id, decided.get(lot.id, "")))
        items += self._med_late_items(lines)
        nameless = lines.filtered(
            lambda line: not line.lot_id and line.product_id.tracking != "none").product_id
        items += [item(MISSING, _("%(product)s: which lot went in is not recorded",
                                  product=product.display_name),
                       "mrp.production", self.production_id.id) for product in nameless]
        fine = _("%(count)s lots of controlled materials, all released", count=len(lots)) \
            if lots else _("No controlled material went in")
        return row("materials", _("Materials"), fine, items,
                   [[lot.id, lot.med_status or "", lot.med_hold_count] for lot in lots])

    def _med_late_items(self, lines):
        """Return what was expired, or let through before its release, when it was used."""
        _, found = self.env._, []
        old = lines.filtered(lambda line: line.lot_id.expiration_date
                             and line.lot_id.expiration_date < line.date)
        found += [item(MISSING, _("%(lot)s had expired when it was used", lot=lot.name),
                       "stock.lot", lot.id) for lot in old.lot_id]
        early = self.env["med.gate.event"].sudo().search(
            [("move_line_id", "in", lines.ids), ("use", "=", "operation")]).lot_id
        found += [item(NOTE, _("%(lot)s was used before its release", lot=lot.name),
                       "stock.lot", lot.id)
                  for lot in early if lot.med_status in ALLOWED]
        return found

    @api.model
    def _med_mend(self, lot):
        """Return model and id of the document in which a lot becomes released."""
        orders = lot._med_makers().get(lot.id, {}) if (
            lot.product_id.product_tmpl_id._med_release_level() != "none") else {}
        release = self.search([("production_id", "in", list(orders)), ("state", "!=",
                               "market_released")], limit=1) if orders else self.browse()
        return (release._name, release.id) if release else (lot._name, lot.id)

    # ------------------------------------------------------------------ holds and expiry

    def _med_check_holds(self):
        _, lots = self.env._, self._med_output_lots()
        lines = lots.med_hold_line_ids
        items = [item(MISSING, _("%(hold)s: %(reason)s (%(count)s lots)", hold=hold.name,
                                 reason=hold.reason, count=len(held)), "med.hold", hold.id)
                 for hold, held in lines.filtered("open").grouped("hold_id").items()]
        lifted = lines.filtered(lambda line: not line.open).hold_id
        items += [item(NOTE, _("%(hold)s was lifted: %(reason)s", hold=hold.name,
                               reason=hold.reason), "med.hold", hold.id) for hold in lifted]
        return row("holds", _("Holds"), _("Nothing is held"), items,
                   [[lot.id, lot.med_hold_count] for lot in lots])

    def _med_check_expiry(self):
        _, lots, now = self.env._, self._med_output_lots(), self.env.cr.now()
        items = [item(MISSING, _("%(lot)s has expired", lot=lot.name), "stock.lot", lot.id)
                 for lot in lots if lot.expiration_date and lot.expiration_date < now]
        items += [item(MISSING, _("%(lot)s has no expiration date", lot=lot.name),
                       "stock.lot", lot.id)
                  for lot in lots if lot.use_expiration_date and not lot.expiration_date]
        first = min((lot.expiration_date for lot in lots if lot.expiration_date), default=None)
        fine = _("Usable until %(date)s", date=first.date().isoformat()) if first else _(
            "No expiration date is kept for this product")
        return row("expiry", _("Expiry"), fine, items, [
            [lot.id, lot.expiration_date.isoformat() if lot.expiration_date else ""]
            for lot in lots])
