from odoo import models
from odoo.fields import Domain

from ..tools import figures


class MedExchangeProduct(models.AbstractModel):
    """Products with their device identifiers. We are their source of truth: they are only sent."""

    _name = "med.exchange.product"
    _description = "Exchanged Products"
    _inherit = "med.exchange.goods"
    _schema = "product"
    _model = "product.product"

    def _med_find(self, partner, object_ids):
        codes = [code for code in object_ids if isinstance(code, str)]
        numbers = {f"product-{code.removeprefix('product-')}": int(code.removeprefix("product-"))
                   for code in codes if code.startswith("product-")
                   and code.removeprefix("product-").isdecimal() and len(code) < 18}
        found = self.env["product.product"].with_context(active_test=False).search(
            (Domain("default_code", "in", codes) | Domain("id", "in", list(numbers.values())))
            & Domain("company_id", "in", [False, partner.company_id.id]))
        by_number = {one.id: one for one in found}
        known = {code: by_number[number] for code, number in numbers.items()
                 if number in by_number and not by_number[number].default_code}
        # An active one before an archived one; a code that two have names neither.
        for code, several in found.filtered("default_code").grouped("default_code").items():
            several = several.filtered("active") or several
            if len(several) == 1 and code in codes:
                known[code] = several
        return known

    def _med_object_id(self, records):
        return {one.id: one.default_code or f"product-{one.id}" for one in records}

    def _med_export(self, records):
        codes = self._med_object_id(records)
        return {one.id: self._med_compact({
            "code": codes[one.id], "name": one.with_context(
                lang=None, display_default_code=False).display_name,
            "unit": self._med_unit(one.uom_id), "tracking": one.tracking,
            "controlled": one.med_controlled, "active": one.active, "barcode": one.barcode,
            "revision": self._med_revision(one),
            "shelf_life": one.use_expiration_date and one.expiration_time,
            **self._med_storage(one),
            "device_identifiers": [self._med_di(di) for di in one.sudo().med_di_ids.filtered(
                lambda di: di.state != "draft").sorted("name")],
        }) for one in records}

    def _med_storage(self, product):
        """Return the temperatures of storage that its labels bear: the narrowest where those of
        several identifiers differ, none where they exclude one another."""
        rows = product.sudo().med_di_ids.filtered(lambda di: di.state == "active").storage_ids
        rows = rows.filtered(lambda row: row.kind == "temperature")
        low = max((figures.celsius(row.low, row.unit) for row in rows if row.has_low),
                  default=None)
        high = min((figures.celsius(row.high, row.unit) for row in rows if row.has_high),
                   default=None)
        if None not in (low, high) and low > high:
            return {}
        return {name: {"value": figures.place_text(limit, up), "unit": "Cel"}
                for name, limit, up in (("storage_low", low, True), ("storage_high", high, False))
                if limit is not None}

    def _med_di(self, di):
        classes = {reg.jurisdiction_id.code: reg.device_class for reg in di.registration_ids
                   if reg.device_class and reg.jurisdiction_id.code}
        return self._med_compact({
            "di": di.name, "issuer": di.issuer, "level": di.level, "status": di.state,
            "risk_class": di.basic_id.risk_class,
            "classes": [{"jurisdiction": code, "class": name}
                        for code, name in sorted(classes.items())]})

    def _med_of_party(self, partner, records, members):
        supplied = records.filtered(lambda one: one.seller_ids.partner_id & members)
        rest = (records - supplied).ids
        return supplied | self._med_touched(partner, members, "product_id", rest).product_id
