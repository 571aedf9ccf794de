import json
from functools import partial

from odoo import models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange_goods.tools import figures
from odoo.addons.med_outsourcing.exceptions import ReportRefused


class MedExchangeProcessorRelease(models.AbstractModel):
    """A processor's production release, which ours to the market waits for.

    It counts as the processor's signature: it has to be signed, and by a key of its own.
    """

    _name = "med.exchange.processor_release"
    _description = "Exchanged Production Releases of Processors"
    _inherit = "med.exchange.goods"
    _schema = "processor_release"
    _model = "med.processor.release"

    def _med_find(self, partner, object_ids):
        return {}  # by the processor's own codes alone

    def _med_object_id(self, records):
        return {one.id: one.name for one in records}

    def _med_of_party(self, partner, records, members):
        return records.filtered(lambda one: one.order_id.partner_id in members)

    def _med_export(self, records):
        products = self._med_product_codes(records.line_ids.product_id)
        return {one.id: self._med_release(one, products) for one in records}

    def _med_release(self, release, products):
        signed = release.sudo().signature_ids.sorted("id")[-1:]
        return self._med_compact({
            "order": release.order_id.name, "revision": release.revision,
            "deviation": release.deviation_id.name,
            "state": {"released": "released", "withdrawn": "withdrawn", "revoked": "withdrawn"}.get(
                release.state, ""),
            "time": figures.time_text(signed.happened_at or signed.signed_at),
            "person": signed.person, "note": release.note,
            "lots": [{"product": products[line.product_id.id], "lot": line.lot_name,
                      "quantity": self._med_quantity(line.quantity, line.product_id.uom_id)}
                     for line in release.line_ids]})

    # ------------------------------------------------------------------ coming in

    def _med_apply(self, partner, items):
        return [self._med_apply_one(partner, item) for item in items]

    def _med_apply_one(self, partner, item):
        told, release = item.payload, item.record
        self._med_check_reachable(partner, release)
        order = self._med_named(partner, "outsourcing_order", told["order"], "/order")
        self._med_check_told(order, told, release)
        meaning = told.get("state", "released")
        if meaning == "released":  # what is withdrawn is known by whatever way it comes
            self.env["med.exchange.outsourcing_report"]._med_way(order, item)
        if not release:
            release = self._med_carry_out(
                "/lots", self._med_prepared, order, self._med_lots(order, told),
                told["revision"], told.get("note", ""), told.get("deviation", ""))
        sign = partial(order.processor_id._med_sign, method="message")
        self._med_carry_out(
            "", sign, release, meaning, message=item.message,
            key_name=self._med_key(partner, item), person=told["person"],
            happened_at=self._med_time(told["time"], "/time"), note=told.get("note", ""))
        return release

    def _med_prepared(self, *told):
        """Prepare a release; what was not reported as good is refused where it stands."""
        try:
            return self.env["med.processor.release"]._med_prepare(*told)
        except ReportRefused as error:
            raise Refused(error.pointer, str(error)) from error

    def _med_check_told(self, order, told, release):
        """Refuse another revision, and a second version that does not withdraw the first.

        Whether a deviation covers these lots is asked when the release is prepared and signed.
        """
        ours = release.revision if release else order.revision
        if told["revision"] != ours and (release or not told.get("deviation")):
            raise Refused("/revision", self.env._(
                "It is of revision “%(theirs)s”; here it is “%(ours)s”.",
                theirs=told["revision"], ours=ours))
        if told.get("deviation") and not order._med_find_deviation(told["deviation"]):
            raise Refused("/deviation", self.env._(
                "There is no deviation %(number)s.", number=told["deviation"]))
        if not release:
            if told.get("state", "released") != "released":
                raise Refused("/state", self.env._(
                    "There is no release of this code here to withdraw."))
        elif release.order_id != order or told.get("state") != "withdrawn":
            raise Refused("/state", self.env._(
                "%s is signed: it is withdrawn, and another release has a code of its own.",
                release.name))

    def _med_key(self, partner, item):
        """Return the name of the key by which the message was signed."""
        message = self.env["med.exchange.message"].browse(item.message)
        signature = json.loads(message.body or "{}").get("signature") or {}
        if not signature.get("key"):
            raise Refused("", self.env._(
                "A release counts as a signature: send it signed by a key of yours."))
        return signature["key"]

    def _med_lots(self, order, told):
        products = self.env["med.exchange.outsourcing_report"]._med_products(order)
        codes = self._med_product_codes(products)
        by_code = {codes[one.id]: one for one in products}
        rows = []
        for place, one in enumerate(told["lots"]):
            known = order.line_ids.filtered(lambda line, it=one: line.lot_id.name == it["lot"])
            product = by_code.get(one["product"]) if "product" in one else (
                known.product_id[:1] or order.product_id)
            if not product:
                raise Refused(f"/lots/{place}/product", self.env._(
                    "“%(product)s” is no product of %(order)s.",
                    product=one.get("product", ""), order=order.name))
            rows.append({"lot": one["lot"], "product": product, "quantity": self._med_amount(
                one["quantity"], product.uom_id, f"/lots/{place}/quantity")})
        return rows

    def _med_compensate(self, partner, record, before, message):
        raise Refused("", self.env._(
            "%s is signed: send its next version as “withdrawn”, with the reason as its note.",
            record.name))
