from datetime import timedelta

from odoo import models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange_goods.tools import figures
from odoo.tools import html2plaintext

# What the schema calls a count → what an answer here does. Of the destroyed no answer here knows:
# destruction is witnessed, so it is noted and somebody looks at the difference.
COUNTS = {"still_here": "held", "used": "used", "passed_on": "sold_on"}
NO_LOT = "-"  # stands for stock without a lot


class MedExchangeRecallNotice(models.AbstractModel):
    """Recall notices, told to the program of the consignee once a person has sent them; what
    comes in is his answer."""

    _name = "med.exchange.recall_notice"
    _description = "Exchanged Recall Notices"
    _inherit = "med.exchange.goods"
    _schema = "recall_notice"
    _model = "med.recall.notice"

    def _med_find(self, partner, object_ids):
        """Return nothing: an answer is no conflict with the notice. What the code names is looked
        up where the answer is taken."""
        return {}

    def _med_object_id(self, records):
        return {one.id: f"{one.recall_id.name}/{one.id}" for one in records}

    def _med_export(self, records):
        texts = records.filtered("letter_id")._med_texts()
        rows = records._med_lot_rows()
        return {one.id: self._med_notice(one, texts.get(one.id), rows[one.id]) for one in records}

    def _med_notice(self, notice, text, rows):
        recall, here = notice.recall_id, notice._med_in_his_language()
        common, treated = here._med_common(), here._med_treated(rows)
        said = [html2plaintext(treated[name]).strip() for name in ("action", "instruction")]
        company = notice.company_id
        return self._med_compact({
            "number": self._med_object_id(notice)[notice.id], "recall": recall.name,
            "title": text.subject if text else recall.summary,
            "reason": "\n".join(html2plaintext(common[name]).strip()
                                for name in ("reason", "hazard") if common[name]),
            "instruction": "\n".join(filter(None, said)) or recall.summary,
            "level": html2plaintext(common["level"]).strip(),
            "sent": figures.time_text(notice.sent_at or notice.queued_at),
            "answer_by": figures.time_text(self._med_answer_by(notice)),
            "contact": ", ".join(filter(None, (company.name, company.phone, company.email))),
            "version": notice.scope_id.number, "lots": [self._med_lot(row) for row in rows],
            "answer": self._med_answer_told(notice)}) | {"drill": notice.drill}

    def _med_answer_by(self, notice):
        """Return when an answer is due: after that whoever is silent is reminded."""
        sent = notice.sent_at or notice.queued_at
        rule = notice.recall_id._med_reminder()
        return sent + timedelta(days=rule.days) if sent and rule else False

    def _med_subject(self, row):
        """Return lot and product of a row of a notice."""
        lot = self.env["stock.lot"].browse(max(row["id"], 0) or ())
        return lot, lot.product_id or self.env["product.product"].browse(-row["id"])

    def _med_lot(self, row):
        lot, product = self._med_subject(row)
        return self._med_compact({
            "product": self._med_product_codes(product)[product.id], "lot": lot.name or NO_LOT,
            "quantity": self._med_quantity(row["net"], product.uom_id),
            "device_identifier": product.sudo().med_di_ids.filtered(
                lambda one: one.state == "active").sorted("id")[:1].name})

    def _med_answer_told(self, notice):
        """Return the answer that counts, as whoever gave it would send it."""
        answer = notice.answer_ids.filtered("latest")[:1]
        if not answer:
            return {"received": True, "time": figures.time_text(notice.acknowledged_at)} if (
                notice.acknowledged_at) else None
        products = self._med_product_codes(answer.line_ids.product_id)
        return self._med_compact({
            "time": figures.time_text(answer.answered_at), "person": answer.person,
            "note": answer.comment, "lots": [{
                "product": products[line.product_id.id], "lot": line.lot_id.name or NO_LOT,
                **{name: self._med_quantity(line[field], line.product_id.uom_id)
                   for name, field in COUNTS.items() if line[field]}}
                for line in answer.line_ids.sorted("id")]}) | {"received": True}

    def _med_of_party(self, partner, records, members):
        return records.filtered(lambda one: one.partner_id in members)

    def _med_reachable(self, partner, records):
        """A notice is heard of once a person has sent it. In a drill nothing leaves."""
        return super()._med_reachable(partner, records.filtered(
            lambda one: one.queued_at and one.consignee_id and not one.drill))

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told, notice = item.payload, item.record
        members = self.env["res.partner"].search([
            ("id", "child_of", partner.partner_id.commercial_partner_id.id)])
        if not notice:
            code = next((one for one in (item.object_id, told["number"])
                         if one.rpartition("/")[2].isdecimal() and len(one) < 64), "")
            notice = self.env[self._model].browse(
                int(code.rpartition("/")[2]) if code else ()).exists()
            if notice and self._med_object_id(notice)[notice.id] != code:
                notice = notice.browse()
        # Its consignee alone answers, however far a right reaches.
        if not self._med_of_party(partner, self._med_reachable(partner, notice), members):
            raise Refused("/number", self.env._("“%s” is not known here.", told["number"]))
        if told["recall"] != notice.recall_id.name:
            raise Refused("/recall", self.env._(
                "The notice is one of %s.", notice.recall_id.name))
        answer = told.get("answer")
        if not answer:
            raise Refused("/answer", self.env._("Say what you answer: all else is told by us."))
        if not answer["received"]:
            raise Refused("/answer/received", self.env._(
                "Who has not understood the notice calls us: nothing is answered by that."))
        if not answer.get("lots"):
            if notice.state == "closed":
                raise Refused("/answer", self.env._("This notice is not open for an answer."))
            notice._med_acknowledge()
            return notice
        self._med_take_answer(partner, notice, answer)
        return notice

    def _med_take_answer(self, partner, notice, answer):
        lots = self._med_answer_lots(notice, answer["lots"])
        person, note = answer.get("person") or "", answer.get("note") or ""
        if not person.strip():
            raise Refused("/answer/person", self.env._("Say who answers."))
        last = notice.answer_ids.filtered("latest")
        if last and (last.person, last.comment or "") == (person.strip(), note.strip()) and {
                line.lot_id.id or -line.product_id.id: self._med_counts(line, line.comment)
                for line in last.line_ids} == {
                row["lot"]: self._med_counts(row, row["comment"]) for row in lots}:
            return  # said already
        self._med_carry_out("/answer", notice._med_answer, "rpc", lots, person, "", note, [])

    def _med_counts(self, row, comment):
        return [round(row[name] or 0.0, 6) for name in COUNTS.values()] + [comment or ""]

    def _med_answer_lots(self, notice, told):
        """Return what is said of each lot, as the business method takes it."""
        known = {}
        for row in notice._med_lot_rows()[notice.id]:
            lot, product = self._med_subject(row)
            known[self._med_product_codes(product)[product.id], lot.name or NO_LOT] = (
                row["id"], product)
        lots = []
        for place, one in enumerate(told):
            pointer = f"/answer/lots/{place}"
            number, product = known.pop((one["product"], one["lot"]), (None, None))
            if not number:
                raise Refused(f"{pointer}/lot", self.env._(
                    "“%s” is not a lot of this notice, or stands here twice.", one["lot"]))
            row = {"lot": number, "comment": ""}
            for name, field in COUNTS.items():
                row[field] = self._med_amount(
                    one[name], product.uom_id, f"{pointer}/{name}") if name in one else 0.0
            if "destroyed" in one:
                row["comment"] = self.env._("Destroyed there: %s", figures.text_of(
                    self._med_amount(one["destroyed"], product.uom_id, f"{pointer}/destroyed")))
            lots.append(row)
        return lots

    def _med_compensate(self, partner, record, before, message):
        raise Refused("", self.env._(
            "What was answered to %s stays: send what is right as a newer answer.",
            self._med_object_id(record)[record.id]))
