from datetime import timedelta

from odoo import models
from odoo.addons.med_exchange.exceptions import Refused

from ..tools import figures

CONTAINERS = 256  # characters that the schema allows


class MedExchangeShipment(models.AbstractModel):
    """Goods that left: to consignees, back to suppliers, to processors.

    What comes in confirms a shipment of ours that is posted; it posts none.
    """

    _name = "med.exchange.shipment"
    _description = "Exchanged Shipments"
    _inherit = "med.exchange.goods"
    _schema = "shipment"
    _model = "stock.picking"
    _unread = ("/origin", "/consignee_name", "/shipped", "/lines/-/containers")

    def _med_find(self, partner, object_ids):
        found = self.env["stock.picking"].search([
            ("name", "in", list(object_ids)), ("company_id", "=", partner.company_id.id)])
        found = self._med_shipments(found)
        return {one.name: one for one in found}

    def _med_shipments(self, pickings):
        """Return those that take goods out of our hands."""
        def away(place):
            return place.usage in ("customer", "supplier") or (
                "is_subcontracting_location" in place._fields and place.is_subcontracting_location)
        return pickings.filtered(lambda one: away(one.location_dest_id) and (
            one.location_id.usage == "internal" and not away(one.location_id)))

    def _med_export(self, records):
        products = self._med_product_codes(records.move_ids.product_id)
        return {one.id: {"lines": []} | self._med_compact({
            "number": one.name, "state": one.state, "origin": one.origin,
            "consignee": one.partner_id and self._med_partner_code(one.partner_id),
            "consignee_name": one.partner_id.commercial_partner_id.name,
            "shipped": figures.time_text(one.date_done) if one.state == "done" else "",
            **self._med_carrier(one),
            "lines": [self._med_compact(row) for row in self._med_lines(one, products)],
        }) for one in records}

    def _med_by_carrier(self, picking):
        """Return whether Odoo's addon of deliveries knows who carries it."""
        return "carrier_tracking_ref" in picking._fields and bool(picking.carrier_id)

    def _med_carrier(self, picking):
        """Return who carries it under which number: of Odoo's addon of deliveries where that
        knows it, else as whoever carries it has confirmed it."""
        if self._med_by_carrier(picking):
            return {"carrier": picking.carrier_id.with_context(lang=None).name,
                    "tracking": picking.carrier_tracking_ref}
        return {"carrier": picking.med_carrier, "tracking": picking.med_tracking}

    def _med_lines(self, picking, products):
        """Return one row a product and lot; quantities add up in the product's unit."""
        sums, packages = {}, {}
        for line in picking.move_line_ids.filtered(lambda one: one.state == "done"):
            key = line.product_id, line.lot_id
            sums[key] = sums.get(key, 0) + line.quantity_product_uom
            packages.setdefault(key, set()).update(line.result_package_id.mapped("name"))
        return [{"product": products[product.id], "lot": lot.name,
                 "expires": figures.time_text(lot.expiration_date),
                 "quantity": self._med_quantity(amount, product.uom_id),
                 "containers": figures.joined(sorted(packages[product, lot]), CONTAINERS)}
                for (product, lot), amount in sorted(
                    sums.items(), key=lambda row: (row[0][0].id, row[0][1].id))]

    def _med_of_party(self, partner, records, members):
        """A shipment that serves several consignees is told to none of them."""
        return records.filtered(lambda one: (
            one.partner_id | one.move_ids.partner_id) and not (
                (one.partner_id | one.move_ids.partner_id) - members))

    def _med_may_know(self, partner, records):
        return super()._med_may_know(
            partner, self._med_shipments(records.filtered(lambda one: one.state == "done")))

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        done = []
        for item in items:
            told = item.payload
            picking = item.record or self._med_named(
                partner, self._schema, told.get("number") or item.object_id, "/number")
            self._med_check_reachable(partner, picking)
            if picking.state != "done":
                raise Refused("/number", self.env._(
                    "%s is not posted: the warehouse posts it here, and it is confirmed then.",
                    picking.name))
            self._med_check_head(partner, picking, told)
            self._med_check_same(picking, told)
            self._med_take_carrier(picking, told)
            picking._message_log(body=self.env._(
                "%(partner)s confirms this shipment, lot by lot.", partner=partner.name))
            done.append(picking)
        return done

    def _med_check_head(self, partner, picking, told):
        if told.get("state", picking.state) != picking.state:
            raise Refused("/state", self.env._(
                "%(shipment)s is “%(ours)s” here: only that can be confirmed.",
                shipment=picking.name, ours=picking.state))
        code = told.get("consignee")
        if code and code != self._med_partner_code(picking.partner_id):
            found = self.env["med.exchange.organisation"]._med_find(partner, [code]).get(code)
            if not found or found not in picking.partner_id | (
                    picking.partner_id.commercial_partner_id):
                raise Refused("/consignee", self.env._(
                    "%(shipment)s did not go to “%(consignee)s”.", shipment=picking.name,
                    consignee=code))

    def _med_take_carrier(self, picking, told):
        """Take over who carries it where nothing is known; refuse another than is known."""
        ours = self._med_carrier(picking)
        for name in ("carrier", "tracking"):
            said, known = (told.get(name) or "").strip(), (ours[name] or "").strip()
            if said and known and said.casefold() != known.casefold():
                raise Refused(f"/{name}", self.env._(
                    "%(shipment)s goes by “%(ours)s” here, not by “%(theirs)s”.",
                    shipment=picking.name, ours=known, theirs=said))
        # It is written where it is read: else it would never be told, nor met again.
        places = {"carrier": "med_carrier", "tracking": (
            "carrier_tracking_ref" if self._med_by_carrier(picking) else "med_tracking")}
        new = {field: told[name].strip() for name, field in places.items()
               if (told.get(name) or "").strip() and not ours[name]}
        if new:
            picking.write(new)

    def _med_check_expiry(self, lot, told, pointer):
        """Refuse an expiry that is not the lot's; a day apart may be the time zone alone."""
        said = self._med_time(told.get("expires"), pointer)
        ours = lot.expiration_date if lot else False
        if said and ours and abs(ours - said) > timedelta(days=1):
            raise Refused(pointer, self.env._(
                "%(lot)s expires at %(ours)s.", lot=lot.name, ours=figures.time_text(ours)))

    def _med_check_same(self, picking, told):
        products = self._med_product_codes(picking.move_ids.product_id)
        lines = picking.move_line_ids.filtered(lambda one: one.state == "done")
        left, lots = {}, {}
        for line in lines:
            key = products[line.product_id.id], line.lot_id.name or ""
            lots[key] = line.lot_id
            amount, _product = left.get(key, (0, None))
            left[key] = amount + line.quantity_product_uom, line.product_id
        for place, one in enumerate(told["lines"]):
            key = one["product"], one.get("lot") or ""
            if key not in left:
                raise Refused(f"/lines/{place}", self.env._(
                    "“%(lot)s” was not in %(shipment)s.", lot=key[1] or key[0],
                    shipment=picking.name))
            amount, product = left[key]
            self._med_check_expiry(lots.get(key), one, f"/lines/{place}/expires")
            said = self._med_amount(one["quantity"], product.uom_id, f"/lines/{place}/quantity")
            left[key] = amount - said, product
        for (code, lot), (rest, product) in left.items():
            if product.uom_id.compare(rest, 0):
                raise Refused("/lines", self.env._(
                    "%(what)s: it differs by %(rest)s from what was shipped.", what=lot or code,
                    rest=figures.text_of(rest)))

    def _med_compensate(self, partner, record, before, message):
        record._message_log(body=self.env._(
            "%s takes its confirmation of this shipment back.", partner.name))
        return self.env._("%s stays as it was posted; the confirmation is taken back.",
                          record.name)
