from odoo import fields, models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange_goods.tools import figures
from odoo.addons.med_signature.tools.permit import permit
from odoo.tools import email_normalize

BUYER = ("code", "name", "city", "address", "phone", "email", "licence")


class MedExchangeSaleOn(models.AbstractModel):
    """Onward sales, as dealers report them. They move no stock and change no lot."""

    _name = "med.exchange.sale_on"
    _description = "Exchanged Onward Sales"
    _inherit = "med.exchange.goods"
    _schema = "sale_on"
    _model = "med.sale.on"

    def _med_find(self, partner, object_ids):
        found = self.env["med.sale.on"].search([
            ("exchange_partner_id", "=", partner.id), ("name", "in", list(object_ids))])
        return {one.name: one for one in found}

    def _med_export(self, records):
        products = self._med_product_codes(records.line_ids.product_id)
        return {one.id: self._med_compact({
            "number": one.name, "kind": one.kind, "time": figures.time_text(one.moment),
            "document": one.document,
            "buyer": self._med_compact({
                **{name: one[f"buyer_{name}"] for name in BUYER},
                "country": one.buyer_country_id.code}),
            "lines": [self._med_compact({
                "product": products[line.product_id.id], "lot": line.lot_id.name,
                "quantity": self._med_quantity(line.quantity, line.uom_id),
                "device_identifier": line.device_identifier})
                for line in one.line_ids.sorted("id")]}) for one in records}

    def _med_of_party(self, partner, records, members):
        return records.filtered(lambda one: one.partner_id in members)

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told, sale = item.payload, item.record
        if sale and sale.exchange_partner_id != partner:
            raise Refused("", self.env._("Nothing of yours is known here by this code."))
        values = self._med_values(partner, told)
        rows = self._med_rows(partner, told)
        if sale:
            sale._med_store({**values, "state": "reported"})
        else:
            if self._med_find(partner, [told["number"]]):
                raise Refused("/number", self.env._(
                    "%s is reported already, under another code.", told["number"]))
            with permit("med.sale.on", (), "born"):
                sale = self.env["med.sale.on"].create({
                    **values, "exchange_partner_id": partner.id, "state": "reported",
                    "company_id": partner.company_id.id,
                    "partner_id": partner.partner_id.commercial_partner_id.id})
        self._med_write_lines(partner, sale, rows)
        return sale

    def _med_values(self, partner, told):
        moment = self._med_time(told["time"], "/time")
        if moment > fields.Datetime.add(fields.Datetime.now(), minutes=5):
            raise Refused("/time", self.env._("It lies in the future."))
        buyer = told["buyer"]
        if buyer.get("email") and not email_normalize(buyer["email"]):
            raise Refused("/buyer/email", self.env._(
                "“%s” is no e-mail address.", buyer["email"]))
        country = self.env["res.country"].search([("code", "=", buyer.get("country") or "")])
        if buyer.get("country") and not country:
            raise Refused("/buyer/country", self.env._(
                "“%s” is no country.", buyer["country"]))
        return {
            "name": told["number"], "kind": told.get("kind") or "sale", "moment": moment,
            "document": told.get("document") or False, "buyer_country_id": country.id,
            **{f"buyer_{name}": buyer.get(name) or False for name in BUYER}}

    def _med_rows(self, partner, told):
        rows = {}
        for place, one in enumerate(told["lines"]):
            pointer = f"/lines/{place}"
            lot = self._med_lot_named(partner, one, pointer)
            if lot in rows:
                raise Refused(f"{pointer}/lot", self.env._("%s stands here twice.", lot.name))
            rows[lot] = self._med_amount(
                one["quantity"], lot.product_uom_id, f"{pointer}/quantity"), self._med_di(
                    lot.product_id, one.get("device_identifier"), pointer)
            if not rows[lot][0]:
                raise Refused(f"{pointer}/quantity", self.env._("Nothing is no sale."))
        return rows

    def _med_di(self, product, told, pointer):
        """Return the device identifier of the package that was sold; refuse another product's."""
        known = product.sudo().med_di_ids.filtered(lambda one: one.state != "draft").mapped("name")
        if told and told not in known:
            raise Refused(f"{pointer}/device_identifier", self.env._(
                "“%(told)s” is no device identifier of %(product)s here.", told=told,
                product=self._med_product_codes(product)[product.id]))
        return told or False

    def _med_write_lines(self, partner, sale, rows):
        """Write the lines, unless they are those that stand there."""
        if {line.lot_id: (line.quantity, line.device_identifier or False)
                for line in sale.line_ids} == rows:
            return
        sale.line_ids._med_supersede()
        sale.invalidate_recordset(["line_ids"])
        Line = self.env["med.sale.on.line"]
        with permit(Line._name, (), "born"):
            lines = Line.create([{"sale_id": sale.id, "lot_id": lot.id, "quantity": amount,
                                  "device_identifier": di, "excess": False}
                                 for lot, (amount, di) in rows.items()])
        self._med_mark_excess(partner, sale, lines)
        self._med_tell(sale)

    def _med_mark_excess(self, partner, sale, lines):
        """Mark what was sold beyond what was delivered, and have somebody look."""
        members = self.env["res.partner"].with_context(active_test=False).search(
            [("id", "child_of", sale.partner_id.id)])
        got = self._med_got(partner, members, lines.lot_id)
        sold = dict(self.env["med.sale.on.line"]._read_group(
            [("lot_id", "in", lines.lot_id.ids), ("company_id", "=", sale.company_id.id),
             ("sale_id.partner_id", "=", sale.partner_id.id), ("sale_id.state", "=", "reported")],
            ["lot_id"], ["signed_quantity:sum"]))
        excess = lines.filtered(
            lambda one: one.uom_id.compare(sold.get(one.lot_id, 0.0), got.get(one.lot_id, 0.0)) > 0)
        if not excess:
            return
        with permit(excess._name, excess.ids, ("excess",)):
            excess.write({"excess": True})
        partner._med_alarm(
            self.env._("%(code)s has sold on more than it got", code=partner.code),
            self.env._("%(number)s: %(lots)s", number=sale.name, lots=", ".join(
                excess[:20].lot_id.mapped("name"))))

    def _med_got(self, partner, members, lots):
        """Return ``{lot: how much was delivered to the organisation and not sent back}``."""
        got = {}
        for line in self._med_touched(partner, members, "lot_id", lots.ids):
            away = line.location_dest_id.usage == "customer"
            back = line.location_id.usage == "customer"
            if away != back:
                got[line.lot_id] = got.get(line.lot_id, 0.0) + (
                    line.quantity_product_uom if away else -line.quantity_product_uom)
        return got

    def _med_compensate(self, partner, record, before, message):
        if before:
            self._med_apply(partner, [message._med_item(before, record)])
            return self.env._("%s says again what it said before the message.", record.name)
        record._med_store({"state": "withdrawn"})
        return self.env._("%s is withdrawn.", record.name)
