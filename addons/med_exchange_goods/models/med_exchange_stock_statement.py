from datetime import timedelta

from odoo import fields, models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange.tools.code import is_plain
from odoo.addons.med_signature.tools.permit import permit

from ..tools import figures

USABLE = ("released", "conditional")
LONGEST = 512  # characters of words that are shown

class MedExchangeStockStatement(models.AbstractModel):
    """Statements of stock in: stored, compared lot by lot, differences listed, nothing changed.

    Out goes what the comparison found, to who made the statement.
    """

    _name = "med.exchange.stock_statement"
    _description = "Exchanged Stock Statements"
    _inherit = "med.exchange.goods"
    _schema = "stock_statement"
    _model = "med.stock.statement"

    def _med_find(self, partner, object_ids):
        found = self.env["med.stock.statement"].search([
            ("exchange_partner_id", "=", partner.id), ("name", "in", list(object_ids)),
            ("state", "!=", "withdrawn")])
        return {one.name: one for one in found}

    def _med_export(self, records):
        products = self._med_product_codes(records.line_ids.product_id)
        return {one.id: {
            "number": one.name, "place": one.location_id.barcode or one.location_id.complete_name,
            "time": figures.time_text(one.moment), "complete": one.complete,
            "lines": [self._med_compact({
                "owner": line.owner_id and self._med_partner_code(line.owner_id),
                "product": products[line.product_id.id], "lot": line.lot_name,
                "quantity": self._med_quantity(line.theirs, line.uom_id), "place": line.bins,
                "status": line.their_status, "expires": figures.time_text(line.their_expiry),
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
        compare = self.env["med.exchange.stock.compare"]
        place = compare._med_place(partner, told.get("place") or "")
        if not place:
            raise Refused("/place", self.env._(
                "“%s” is no place where you keep goods of ours.", told.get("place") or ""))
        moment = self._med_time(told.get("time"), "/time") or item.event_time
        if not moment or moment > fields.Datetime.add(fields.Datetime.now(), minutes=5):
            raise Refused("/time", self.env._("Say as of when: a time that is past."))
        name = told.get("number") or item.object_id
        # One number is one statement, whatever codes it comes under.
        self.env["med.turn"].sudo()._take(
            self._med_turns(partner.company_id), [f"{partner.id}/{name}"])
        standing = self.env["med.stock.statement"].search_count([
            ("exchange_partner_id", "=", partner.id), ("name", "=", name),
            ("state", "!=", "withdrawn")], limit=1)
        if standing or item.record and item.record.state != "withdrawn":
            raise Refused("/number", self.env._(
                "%s is here already: send a new statement under a number of its own.", name))
        rows = self._med_rows(partner, told, compare._med_on_hand(place, moment))
        self._med_compare_lots(rows)
        differs = any(row["status_differs"] or row["expiry_differs"]
                      or row["product"].uom_id.compare(row["theirs"], row["ours"]) for row in rows)
        with permit("med.stock.statement", (), "state"):
            statement = self.env["med.stock.statement"].create({
                "name": name, "exchange_partner_id": partner.id,
                "company_id": partner.company_id.id, "location_id": place.id,
                "complete": bool(told.get("complete")), "moment": moment,
                "compared_at": fields.Datetime.now(), "explanation": False,
                "state": "differs" if differs else "same"})
        with permit("med.stock.statement.line", (), "born"):
            self.env["med.stock.statement.line"].create([{
                "statement_id": statement.id, "product_id": row["product"].id,
                "lot_id": row["lot"].id, "lot_name": row["name"], "theirs": row["theirs"],
                "ours": row["ours"], "owner_id": row["owner"].id, "stated": row["stated"],
                **{name: row[name] for name in (
                    "bins", "their_status", "our_status", "status_differs", "their_expiry",
                    "expiry_differs")}} for row in rows])
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
        said, words, Lot = {}, {}, self.env["stock.lot"]
        lines = told["lines"]
        products = self.env["med.exchange.product"]._med_find(
            partner, list({one["product"] for one in lines}))
        owners = self.env["med.exchange.organisation"]._med_find(
            partner, list({one["owner"] for one in lines if one.get("owner")}))
        lots = {(lot.product_id, lot.name): lot for lot in Lot.search([
            ("product_id", "in", [one.id for one in products.values()]),
            ("name", "in", list({one["lot"] for one in lines if one.get("lot")})),
            ("company_id", "in", [False, partner.company_id.id])], order="id desc")}
        for place, one in enumerate(lines):
            pointer = f"/lines/{place}"
            owner = self._med_owner(owners, one.get("owner"), f"{pointer}/owner")
            product = products.get(one["product"])
            if not product:
                raise Refused(f"{pointer}/product", self.env._(
                    "“%s” is not known here.", one["product"]))
            name = one.get("lot") or ""
            if name and not is_plain(name):
                raise Refused(f"{pointer}/lot", self.env._(
                    "The lot has blanks around it, characters that are not seen, or is not "
                    "composed (NFC)."))
            lot = lots.get((product, name), Lot)
            key = owner, product, lot, name
            said[key] = said.get(key, 0) + self._med_amount(
                one["quantity"], product.uom_id, f"{pointer}/quantity")
            expiry = self._med_time(one.get("expires"), f"{pointer}/expires")
            words.setdefault(key, []).append((one.get("place"), one.get("status"), expiry))
        rows = [{"owner": owner, "product": product, "lot": lot, "name": name, "stated": True,
                 "theirs": amount, "words": words[owner, product, lot, name],
                 "ours": ours.get((owner, product, lot), 0) if lot or not name else 0}
                for (owner, product, lot, name), amount in said.items()]
        told_of = {(row["owner"], row["product"], row["lot"]) for row in rows
                   if row["lot"] or not row["name"]}
        return rows + [{"owner": owner, "product": product, "lot": lot, "name": lot.name or "",
                        "stated": False, "theirs": 0, "ours": amount, "words": []}
                       for (owner, product, lot), amount in ours.items()
                       if told.get("complete") and (owner, product, lot) not in told_of]

    def _med_compare_lots(self, rows):
        """Fill in what is said of each lot besides how much there is, and whether it contradicts
        what is known here: its expiry, and whether it may be used."""
        for row in rows:
            lot, words = row["lot"], row.pop("words")
            texts = [list(dict.fromkeys(filter(None, some))) for some in zip(*words, strict=True)]
            bins, statuses, expiries = texts or ([], [], [])
            ours = lot.expiration_date if lot else False
            usable = None if not lot.med_status else (
                lot.med_status in USABLE and not lot.med_hold_count)
            row.update(
                bins=figures.joined(bins, LONGEST), their_status=figures.joined(statuses, LONGEST),
                our_status=lot.med_status or False,
                status_differs=any(self._med_contradicts(lot, usable, one) for one in statuses),
                their_expiry=min(expiries) if expiries else False,
                # A day apart may be the time zone alone.
                expiry_differs=bool(ours) and any(
                    abs(ours - one) > timedelta(days=1) for one in expiries))

    def _med_contradicts(self, lot, usable, status):
        """Return whether a status in the warehouse's own words contradicts ours. What its words
        mean is known of some; the others are shown beside ours, and a person reads them.

        A lot that is held keeps its status here: “released” is then the same word, and wrong.
        """
        if usable is None:
            return False
        if status in dict(lot._fields["med_status"].selection):
            return status != lot.med_status or (status in USABLE) != usable
        said = figures.usable(status)
        return said is not None and said != usable

    def _med_owner(self, owners, code, pointer):
        """Return whose goods a line is about; nobody: our own."""
        if not code:
            return self.env["res.partner"]
        found = owners.get(code)
        if not found:
            raise Refused(pointer, self.env._("“%s” is not known here.", code))
        return found

    def _med_compensate(self, partner, record, before, message):
        record._med_store({"state": "withdrawn"})
        record.activity_ids.unlink()
        return self.env._("%s is withdrawn; no stock was changed by it.", record.name)
