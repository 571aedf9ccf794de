from odoo import fields, models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange.tools.code import is_plain
from odoo.fields import Domain

from ..tools import figures

LONGEST = 20_000  # characters of a note
DECIDED = ("released", "conditional", "rejected")


class MedExchangeLot(models.AbstractModel):
    """Lots and serials. What they are called and when they expire may come from outside; what
    they may be used for is decided here."""

    _name = "med.exchange.lot"
    _description = "Exchanged Lots"
    _inherit = "med.exchange.goods"
    _schema = "lot"
    _model = "stock.lot"

    def _med_find(self, partner, object_ids):
        pairs = {code: figures.splits(code) for code in object_ids}
        products = self.env["med.exchange.product"]._med_find(
            partner, {product for several in pairs.values() for product, _name in several})
        wanted = {(products[product].id, name): code for code, several in pairs.items()
                  for product, name in several if product in products}
        numbers = {int(code[4:]): code for code in object_ids
                   if code.startswith("lot-") and code[4:].isdecimal() and len(code) < 14}
        found = self.env["stock.lot"].search(
            (Domain("product_id", "in", [product for product, _name in wanted])
             & Domain("name", "in", [name for _product, name in wanted])
             | Domain("id", "in", list(numbers)))
            & Domain("company_id", "in", [False, partner.company_id.id]))
        codes = self._med_object_id(found)
        known = {wanted[one.product_id.id, one.name]: one for one in found
                 if (one.product_id.id, one.name) in wanted}
        return known | {codes[one.id]: one for one in found
                        if numbers.get(one.id) == codes[one.id]}

    def _med_object_id(self, records):
        products = self._med_product_codes(records.product_id)
        return {one.id: figures.lot_code(products[one.product_id.id], one.name, one.id)
                for one in records}

    def _med_export(self, records):
        products = self._med_product_codes(records.product_id)
        parts = self._med_parts(records)
        return {one.id: self._med_compact({
            "product": products[one.product_id.id], "lot": one.name, "reference": one.ref,
            "batch": one.med_batch, "tracking": one.product_id.tracking,
            "supplier": one.med_supplier_id and self._med_partner_code(one.med_supplier_id),
            "supplier_lot": one.med_supplier_lot,
            "manufactured": one.med_manufactured and one.med_manufactured.isoformat(),
            "expires": figures.time_text(one.expiration_date),
            "status": one.med_status, "held": bool(one.med_hold_count),
            "revision": self._med_revision(one), "part_of": parts.get(one.id),
        }) for one in records}

    def _med_parts(self, lots):
        """Return ``{lot id: [lots of the same product that it was split or merged from]}``.

        What a device was made of is told with its order, which its consignees do not hear of.
        """
        found = {}
        for edge in self.env["med.genealogy.walk"]._edges(lots.ids, False, 1) if lots else ():
            if edge.source > 0 and edge.target > 0:
                found.setdefault(edge.target, {})[edge.source] = edge
        sources = self.env["stock.lot"].browse({one for row in found.values() for one in row})
        codes = self._med_product_codes(sources.product_id)
        by_id = {one.id: one for one in sources | lots}
        return {target: sorted(({
            "product": codes[by_id[source].product_id.id], "lot": by_id[source].name,
            "exact": edge.exact} for source, edge in row.items()
            if by_id[source].product_id == by_id[target].product_id),
            key=lambda told: told["lot"]) for target, row in found.items() if target in by_id}

    def _med_of_party(self, partner, records, members):
        own = records.filtered(lambda one: one.med_supplier_id in members)
        own |= self._med_touched(partner, members, "lot_id", (records - own).ids).lot_id
        if "subcontractor_id" in self.env["mrp.production"]._fields and (rest := records - own):
            orders = self.env["mrp.production"].search([
                ("subcontractor_id", "in", members.ids), ("state", "=", "done"),
                ("company_id", "=", partner.company_id.id), "|",
                ("move_finished_ids.move_line_ids.lot_id", "in", rest.ids),
                ("move_raw_ids.move_line_ids.lot_id", "in", rest.ids)])
            moves = orders.move_finished_ids | orders.move_raw_ids
            own |= rest & moves.move_line_ids.filtered(lambda line: line.state == "done").lot_id
        return own

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        self._med_claim(partner, [item.payload for item in items if not item.record])
        done = []
        for item in items:
            told, lot = item.payload, item.record
            if lot:
                self._med_check_reachable(partner, lot)
            product = self._med_product_of(partner, told, lot)
            if told.get("tracking", product.tracking) != product.tracking:
                raise Refused("/tracking", self.env._(
                    "Here it is told apart by “%s”.", product.tracking))
            self._med_check_status(told, lot)
            self._med_check_revision(told.get("revision"), lot or product, lots=[told["lot"]])
            values = self._med_values(partner, told)
            if lot:
                values = {name: value for name, value in values.items() if lot[name] != value}
                if values and lot.med_status in DECIDED:
                    raise Refused("", self.env._(
                        "%s is decided already: what its label says is not changed from outside.",
                        lot.name))
                lot.write(values)
            else:
                self._med_check_new(partner, product, told["lot"])
                lot = self._med_carry_out("/lot", self.env["stock.lot"].create, {
                    **values, "name": told["lot"], "product_id": product.id,
                    "company_id": partner.company_id.id})
            self._med_note(partner, told, lot)
            done.append(lot)
        return done

    def _med_claim(self, partner, new):
        """Let no other message make these lots meanwhile: Odoo's own look for a lot of the same
        name sees what was there when the transaction began."""
        products = self.env["med.exchange.product"]._med_find(
            partner, {told["product"] for told in new}) if new else {}
        if codes := [f"{products[told['product']].id}/{told['lot']}" for told in new
                     if told["product"] in products]:
            self.env["med.turn"].sudo()._take(self._med_turns(partner.company_id), codes)

    def _med_check_new(self, partner, product, name):
        """A lot of others is not known; that it cannot be made is told in the same words."""
        if not is_plain(name):
            raise Refused("/lot", self.env._(
                "The lot has blanks around it, characters that are not seen, or is not composed "
                "(NFC)."))
        if self.env["stock.lot"].search_count([
                ("product_id", "=", product.id), ("name", "=", name),
                ("company_id", "in", [False, partner.company_id.id])], limit=1):
            raise Refused("/lot", self.env._("The lot “%s” is not known here.", name))

    def _med_note(self, partner, told, lot):
        """Log what a partner says of a lot's origin and papers: genealogy here follows from
        posted moves alone, and papers are checked at the inspection."""
        texts = {
            "part_of": self.env._("The partner says that it is part of: %s"),
            "made_of": self.env._("The partner says that it was made of: %s"),
            "certificates": self.env._("The partner names these certificates: %s")}
        for name, text in texts.items():
            if rows := told.get(name):
                lot._message_log(body=f"{partner.name}: " + text % figures.joined(
                    map(self._med_said, rows), LONGEST))

    def _med_said(self, one):
        """Return a lot with its quantity, or a certificate with the SHA-256 of its file, which
        tells later whether a paper is the one that was meant."""
        if "number" in one:
            return " ".join(filter(None, (one["number"], one.get("digest"))))
        amount = one.get("quantity")
        words = [f"{one.get('product')}/{one['lot']}"]
        words += [f"{amount['value']} {amount['unit']}"] if amount else []
        words += [self.env._("(possibly)")] if one.get("exact") is False else []
        return " ".join(words)

    def _med_product_of(self, partner, told, lot):
        product = self.env["med.exchange.product"]._med_find(
            partner, [told["product"]]).get(told["product"])
        if lot and (product != lot.product_id or told["lot"] != lot.name):
            raise Refused("/product" if product != lot.product_id else "/lot", self.env._(
                "The lot is %(lot)s of %(product)s: neither is changed.", lot=lot.name,
                product=self._med_product_codes(lot.product_id)[lot.product_id.id]))
        if not product or product.tracking == "none":
            raise Refused("/product", self.env._(
                "“%s” is no product with lots here.", told["product"]))
        if not lot and not self.env["med.exchange.product"]._med_reachable(partner, product):
            raise Refused("/product", self.env._(
                "“%s” is no product with lots here.", told["product"]))
        return product

    def _med_check_status(self, told, lot):
        ours = lot.med_status or "quarantine"
        if told.get("status", ours) != ours:
            raise Refused("/status", self.env._(
                "The status of a lot is decided here by signature; it is “%s”.", ours))
        if "held" in told and told["held"] != bool(lot.med_hold_count):
            raise Refused("/held", self.env._("Send a hold: a lot is not held by itself."))

    def _med_values(self, partner, told):
        values = {"ref": told.get("reference") or False, "med_batch": told.get("batch") or False,
                  "med_supplier_lot": told.get("supplier_lot") or False,
                  "med_manufactured": fields.Date.to_date(told.get("manufactured") or None)
                  or False, "expiration_date": self._med_time(told.get("expires"), "/expires")}
        if values["med_manufactured"] and values["expiration_date"] and (
                values["expiration_date"].date() < values["med_manufactured"]):
            raise Refused("/expires", self.env._("It expires before it was made."))
        if code := told.get("supplier"):
            handler = self.env["med.exchange.organisation"]
            supplier = handler._med_find(partner, [code]).get(code)
            if not supplier or partner.goods_scope != "all" and (
                    supplier.commercial_partner_id != partner.partner_id.commercial_partner_id):
                raise Refused("/supplier", self.env._("“%s” is not known here.", code))
            values["med_supplier_id"] = supplier.id
        elif partner.goods_scope != "all" and told.get("supplier_lot"):
            values["med_supplier_id"] = partner.partner_id.commercial_partner_id.id
        return values

    def _med_compensate(self, partner, record, before, message):
        if not before:
            raise Refused("", self.env._(
                "%s stays: a lot is never removed. It is in quarantine until somebody decides.",
                record.name))
        self._med_apply(partner, [message._med_item(before, record)])
        return self.env._("%s says again what it said before the message.", record.name)
