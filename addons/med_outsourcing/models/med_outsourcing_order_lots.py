from collections import defaultdict
from functools import partial

from odoo import models

from ..exceptions import ReportRefused
from ..tools import life

SMALL = 1e-6


class MedOutsourcingOrder(models.Model):
    """Which lots a report speaks of, and whether there can be so much of them."""

    _inherit = "med.outsourcing.order"

    def _med_report_lots(self, told, before):
        """Return the lots of a report as rows; those that do not exist yet are not made.

        :return: list of ``{"pointer", "name", "product", "lot" (may be empty), "quantity",
            "outcome", "strange" (a component that was not ordered)}``
        :raise ReportRefused: not of this order, or more than there can be
        """
        find = self._med_make_row
        if self.kind == "process":  # looked up once: a report may name a thousand lots
            find = partial(self._med_process_row, self.line_ids.grouped(
                lambda line: line.lot_id.name))
        elif told["kind"] == "received":
            find = partial(self._med_received_row, [*self._med_material_sent()])
        rows = [find(f"/lots/{number}", row, told) for number, row in enumerate(told["lots"])]
        rows += [self._med_used_row(f"/used/{number}", row)
                 for number, row in enumerate(told["used"])]
        self._med_check_quantities(told["kind"], rows, before)
        self._med_check_units(rows)
        return rows

    def _med_check_units(self, rows):
        """Refuse units used for several lots together: nobody could say which unit is where."""
        made = {row["name"] for row in rows if row["outcome"] in ("good", "reject", "scrap")
                and row["product"] == self.product_id}
        units = [row for row in rows if row["outcome"] == "used"
                 and row["product"].tracking == "serial"]
        if len(made) > 1 and units:
            raise ReportRefused(units[0]["pointer"], self.env._(
                "%(unit)s is one unit: report each lot that was made by itself, with the units "
                "that went into it.", unit=units[0]["name"]))

    # ------------------------------------------------------------------ which lot

    def _med_outcome(self, pointer, row, told):
        allowed = life.OUTCOMES.get(told["kind"], ("good", "reject", "scrap", "left"))
        outcome = row["outcome"] or "good"
        if outcome not in allowed:
            raise ReportRefused(f"{pointer}/outcome", self.env._(
                "“%(outcome)s” is none of: %(outcomes)s.", outcome=outcome,
                outcomes=", ".join(allowed)))
        return outcome

    def _med_process_row(self, by_name, pointer, row, told):
        lines = by_name.get(row["lot"], self.line_ids.browse()).filtered(
            lambda line: not row["product"] or line.product_id.id == row["product"])
        if not lines:
            raise ReportRefused(f"{pointer}/lot", self.env._(
                "Lot %(lot)s is not of %(order)s.", lot=row["lot"], order=self.name))
        if len(lines) > 1:
            raise ReportRefused(f"{pointer}/product", self.env._(
                "%(order)s has several lots %(lot)s: say of which product.", lot=row["lot"],
                order=self.name))
        return {"pointer": pointer, "name": row["lot"], "product": lines.product_id,
                "lot": lines.lot_id, "quantity": row["quantity"],
                "outcome": self._med_outcome(pointer, row, told)}

    def _med_make_row(self, pointer, row, told):
        outcome = self._med_outcome(pointer, row, told)
        lot = self.env["stock.lot"]
        if outcome in ("scrap", "left"):
            lot = self._med_component_lot(pointer, row, told)
        product = lot.product_id or self.product_id
        if row["product"] and row["product"] != product.id:
            raise ReportRefused(f"{pointer}/product", self.env._(
                "Lot %(lot)s of this product is not of %(order)s.", lot=row["lot"],
                order=self.name))
        if product == self.product_id:
            lot = self._med_made_lot(pointer, row["lot"])
            self._med_check_serial(pointer, row)
        return {"pointer": pointer, "name": row["lot"], "product": product, "lot": lot,
                "quantity": row["quantity"], "outcome": outcome}

    def _med_made_lot(self, pointer, name):
        """Return the lot of this number, of this order or of its processor; empty for a new one."""
        lot = self.env["stock.lot"].search([
            ("name", "=", name), ("product_id", "=", self.product_id.id),
            ("company_id", "in", (False, self.company_id.id))], limit=1)
        if lot and not self.env["med.outsourcing.event.lot"].search_count([
                ("lot_id", "=", lot.id), ("event_id.processor_id", "=", self.processor_id.id),
                *([("order_id", "=", self.id)] if self.product_id.tracking == "serial" else [])],
                limit=1) and lot not in self.move_ids.filtered(
                    lambda move: move.state == "done").move_line_ids.lot_id:
            raise ReportRefused(f"{pointer}/lot", self.env._(
                "%(lot)s of %(product)s exists already, and this processor did not make it here. "
                "Give it another number.", lot=name, product=self.product_id.display_name))
        return lot

    def _med_check_serial(self, pointer, row):
        if self.product_id.tracking == "serial" and row["quantity"] != 1:
            raise ReportRefused(f"{pointer}/quantity", self.env._(
                "%(lot)s is one unit.", lot=row["lot"]))

    def _med_component_lot(self, pointer, row, told):
        """Return the lot of a component that is scrapped or left over; empty where the number is
        that of something made."""
        made = {one.lot_name for one in self.event_ids.lot_ids if one.outcome in (
            "good", "reject") and one.event_id.kind != "received"} | {
                one["lot"] for one in told["lots"] if one["outcome"] in ("", "good", "reject")}
        if not row["product"] and row["lot"] in made:
            return self.env["stock.lot"]
        found = self.env["stock.lot"].search([
            ("name", "=", row["lot"]), ("product_id", "in", self._med_components().ids),
            ("company_id", "in", (False, self.company_id.id))])
        if row["product"]:
            found = found.filtered(lambda lot: lot.product_id.id == row["product"])
        if len(found) > 1:
            raise ReportRefused(f"{pointer}/product", self.env._(
                "Several components have a lot %(lot)s: say of which product.", lot=row["lot"]))
        if not found and row["product"] not in (0, self.product_id.id):
            raise ReportRefused(f"{pointer}/lot", self.env._(
                "There is no lot %(lot)s of this component.", lot=row["lot"]))
        return found

    def _med_components(self):
        """Return the components as ordered."""
        frozen = [line["product"] for spec in (self.contract or {}).get("products", ())
                  for line in spec["bom"]["lines"]]
        return self.env["product.product"].browse(frozen) | self.event_ids.filtered(
            "deviation_id").lot_ids.filtered(lambda row: row.outcome == "used").product_id

    def _med_used_row(self, pointer, row):
        if self.kind == "process":
            raise ReportRefused(pointer, self.env._(
                "%(order)s processes our lots: nothing is used up.", order=self.name))
        product = self.env["product.product"].browse(row["product"]).exists()
        if not product:
            raise ReportRefused(f"{pointer}/product", self.env._("There is no such product."))
        lot = self.env["stock.lot"].search([
            ("name", "=", row["lot"]), ("product_id", "=", product.id),
            ("company_id", "in", (False, self.company_id.id))], limit=1)
        if product.tracking != "none" and not lot:
            raise ReportRefused(f"{pointer}/lot", self.env._(
                "There is no lot %(lot)s of %(product)s.", lot=row["lot"],
                product=product.display_name))
        return {"pointer": pointer, "name": row["lot"] or "–", "product": product, "lot": lot,
                "quantity": row["quantity"], "outcome": "used",
                "strange": product not in self._med_components()}

    # ------------------------------------------------------------------ how much

    def _med_told(self, kind, outcomes, without=None):
        """Return ``{(product id, lot name): quantity}`` of the events that count."""
        sums = defaultdict(float)
        for event in self.event_ids - (without or self.event_ids.browse()):
            if event.kind == kind and not event.superseded:
                for row in event.lot_ids:
                    if row.outcome in outcomes:
                        sums[row.product_id.id, row.lot_name] += row.quantity
        return sums

    def _med_check_quantities(self, kind, rows, before):
        wanted, pointers = defaultdict(float), {}
        for row in rows:
            if row["outcome"] != "used":
                key = row["product"].id, row["name"]
                wanted[key] += row["quantity"]
                pointers.setdefault(key, row["pointer"])
        limits, what = self._med_limits(kind, before)
        for key, quantity in wanted.items():
            if limits is not None and key in pointers and (
                    quantity > limits.get(key, 0.0) + SMALL and self._med_is_limited(kind, key)):
                raise ReportRefused(f"{pointers[key]}/quantity", self.env._(
                    "%(lot)s: %(quantity)s is more than the %(most)s that %(what)s.", lot=key[1],
                    quantity=f"{quantity:g}", most=f"{max(limits.get(key, 0.0), 0.0):g}",
                    what=what))
        self._med_check_there(kind, rows, before)

    def _med_is_limited(self, kind, key):
        """Return whether there is a limit to how much of a lot is reported."""
        return self.kind == "process" or kind == "shipped" and key[0] == self.product_id.id

    def _med_limits(self, kind, before):
        """Return ``{(product id, lot name): quantity}`` that may still be reported, and why so."""
        sent = self._med_sent()
        if kind == "shipped":
            limits = self._med_told("finished", ("good", "reject", "left"))
            for key, quantity in self._med_told(kind, ("good", "reject", "left"), before).items():
                limits[key] = limits.get(key, 0.0) - quantity
            return limits, self.env._("were finished and are not shipped yet")
        if kind == "finished":
            for key, quantity in self._med_told(
                    kind, ("good", "reject", "scrap", "left"), before).items():
                sent[key] = sent.get(key, 0.0) - quantity
            return sent, self.env._("were sent by our books and are not finished yet")
        return sent, self.env._("were sent by our books")

    def _med_sent(self):
        """Return ``{(product id, lot name): quantity}`` posted out to the processor."""
        sums = defaultdict(float)
        for line in self._med_way(True).move_line_ids:
            if line.state == "done":
                sums[line.product_id.id, line.lot_id.name] += line.quantity_product_uom
        return sums
