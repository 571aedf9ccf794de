import logging
from collections import defaultdict, namedtuple

from markupsafe import Markup, escape
from odoo import fields, models

from ..tools.letter import fill

_logger = logging.getLogger(__name__)
Text = namedtuple("Text", "subject body")


class MedRecallNotice(models.Model):
    """What a consignee reads: the signed letter with exactly his lots."""

    _inherit = "med.recall.notice"

    def _med_lot_rows(self):
        """Return notice id → rows of his lots: ``{"lot", "product", "reference", "udi", "net"}``.

        A customer of a consignee sees what was sold on to him, and nothing else.
        """
        told = defaultdict(list)
        first = self.sudo().filtered("consignee_id")
        of = {(one.scope_id.id, one.partner_id.id): one.id for one in first}
        for row in self.env["med.recall.delivery"].sudo().search([
                ("scope_id", "in", first.scope_id.ids),
                ("partner_id", "in", first.partner_id.ids)], order="id"):
            if notice := of.get((row.scope_id.id, row.partner_id.id)):
                told[notice].append(self._med_lot_row(row.lot_id, row.product_id, row.net))
        newest, sold = {}, defaultdict(float)
        for row in self.env["med.recall.customer"].sudo().search(
                [("child_id", "in", (self - first).ids)], order="id desc"):
            # A later answer replaces what the one before said of him.
            if newest.setdefault(row.child_id, row.answer_id) == row.answer_id:
                sold[row.child_id.id, row.lot_id, row.product_id] += row.quantity
        for (notice, lot, product), quantity in sold.items():
            told[notice].append(self._med_lot_row(lot, product, quantity))
        return told

    def _med_lot_row(self, lot, product, quantity):
        """``id``: of the lot; of untracked stock that of the product, below 0."""
        product = product.with_env(self.env)
        return {"id": lot.id or -product.id, "lot": lot.name or "", "product": product.name,
                "reference": product.default_code or "", "udi": lot.med_udi or "",
                "net": quantity, "unit": product.uom_id.name}

    def _med_lot_table(self, rows):
        _, cell = self.env._, Markup('<td style="border:1px solid #888;padding:4px">%s</td>')
        heads = (_("Product"), _("Size / Reference"), _("Lot / Serial"), _("UDI"), _("Quantity"))
        head = Markup("").join(
            Markup('<th style="border:1px solid #888;padding:4px;text-align:left;'
                   'background:#eee;color:#000">%s</th>') % one for one in heads)
        lines = Markup("").join(Markup("<tr>%s</tr>") % Markup("").join(cell % text for text in (
            row["product"], row["reference"], row["lot"], row["udi"],
            f"{row['net']:g} {row['unit']}")) for row in rows)
        return Markup('<table style="border-collapse:collapse;width:100%%"><thead><tr>%s</tr>'
                      "</thead><tbody>%s</tbody></table>") % (head, lines)

    def _med_texts(self):
        """Return notice id → :class:`Text`, in the language of each letter."""
        rows, texts, common = self._med_lot_rows(), {}, {}
        for notice in self.sudo():
            letter = notice.letter_id
            here = notice._med_in_his_language()
            if letter not in common:
                common[letter] = here._med_common()
            link = notice._med_link()
            values = {**common[letter], **here._med_treated(rows[notice.id]),
                      "consignee": escape(notice.name),
                      "products": escape(", ".join(dict.fromkeys(
                          row["product"] for row in rows[notice.id]))),
                      "lots": here._med_lot_table(rows[notice.id]),
                      "answer": Markup('<a href="%s">%s</a>') % (link, link)}
            subject = Markup(fill(letter.subject, values)).striptags()
            texts[notice.id] = Text(
                here.env._("DRILL: %s", subject) if notice.drill else subject,
                Markup(fill(str(letter.body), values)))
        return texts

    def _med_common(self):
        """Return what all notices of one letter have in common, escaped."""
        recall, letter = self.recall_id, self.letter_id
        levels = recall.level_ids
        level = (levels.filtered(lambda one: one.jurisdiction_id == letter.jurisdiction_id)
                 or levels.sorted(lambda one: one.class_id.rank))[:1]
        told = {
            "reason": recall.reason, "hazard": recall.hazard_conclusion,
            "level": level.class_id.name,
            "number": recall.name, "company": recall.company_id.name, "srn": letter.srn,
            "date": fields.Date.to_string(fields.Date.context_today(self)),
            "urgent": self.env._("URGENT") if level.class_id.rank in (1, 2) else ""}
        return {name: self._med_broken(text) for name, text in told.items()}

    def _med_in_his_language(self):
        return self.with_context(lang=self.letter_id.lang or self.lang)

    def _med_broken(self, text):
        return escape(text or "").replace("\n", Markup("<br/>"))

    def _med_treated(self, rows):
        """Return ``action`` and ``instruction`` of these lots, escaped; with the lots where they
        are not all treated alike."""
        names = dict(self.recall_id._fields["action"]._description_selection(self.env))
        Lot, Product = self.env["stock.lot"], self.env["product.product"]
        alike = defaultdict(list)
        for row in rows:
            lot = Lot.browse(max(row["id"], 0) or ())
            product = lot.product_id or Product.browse(-row["id"])
            alike[self.recall_id._med_action_of(lot, product)].append(
                row["lot"] or row["product"])
        alike = alike or {(self.recall_id.action, self.recall_id.instruction): []}
        told = {"action": [], "instruction": []}
        for (action, instruction), lots in alike.items():
            which = f"{', '.join(lots)}: " if len(alike) > 1 else ""
            for name, text in (("action", names.get(action)), ("instruction", instruction)):
                told[name].append(escape(which) + self._med_broken(text))
        return {name: Markup("<br/>").join(dict.fromkeys(texts)) for name, texts in told.items()}

    def _med_try_pdfs(self):
        """Typeset the letters; one that cannot be is noted, and the others go on."""
        try:
            with self.env.cr.savepoint():
                self._med_make_pdfs()
            return
        except Exception as error:
            _logger.info("Letters are typeset one by one: %s", error)
        for notice in self:
            try:
                with self.env.cr.savepoint():
                    notice._med_make_pdfs()
            except Exception as error:
                _logger.exception("The letter of notice %s cannot be typeset", notice.id)
                notice._med_store({"pdf_failure": str(error)[:500] or type(error).__name__})
                notice.recall_id._med_tell_owner(
                    self.env._("Letters could not be typeset: look at their notices"))

    def _med_make_pdfs(self):
        texts, notices = self._med_texts(), self.sudo()
        Document = self.env["med.document"]
        files = Document._render_pdfs([
            Document.with_context(lang=notice.letter_id.lang)._page(
                "med_recall_notice.letter_document", {
                    "notice": notice, "company": notice.company_id,
                    "title": texts[notice.id].subject, "body": texts[notice.id].body})
            for notice in notices])
        attachments = self.env["ir.attachment"].sudo().create([{
            "name": f"{notice.recall_id.name.replace('/', '-')}_{notice.id}.pdf", "raw": data,
            "mimetype": "application/pdf", "res_model": notice._name, "res_id": notice.id}
            for notice, data in zip(notices, files, strict=True)])
        for notice, attachment in zip(notices, attachments, strict=True):
            notice._med_store({"pdf_failure": False, "pdf_id": attachment.id})
