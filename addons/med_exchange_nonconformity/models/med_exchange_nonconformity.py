from odoo import fields, models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange_goods.tools import figures

DECIDED = ("decided", "closed")


class MedExchangeNonconformity(models.AbstractModel):
    """Nonconformities. A partner reports them; they are evaluated, decided and closed here, each
    by signature."""

    _name = "med.exchange.nonconformity"
    _description = "Exchanged Nonconformities"
    _inherit = "med.exchange.goods"
    _schema = "nonconformity"
    _model = "med.nonconformity"

    def _med_export(self, records):
        products = self._med_product_codes(records.product_id | records.line_ids.lot_id.product_id)
        return {one.id: self._med_compact({
            # Its own number tells the partner which report it is; the object's code is ours.
            "number": one.partner_number or one.name, "state": one.state, "source": one.source,
            "summary": one.summary, "description": one.description,
            "defect_class": one.defect_class, "seen": figures.time_text(one.event_time),
            "reported": figures.time_text(one.reported_at),
            "product": products.get(one.product_id.id),
            "supplier": one.partner_id and self._med_partner_code(one.partner_id),
            "order": one.production_id.name, "shipment": one.picking_id.name,
            "lots": [self._med_told_line(line, products) for line in one.line_ids.sorted("id")],
        }) for one in records}

    def _med_told_line(self, line, products):
        """Return a lot as it is told: what becomes of it, once that is signed."""
        decided = line.state in DECIDED
        return self._med_compact({
            "product": products[line.lot_id.product_id.id], "lot": line.lot_id.name,
            "quantity": self._med_quantity(
                line.reported_quantity if line.told else line.quantity, line.uom_id)
            if line.reported_quantity or not line.told else None,
            "basis": line.basis, "decision": decided and line.decision,
            "note": line.reported_note or decided and line.note})

    def _med_of_party(self, partner, records, members):
        """A party hears of one that is about it or that it reported, and only where every lot of
        it is one that it had to do with: others' lots stand in the same object."""
        mine = records.filtered(
            lambda one: one.partner_id in members
            or one.exchange_partner_id.partner_id.commercial_partner_id in members)
        lots = mine.line_ids.lot_id
        known = self.env["med.exchange.lot"]._med_of_party(partner, lots, members)
        return mine.filtered(lambda one: not one.line_ids.lot_id - known)

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told, record = item.payload, item.record
        self._med_check_theirs(partner, record)
        if told.get("state", "reported") != "reported":
            raise Refused("/state", self.env._(
                "It is evaluated, decided and closed here by signature: send it as “reported”."))
        rows = self._med_rows(partner, told)
        values = self._med_values(partner, item, rows)
        if record:
            self._med_revise(record, values, rows)
        else:
            record = self._med_begin(partner, told, values, rows)
        self._med_note_lines(record, rows)
        return record

    def _med_check_theirs(self, partner, record):
        """Refuse a word about a nonconformity of others, or one that is no longer just reported."""
        if not record:
            return
        if record.exchange_partner_id != partner:
            self._med_check_reachable(partner, record)
            raise Refused("/number", self.env._(
                "%s was reported here: who reported it says what it says. Send a report of your "
                "own.", record.name))
        if record.state != "reported":
            raise Refused("/state", self.env._(
                "%s is evaluated here: it is not changed from outside any more. Send what is new "
                "as a report of its own.", record.name))

    def _med_rows(self, partner, told):
        """Return ``{lot: (quantity or None, note)}`` of what is named."""
        rows = {}
        for place, one in enumerate(told.get("lots") or ()):
            pointer = f"/lots/{place}"
            lot = self._med_lot_named(partner, one, pointer)
            if lot in rows:
                raise Refused(f"{pointer}/lot", self.env._("%s stands here twice.", lot.name))
            if not lot.product_id.med_controlled:
                raise Refused(f"{pointer}/product", self.env._(
                    "%s is of no controlled product: leave the lot out and describe it.",
                    lot.name))
            if one.get("decision"):
                raise Refused(f"{pointer}/decision", self.env._(
                    "What becomes of a lot is decided here by signature."))
            if one.get("basis", "reported") != "reported":
                raise Refused(f"{pointer}/basis", self.env._(
                    "What hangs together by genealogy is found here: say “reported”."))
            amount = one.get("quantity") and self._med_amount(
                one["quantity"], lot.product_uom_id, f"{pointer}/quantity")
            rows[lot] = amount or 0.0, one.get("note") or False
        return rows

    def _med_values(self, partner, item, rows):
        """Return what the record is to say; what a message leaves out is empty."""
        told = item.payload
        seen = self._med_time(told.get("seen"), "/seen") or item.event_time or self._med_time(
            told.get("reported"), "/reported") or (
            item.record.event_time if item.record else fields.Datetime.now())
        if seen > fields.Datetime.now():
            raise Refused("/seen", self.env._("It was seen in the future."))
        lots = self.env["stock.lot"].union(*rows)
        product = self._med_named(
            partner, "product", told["product"], "/product") if told.get("product") else (
            lots.product_id[:1])
        return {
            "summary": told["summary"], "description": told.get("description") or False,
            "source": told.get("source") or "other", "event_time": seen,
            "product_id": product.id, "partner_id": self._med_supplier(partner, told, lots).id,
            "production_id": told.get("order") and self._med_named(
                partner, "order", told["order"], "/order").id or False,
            "picking_id": told.get("shipment") and self._med_named(
                partner, "shipment", told["shipment"], "/shipment").id or False,
            "partner_number": told.get("number") or item.object_id}

    def _med_supplier(self, partner, told, lots):
        """Return whom it is about: a party speaks of itself alone, a system of ours of anybody."""
        own = partner.partner_id.commercial_partner_id
        code = told.get("supplier")
        if not code:
            theirs = lots and all(
                lot.med_supplier_id.commercial_partner_id == own for lot in lots)
            return own if partner.goods_scope != "all" and theirs else self.env["res.partner"]
        found = own if code == self._med_partner_code(own) else self.env[
            "med.exchange.organisation"]._med_find(partner, [code]).get(code)
        if not found or partner.goods_scope != "all" and found.commercial_partner_id != own:
            raise Refused("/supplier", self.env._("“%s” is not known here.", code))
        return found

    def _med_begin(self, partner, told, values, rows):
        """Report it by the business method. Its lots are held where the partner may hold."""
        values = dict(values)
        record, _held = self._med_carry_out(
            "/lots", self.env["med.nonconformity"]._med_report, values.pop("summary"),
            self.env["stock.lot"].union(*rows), values.pop("source"), partner.company_id,
            event_time=values.pop("event_time"), description=values.pop("description") or "",
            hold=bool(partner._med_right("hold", "in")), exchange_partner_id=partner.id,
            defect_class=told.get("defect_class") or False, **values)
        record._message_log(body=self.env._(
            "Reported by %(partner)s as %(number)s.", partner=partner.name,
            number=record.partner_number))
        return record

    def _med_revise(self, record, values, rows):
        """Let a report say what its newer version says; its class is quality assurance's by now,
        and a lot that was named once stays."""
        lots = self.env["stock.lot"].union(*rows)
        if lost := record.line_ids.filtered("told").lot_id - lots:
            raise Refused("/lots", self.env._(
                "%s was reported: quality assurance says whether it conforms.", lost[0].name))
        changed = {name: value for name, value in values.items()
                   if (record[name].id if name.endswith("_id") else record[name]) != value}
        if record.withdrawn_at:
            changed["withdrawn_at"] = False
        if changed:
            record.write(changed)
        if new := lots - record.line_ids.lot_id:
            hold = bool(record.exchange_partner_id._med_right("hold", "in"))
            self._med_carry_out(
                "/lots", record._med_add, new, dict.fromkeys(new, "reported"), hold)

    def _med_note_lines(self, record, rows):
        for line in record.line_ids.filtered(lambda one: one.lot_id in rows):
            amount, note = rows[line.lot_id]
            if (line.told, line.reported_quantity, line.reported_note) != (True, amount, note):
                line.write({"told": True, "reported_quantity": amount, "reported_note": note})

    # ------------------------------------------------------------------ taken back

    def _med_compensate(self, partner, record, before, message):
        """Put a report back, or ask quality assurance to sign that it is none.

        That it is no nonconformity, and that its lots are free, is signed by somebody else than
        who reported it: no message does that.
        """
        self._med_check_theirs(partner, record)
        if before:
            self._med_apply(partner, [message._med_item(before, record)])
            return self.env._("%s says again what it said before the message.", record.name)
        record.write({"withdrawn_at": fields.Datetime.now()})
        text = self.env._("%(partner)s takes its report %(number)s back", partner=partner.name,
                          number=record.partner_number)
        record._message_log(body=text)
        record.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=(record.owner_id or partner.responsible_id
                     or self.env.ref("base.user_admin")).id, summary=text,
            note=self.env._("Sign that it is no nonconformity, with the grounds; or evaluate it "
                            "all the same."))
        return self.env._(
            "%s is marked as taken back. Quality assurance signs whether it is none; lots that "
            "are held stay held until then.", record.name)
