from odoo import models
from odoo.addons.med_release.tools.checks import MISSING, item, row
from odoo.tools import float_compare

WAITING = ("draft", "declined", "cancelled")
FINAL = {"production": ("production",), "market": ("market",)}


class MedRelease(models.Model):
    """Production release is the processor's, acceptance and market release are ours.

    What a processor made or processed is not released before the processor has released these
    lots and quantities, and its signature holds (China GMP for medical devices, ch. 12).
    """

    _inherit = "med.release"

    def _med_check_names(self, stage):
        names = super()._med_check_names(stage)
        place = names.index("_med_check_goods") + 1
        # Goods of ours are processed between the maker's release and the last one.
        own = ["_med_check_processed"] if len(self) == 1 and stage in FINAL.get(
            self.level, ("production", "market")) else []
        return [*names[:place], "_med_check_processor", *own, *names[place:]]

    # ------------------------------------------------------------------ made there

    def _med_check_processor(self):
        """The processor that made it has released these lots and quantities."""
        _, order = self.env._, self.production_id
        if not order.subcontractor_id:
            return None
        processor = self.env["med.processor"]._med_of(order.subcontractor_id, self.company_id)
        made = self._med_asked_of_maker()
        told = self._med_told(processor, made)
        items = [item(MISSING, _(
            "%(lot)s: the processor has released %(told)s of %(made)s", lot=lot.name,
            told=f"{told[lot]:g}", made=f"{quantity:g}"), *self._med_where(lot))
            for lot, quantity in made.items()
            if float_compare(told[lot], quantity, precision_digits=6) < 0]
        name = processor.display_name or order.subcontractor_id.display_name
        return row("processor", _("Production release by the processor"), _(
            "Made and released by %(name)s", name=name), items, self._med_basis(made))

    def _med_asked_of_maker(self):
        """Return ``{lot: quantity}`` that the maker has to release: not what it calls bad."""
        sums, asked = [one._med_good() for one in self._med_making_orders()], {}
        for lot, quantity in self._med_made().items():
            key = lot.product_id.id, lot.name
            good = [told[key] for told in sums if key in told]
            asked[lot] = min(quantity, sum(good)) if good else quantity
        return asked

    def _med_told(self, processor, lots):
        lots = self.env["stock.lot"].union(*lots)
        if not processor:
            return dict.fromkeys(lots, 0.0)
        return self.env["med.processor.release.line"]._med_released(lots, processor)

    def _med_where(self, lot):
        """Return model and id of what is to be signed for a lot."""
        line = self.env["med.processor.release.line"].search([
            ("product_id", "=", lot.product_id.id), ("lot_name", "=", lot.name)],
            order="id desc", limit=1)
        return (line.release_id._name, line.release_id.id) if line else (lot._name, lot.id)

    def _med_basis(self, lots):
        """Return plain data of what processors have released, signatures included."""
        return [[one.name, one.state, one.valid, one.signature_ids.mapped("digest")]
                for one in self._med_theirs(lots)]

    def _med_theirs(self, lots):
        """Return what processors have released of lots."""
        lots = self.env["stock.lot"].union(*lots)
        lines = self.env["med.processor.release.line"].sudo().search([
            ("product_id", "in", lots.product_id.ids), ("lot_name", "in", lots.mapped("name")),
            ("release_id.company_id", "=", self.company_id.id)])
        keys = {(lot.product_id, lot.name) for lot in lots}
        return lines.filtered(
            lambda line: (line.product_id, line.lot_name) in keys).release_id.sorted("id")

    # ------------------------------------------------------------------ processed there

    def _med_check_processed(self):
        """Processors that worked on our lots have released what came back and is still there."""
        _, made = self.env._, self._med_made()
        lots = self.env["stock.lot"].union(*made)
        lines = self.env["med.outsourcing.lot"].sudo().search([
            ("lot_id", "in", lots.ids), ("order_id.state", "not in", WAITING),
            ("order_id.kind", "=", "process")])
        items = []
        for processor, own in lines.grouped(lambda line: line.order_id.processor_id).items():
            asked = self._med_asked(processor, own)
            told = self._med_told(processor, asked)
            items += [item(MISSING, _(
                "%(lot)s: %(processor)s has released %(told)s of %(asked)s", lot=lot.name,
                processor=processor.display_name, told=f"{told[lot]:g}",
                asked=f"{quantity:g}"), *self._med_where(lot))
                for lot, quantity in asked.items()
                if float_compare(told[lot], quantity, precision_digits=6) < 0]
        if not lines:
            return None
        return row("processed", _("Release by processors of our lots"), _(
            "Processed and released by %(names)s", names=", ".join(
                lines.order_id.processor_id.mapped("display_name"))), items,
            [sorted(lines.ids), self._med_basis(made)])

    def _med_asked(self, processor, lines):
        """Return ``{lot: quantity}`` that a processor has to release of our lots.

        That is what was sent, without what was used, scrapped or counted off there, and without
        what it reported as rejected or not processed; of what was not sent yet, all that is to go.
        """
        lots, asked = lines.lot_id, {}
        now = self.env.cr.now()
        sent, left = dict.fromkeys(lots.ids, 0.0), dict.fromkeys(lots.ids, 0.0)
        for _product, lot, _at, side, kind, quantity in processor._med_postings(now, now, lots):
            amount = float(quantity)
            if side == "in":
                sent[lot] += amount if kind == "transfer" else 0.0
                left[lot] += 0.0 if kind == "transfer" else amount
            elif side == "out" and kind != "transfer":
                left[lot] -= amount
        worse = [one._med_bad() for one in lines.order_id]
        for lot in lots:
            planned = sum(lines.filtered(lambda line, one=lot: line.lot_id == one).mapped(
                "quantity"))
            gone = sent[lot.id] + left[lot.id] if sent[lot.id] else planned
            bad = sum(one.get((lot.product_id.id, lot.name), 0.0) for one in worse)
            asked[lot] = round(max(gone - bad, 0.0), 6)
        return asked

    # ------------------------------------------------------------------ the certificate

    def _med_certificate(self, picking):
        told = super()._med_certificate(picking)
        told["processors"] = [{
            "name": one.processor_id.display_name, "number": one.name,
            "revision": one._med_revision_text(), "lots": one.lots_text,
            "signed": ", ".join(signature.display_name for signature in one.signature_ids
                                if signature.meaning == "released")}
            for one in self._med_theirs(self._med_made()) if one.valid]
        return told
