from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.checkout import DIGITS, differences


class MedCheckoutReview(models.Model):
    """What a label means to a check-out review, see `med.scan`."""

    _inherit = "med.checkout.review"

    def _med_scan_field(self):
        return "checkout_id"

    def _med_head(self):
        return {
            "model": self._name, "id": self.id, "name": self.name, "state": self.state,
            "kind": "check", "partner": self.partner_id.display_name or "",
            "origin": self.picking_id.name, "signed": self.signed,
            "picking_id": self.picking_id.id}

    def _med_discrepancies(self):
        return self.picking_id._med_discrepancies()

    def _med_lines(self):
        return self.sudo().picking_id._med_checkout_lines()

    def _med_products(self):
        return self._med_lines().product_id

    def _med_rows(self, products=None):
        wanted, confirmed = defaultdict(float), self._med_confirmed()
        for (product, _lot), quantity in self._med_lines()._med_checkout_sums().items():
            wanted[product] += quantity
        done, names = defaultdict(float), defaultdict(set)
        for scan in self._med_live():
            names[scan.product_id.id].add(scan.lot_name or "")
        for (product, _lot), quantity in confirmed.items():
            done[product] += quantity
        return [
            self._med_product_row(product, "", wanted[product.id], done[product.id],
                                  sorted(names[product.id] - {""}))
            for product in self.env["product.product"].browse({**wanted, **done})
            if not products or product in products]

    # ------------------------------------------------------------------ one label

    def _med_take(self, code, quantity, product_id, source):
        self._med_check_open()
        self.lock_for_update()
        self._med_check_people(self._med_lines(), self.env.user)
        if package := self._med_package(code):
            return self._med_take_package(package, source)
        return super()._med_take(code, quantity, product_id, source)

    def _med_book(self, label, product, lot, di, amount):
        sums = self._med_lines()._med_checkout_sums()
        if product.id not in {one for one, _lot in sums}:
            raise UserError(self.env._(
                "%(document)s does not deliver %(product)s: take it out.",
                document=self.picking_id.name, product=product.display_name))
        lot = self._med_lot_out(label, product, lot, di)
        if lot is None:
            return None
        key = product.id, lot.id or 0
        if key not in sums:
            raise UserError(self.env._(
                "%(lot)s is not in %(document)s: take it out. Of %(product)s it delivers "
                "%(others)s.", lot=lot.name, document=self.picking_id.name,
                product=product.display_name, others=", ".join(
                    self.env["stock.lot"].sudo().browse(
                        [one for item, one in sums if item == product.id])[:5].mapped("name"))))
        rest = sums[key] - self._med_confirmed()[key]
        amount = amount or rest
        if round(rest - amount, DIGITS) < 0 or round(rest, DIGITS) <= 0:
            raise UserError(self.env._(
                "%(document)s delivers %(wanted)s of %(what)s, and %(rest)s of it are still to be "
                "confirmed.", document=self.picking_id.name, wanted=f"{sums[key]:g}",
                rest=f"{rest:g}", what=lot.name or product.display_name))
        return {"line": self.env["stock.move.line"], "lot": lot, "name": lot.name or "",
                "quantity": amount, "undo": {}, "doubts": []}

    def _med_unbook(self, scan):
        """Nothing but the scan itself was booked; of a carton, all that it confirmed goes."""
        if package := (scan.booked or {}).get("package"):
            others = self._med_live().filtered(
                lambda one: (one.booked or {}).get("package") == package) - scan
            others.write({"undone": True, "undone_date": fields.Datetime.now(),
                          "undone_uid": self.env.uid})

    def _med_undo(self, scan):
        self.lock_for_update()
        return super()._med_undo(scan)

    def _med_answer(self, product=None, scan=None, found=(), message="", choices=(), wanted=""):
        """As for every scanned document; ``rest`` is how much of this lot is still open,
        ``rest_packages`` the same in packages of the scanned kind."""
        answer = super()._med_answer(product, scan, found, message, choices, wanted)
        if not scan:
            return {**answer, "rest": 0.0, "rows": []}
        key = scan.product_id.id, scan.lot_id.id or 0
        open_now = self._med_lines()._med_checkout_sums().get(key, 0.0) - self._med_confirmed()[key]
        rest = max(open_now, 0.0)
        return {**answer, "rest": rest, "rest_packages": rest / (scan.di_id.base_quantity or 1),
                "rows": self._med_rows()}

    # ------------------------------------------------------------------ cartons

    def _med_package(self, code):
        """Return the carton of this delivery that bears a code: its name, or its SSCC."""
        text = code.strip().removeprefix("]C1").removeprefix("(00)")
        names = {text, code.strip()}
        if len(text) == 20 and text.isdecimal() and text.startswith("00"):
            names.add(text[2:])
        packages = self._med_lines().result_package_id
        packages |= packages.outermost_package_id
        return packages.filtered(lambda package: package.name in names)[:1]

    def _med_take_package(self, package, source):
        """Confirm what a carton holds, by the carton's own code."""
        inside = self._med_lines().filtered(
            lambda line: package in line.result_package_id | (
                line.result_package_id.outermost_package_id))
        left = {key: wanted - done for key, wanted, done in differences(
            self._med_lines()._med_checkout_sums(), self._med_confirmed())}
        rows = [(key, min(quantity, left.get(key, 0.0)))
                for key, quantity in inside._med_checkout_sums().items()]
        rows = [(key, quantity) for key, quantity in rows if round(quantity, DIGITS) > 0]
        if not rows:
            raise UserError(self.env._(
                "%(document)s: all of carton %(carton)s is confirmed already.",
                document=self.picking_id.name, carton=package.name))
        lots = self.env["stock.lot"].browse([lot for (_product, lot), _quantity in rows if lot])
        names = dict(zip(lots.ids, lots.mapped("name"), strict=True))
        scans = self.env["med.udi.scan"].sudo().create([{
            "checkout_id": self.id, "company_id": self.company_id.id, "code": package.name,
            "hri": package.name, "source": source, "user_id": self.env.uid,
            "product_id": product, "lot_id": lot, "lot_name": names.get(lot, ""),
            "quantity": quantity, "booked": {"package": package.id, "packages": 1},
        } for (product, lot), quantity in rows])
        answer = self._med_answer(scans[-1].product_id, scans[-1], message=self.env._(
            "Carton %(carton)s: %(count)s lots confirmed.", carton=package.name,
            count=len(scans)))
        return {**answer, "rest": 0.0, "booked": {
            **answer["booked"], "number": package.name, "quantity": float(len(scans)),
            "product": answer["message"], "uom": "", "batch": "", "expiration_date": "",
            "manufacturing_date": ""}}
