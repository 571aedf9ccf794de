from collections import defaultdict

from odoo import models
from odoo.addons.med_exchange.exceptions import Refused
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..tools import figures

FLAGS = {"active", "controlled", "exact", "held"}  # told as well when they are false


class MedExchangeGoods(models.AbstractModel):
    """What the handlers of goods share: codes, quantities, and who may hear of what.

    A partner of the scope “party” (a consignee, supplier or processor) hears of what its own
    organisation had to do with, and no more; see :meth:`_med_of_party`.
    """

    _name = "med.exchange.goods"
    _description = "Exchanged Goods"
    _inherit = "med.exchange.handler"

    # ------------------------------------------------------------------ who may hear

    def _med_may_know(self, partner, records):
        return self._med_reachable(partner, super()._med_may_know(partner, records))

    def _med_reachable(self, partner, records):
        """Return those of the records that are this partner's to speak of: its company's, and
        where the partner is a party, those that concern its organisation."""
        own = records
        if "company_id" in records._fields:
            own = records.filtered(
                lambda one: not one.company_id or one.company_id == partner.company_id)
        if partner.goods_scope == "all" or not own:
            return own
        members = self.env["res.partner"].with_context(active_test=False).search(
            [("id", "child_of", partner.partner_id.commercial_partner_id.id)])
        return self._med_of_party(partner, own, members)

    def _med_of_party(self, partner, records, members):
        """Return those of the records that concern an organisation; none unless a handler knows.

        :param members: the organisation's contacts, itself among them
        """
        return records.browse()

    def _med_touched(self, partner, members, field, values):
        """Return the move lines by which goods went to or came from an organisation."""
        return self.env["stock.move.line"].search(
            Domain(field, "in", values) & Domain("state", "=", "done")
            & Domain("company_id", "=", partner.company_id.id)
            & (Domain("picking_id.partner_id", "in", members.ids)
               | Domain("move_id.partner_id", "in", members.ids)))

    # ------------------------------------------------------------------ business events

    def _med_heard(self):
        """Return whether any partner hears of this schema at all."""
        return self._schema in self.env["med.exchange.event"]._med_heard()

    def _med_tell(self, records):
        """Emit, where somebody listens; ``records`` may be a function that returns them."""
        if not self._med_heard():
            return
        records = records() if callable(records) else records
        if records:
            self.sudo()._med_emit(records.sudo())

    def _med_tell_anew(self, records):
        """Emit also where nothing changed since it was told last: somebody may hear of it now who
        might not then. The outbox tells no state twice unless it forgets what it told."""
        if not self._med_heard():
            return
        records = records() if callable(records) else records
        if records:
            self.env["med.exchange.event"]._med_forget_told(self._schema, records)
        self._med_tell(records)

    # ------------------------------------------------------------------ codes

    def _med_find(self, partner, object_ids):
        """Documents are known by their numbers, in the partner's company."""
        found = self.env[self._model].search([
            ("name", "in", list(object_ids)), ("company_id", "=", partner.company_id.id)])
        return {one.name: one for one in found}

    def _med_object_id(self, records):
        return {one.id: one.name for one in records}

    def _med_product_codes(self, products):
        return self.env["med.exchange.product"]._med_object_id(products)

    def _med_partner_code(self, partner):
        return self.env["med.exchange.organisation"]._med_object_id(partner)[partner.id]

    def _med_named(self, partner, schema, code, pointer):
        """Return the record that a code names and that is this partner's to speak of.

        :raise Refused: nothing is known by it; what is another's is not known either
        """
        handler = self.env[self._med_handlers()[schema]]
        found = handler._med_find(partner, [code]).get(code)
        if not found or not handler._med_reachable(partner, found):
            raise Refused(pointer, self.env._("“%s” is not known here.", code))
        return found

    def _med_lot_named(self, partner, told, pointer):
        """Return the lot that ``{"product", "lot"}`` names.

        :raise Refused: as :meth:`_med_named`
        """
        product = self.env["med.exchange.product"]._med_find(
            partner, [told.get("product")]).get(told.get("product"))
        if not product:
            raise Refused(f"{pointer}/product", self.env._(
                "“%s” is not known here.", told.get("product")))
        lots = self.env["stock.lot"].search([
            ("product_id", "=", product.id), ("name", "=", told.get("lot")),
            ("company_id", "in", [False, partner.company_id.id])])
        if not self.env["med.exchange.lot"]._med_reachable(partner, lots):
            raise Refused(f"{pointer}/lot", self.env._(
                "The lot “%s” is not known here.", told.get("lot")))
        return lots[:1]

    def _med_check_reachable(self, partner, record):
        """Refuse what is about a record that is not this partner's to speak of."""
        if record and not self._med_reachable(partner, record):
            raise Refused("", self.env._("Nothing of yours is known here by this code."))

    # ------------------------------------------------------------------ quantities

    @ormcache()
    def _med_unit_codes(self):
        """Return ``{unit's id: its UCUM code}`` of those that have one."""
        found = self.env["ir.model.data"].sudo().search([
            ("module", "=", "uom"), ("model", "=", "uom.uom"),
            ("name", "in", list(figures.UNITS))])
        return {one.res_id: figures.UNITS[one.name] for one in found}

    def _med_unit(self, uom):
        """Return the code of a unit: UCUM's, or its own English name in braces, as UCUM has it."""
        return self._med_unit_codes().get(uom.id) or (
            "{%s}" % uom.with_context(lang=None).name.replace(" ", "_"))

    def _med_quantity(self, value, uom):
        """Return a quantity as it is told."""
        return {"value": figures.text_of(value), "unit": self._med_unit(uom)}

    def _med_amount(self, told, uom, pointer):
        """Return a told quantity as a number in a unit of ours.

        :raise Refused: it is no number, its unit is not known or does not measure the same
        """
        number = figures.number_of(told.get("value"))
        if number is None or number < 0:
            raise Refused(f"{pointer}/value", self.env._(
                "“%s” is not a quantity.", told.get("value")))
        if told.get("unit") == self._med_unit(uom):
            return float(number)  # a lot of a thousand serials is told in a thousand rows
        codes = defaultdict(list)
        for one in self.env["uom.uom"].search([]):
            codes[self._med_unit(one)].append(one)
        fit = [one for one in codes.get(told.get("unit"), ())
               if one == uom or one._has_common_reference(uom)]
        if not fit:
            raise Refused(f"{pointer}/unit", self.env._(
                "“%(unit)s” cannot be converted to “%(ours)s”, in which it is kept here.",
                unit=told.get("unit"), ours=self._med_unit(uom)))
        return fit[0]._compute_quantity(float(number), uom, round=False)

    def _med_time(self, text, pointer):
        """Return a told time as naive UTC; False for none."""
        if not text:
            return False
        found = figures.time_of(text)
        if not found:
            raise Refused(pointer, self.env._("“%s” is no time like 2026-01-31T08:15:00Z.", text))
        return found

    # ------------------------------------------------------------------ revisions

    def _med_revision(self, record, lots=()):
        """Return the number of the version in force of a product, or that of an order or a lot;
        empty where nothing here keeps versions. The addon of changes knows those of products.

        :param lots: names of lots that are made of the product
        """
        if "med_version_id" in record._fields:
            return str(record.med_version_id.number or "")
        return ""

    def _med_check_revision(self, told, record, pointer="/revision", lots=()):
        """Refuse what was made to another revision than ours."""
        ours = self._med_revision(record, lots)
        if told and told != ours:
            raise Refused(pointer, self.env._(
                "It is of revision “%(theirs)s”; here it is “%(ours)s”.", theirs=told,
                ours=ours or "—"))

    # ------------------------------------------------------------------ business methods

    def _med_carry_out(self, pointer, method, *args, **kw):
        """Call a business method; what it does not allow is refused in its own words."""
        try:
            return method(*args, **kw)
        except UserError as error:
            raise Refused(pointer, str(error)) from error

    def _med_compact(self, payload):
        """Return a payload without what is not known here; numbers and flags stay."""
        def known(name, value):
            if isinstance(value, bool):
                return name in FLAGS
            return type(value) is int or bool(value)
        return {name: value for name, value in payload.items() if known(name, value)}
