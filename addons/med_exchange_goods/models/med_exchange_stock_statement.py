from odoo import fields, models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_signature.tools.permit import permit

from ..tools import figures


class MedExchangeStockStatement(models.AbstractModel):
    """Statements of stock in: stored, compared lot by lot, differences listed, nothing changed.

    Out goes what the comparison found, to who made the statement.
    """

    _name = "med.exchange.stock_statement"
    _description = "Exchanged Stock Statements"
    _inherit = "med.exchange.goods"
    _schema = "stock_statement"
    _model = "med.stock.statement"
    _unread = ("/lines/-/status", "/lines/-/expires")

    def _med_find(self, partner, object_ids):
        found = self.env["med.stock.statement"].search([
            ("exchange_partner_id", "=", partner.id), ("name", "in", list(object_ids))])
        return {one.name: one for one in found}

    def _med_export(self, records):
        products = self._med_product_codes(records.line_ids.product_id)
        return {one.id: {
            "number": one.name, "place": one.location_id.barcode or one.location_id.complete_name,
            "time": figures.time_text(one.moment), "complete": one.complete,
            "lines": [self._med_compact({
                "owner": line.owner_id and self._med_partner_code(line.owner_id),
                "product": products[line.product_id.id], "lot": line.lot_name,
                "quantity": self._med_quantity(line.theirs, line.uom_id),
            }) for line in one.line_ids if line.stated],
        } for one in records}

    def _med_reachable(self, partner, records):
        """Whoever keeps goods hears of his own statements alone."""
        return records.filtered(lambda one: one.exchange_partner_id == partner)

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told = item.payload
        if item.record:
            raise Refused("/number", self.env._(
                "%s is here already: send a new statement under a number of its own.",
                item.record.name))
        compare = self.env["med.exchange.stock.compare"]
        place = compare._med_place(partner, told.get("place") or "")
        if not place:
            raise Refused("/place", self.env._(
                "“%s” is no place where you keep goods of ours.", told.get("place") or ""))
        moment = self._med_time(told.get("time"), "/time") or item.event_time
        if not moment or moment > fields.Datetime.add(fields.Datetime.now(), minutes=5):
            raise Refused("/time", self.env._("Say as of when: a time that is past."))
        rows = self._med_rows(partner, told, compare._med_on_hand(place))
        differs = any(row["product"].uom_id.compare(row["theirs"], row["ours"]) for row in rows)
        with permit("med.stock.statement", (), "state"):
            statement = self.env["med.stock.statement"].create({
                "name": told.get("number") or item.object_id, "exchange_partner_id": partner.id,
                "company_id": partner.company_id.id, "location_id": place.id,
                "complete": bool(told.get("complete")), "moment": moment,
                "compared_at": fields.Datetime.now(), "explanation": False,
                "state": "differs" if differs else "same"})
        with permit("med.stock.statement.line", (), "born"):
            self.env["med.stock.statement.line"].create([{
                "statement_id": statement.id, "product_id": row["product"].id,
                "lot_id": row["lot"].id, "lot_name": row["name"], "theirs": row["theirs"],
                "ours": row["ours"], "owner_id": row["owner"].id, "stated": row["stated"]}
                for row in rows])
        if differs:
            self._med_ask(partner, statement)
        self._med_tell(statement)
        return statement

    def _med_ask(self, partner, statement):
        statement.activity_schedule(
            "mail.mail_activity_data_todo", summary=self.env._("Find out why the stock differs"),
            user_id=(partner.responsible_id or self.env.ref("base.user_admin")).id,
            note=self.env._("%(partner)s and our records differ in %(count)s lots.",
                            partner=partner.name, count=statement.difference_count))

    def _med_rows(self, partner, told, ours):
        """Return each owner's product and lot that either side has, with both quantities.

        A lot that is not known here is kept by the name it was stated with: that is a
        difference, not an error. A product, owner or unit that is not known is an error. Several
        bins of one lot add up.
        """
        said, Lot = {}, self.env["stock.lot"]
        for place, one in enumerate(told["lines"]):
            pointer = f"/lines/{place}"
            owner = self._med_owner(partner, one.get("owner"), f"{pointer}/owner")
            product = self.env["med.exchange.product"]._med_find(
                partner, [one["product"]]).get(one["product"])
            if not product:
                raise Refused(f"{pointer}/product", self.env._(
                    "“%s” is not known here.", one["product"]))
            name = one.get("lot") or ""
            lot = name and Lot.search([
                ("product_id", "=", product.id), ("name", "=", name),
                ("company_id", "in", [False, partner.company_id.id])], limit=1) or Lot
            key = owner, product, lot, name
            said[key] = said.get(key, 0) + self._med_amount(
                one["quantity"], product.uom_id, f"{pointer}/quantity")
        rows = [{"owner": owner, "product": product, "lot": lot, "name": name, "stated": True,
                 "theirs": amount,
                 "ours": ours.get((owner, product, lot), 0) if lot or not name else 0}
                for (owner, product, lot, name), amount in said.items()]
        told_of = {(row["owner"], row["product"], row["lot"]) for row in rows
                   if row["lot"] or not row["name"]}
        return rows + [{"owner": owner, "product": product, "lot": lot, "name": lot.name or "",
                        "stated": False, "theirs": 0, "ours": amount}
                       for (owner, product, lot), amount in ours.items()
                       if told.get("complete") and (owner, product, lot) not in told_of]

    def _med_owner(self, partner, code, pointer):
        """Return whose goods a line is about; nobody: our own."""
        if not code:
            return self.env["res.partner"]
        found = self.env["med.exchange.organisation"]._med_find(partner, [code]).get(code)
        if not found:
            raise Refused(pointer, self.env._("“%s” is not known here.", code))
        return found

    def _med_compensate(self, partner, record, before, message):
        record._med_store({"state": "withdrawn"})
        record.activity_ids.unlink()
        return self.env._("%s is withdrawn; no stock was changed by it.", record.name)
