from odoo import models

from ..exceptions import Refused
from ..tools.code import is_plain

# field of the payload → field of res.partner, where the value is taken as it is
PLAIN = {"name": "name", "code": "ref", "tax_number": "vat", "registry_number": "company_registry",
         "street": "street", "street2": "street2", "city": "city", "zip": "zip", "phone": "phone",
         "email": "email", "website": "website", "function": "function"}
DIGITS = 7  # of latitude and longitude


class MedExchangeOrganisation(models.AbstractModel):
    """Organisations and people: suppliers, processors, dealers, hospitals."""

    _name = "med.exchange.organisation"
    _description = "Exchanged Organisations"
    _inherit = "med.exchange.handler"
    _schema = "organisation"
    _model = "res.partner"
    _together = True

    def _med_find(self, partner, object_ids):
        found = self.env["res.partner"].with_context(active_test=False).search([
            ("ref", "in", list(object_ids)), ("company_id", "in", [False, partner.company_id.id])])
        return {one.ref: one for one in found.sorted("id", reverse=True)}

    def _med_object_id(self, records):
        return {record.id: record.ref or f"organisation-{record.id}" for record in records}

    def _med_export(self, records):
        return {record.id: self._med_payload(record) for record in records}

    def _med_payload(self, record):
        told = {name: record[field] for name, field in PLAIN.items() if record[field]}
        told |= {"is_company": record.is_company, "kind": record.type or "contact"}
        if record.country_id:
            told["country"] = record.country_id.code
        if record.state_id:
            told["state"] = record.state_id.code
        if record.lang:
            told["language"] = record.lang
        if record.parent_id:
            told["parent"] = self._med_object_id(record.parent_id)[record.parent_id.id]
        for name, field in (("latitude", "partner_latitude"), ("longitude", "partner_longitude")):
            if record[field]:
                told[name] = f"{record[field]:.{DIGITS}f}"
        return told

    def _med_apply(self, partner, items):
        known = self._med_known(partner, items)
        self._med_check_touched(partner, self.env["res.partner"].union(
            *(item.record for item in items)))
        self._med_check_touched(partner, self.env["res.partner"].browse(
            list(known["parent"].values())), "/parent")
        self._med_check_codes(partner, items)
        made, found = [], []
        for item in items:
            values = self._med_values(item, known)
            if item.record:
                item.record.write(values)
            else:
                made.append({**values, "company_id": partner.company_id.id})
            found.append(item.record)
        new = iter(self.env["res.partner"].create(made))
        return [record or next(new) for record in found]

    def _med_check_touched(self, partner, records, pointer=""):
        """Refuse to touch ourselves, who signs in here, and other exchange partners.

        A contact hands its address on to what it belongs to, so that is looked at as well.

        :raise Refused: one of the records, or what it belongs to, is such a one
        """
        env = self.env(su=True)
        every = records
        while records := records.sudo().parent_id - every:
            every |= records
        companies = env["res.company"].with_context(active_test=False).search([]).partner_id
        users = env["res.users"].with_context(active_test=False).search(
            [("partner_id", "in", every.ids)]).partner_id
        others = env["med.exchange.partner"].with_context(active_test=False).search(
            [("partner_id", "in", every.ids), ("id", "!=", partner.id)]).partner_id
        held = (companies & every) | users | (others - partner.sudo().partner_id)
        if held:
            raise Refused(pointer, self.env._(
                "This one is kept here alone: our own companies, who signs in here, and other "
                "partners of the exchange are not changed by messages."))

    def _med_check_codes(self, partner, items):
        """Refuse codes of other organisations, and let nobody else give the new ones meanwhile.

        :raise Refused: an item has a code that another organisation has
        """
        new = [code for item in items
               if (code := item.payload.get("code") or item.object_id) != item.record.ref]
        if not new:
            return
        if not all(map(is_plain, new)):
            raise Refused("/code", self.env._(
                "The code has blanks around it, characters that are not seen, or is not composed "
                "(NFC)."))
        self.env["med.turn"].sudo()._take(self._med_turns(partner.company_id), new)
        taken = set(self._med_find(partner, new))
        for code in new:
            if code in taken:
                raise Refused("/code", self.env._(
                    "“%s” is the code of another organisation here.", code))
            taken.add(code)

    def _med_known(self, partner, items):
        """Look up what the items name, each kind in one query: ``{kind: {code: id}}``."""
        def named(name):
            return {item.payload[name] for item in items if item.payload.get(name)}
        countries = self.env["res.country"].search([("code", "in", list(named("country")))])
        states = self.env["res.country.state"].search([
            ("code", "in", list(named("state"))), ("country_id", "in", countries.ids)])
        parents = self._med_find(partner, named("parent")) if named("parent") else {}
        return {"country": {one.code: one.id for one in countries},
                "state": {(one.country_id.id, one.code): one.id for one in states},
                "language": {code: code for code, _name in self.env["res.lang"].get_installed()},
                "parent": {code: one.id for code, one in parents.items()}}

    def _med_values(self, item, known):
        told = item.payload
        values = {field: told.get(name) or False for name, field in PLAIN.items()}
        values["active"] = True  # a state says that there is one: see _is_archived_here
        values["ref"] = told.get("code") or item.object_id
        values["is_company"] = told.get("is_company", True)
        values["type"] = told.get("kind") or "contact"
        values["partner_latitude"] = float(told.get("latitude") or 0)
        values["partner_longitude"] = float(told.get("longitude") or 0)
        for name, field in (("country", "country_id"), ("language", "lang"),
                            ("parent", "parent_id")):
            values[field] = self._med_look_up(known[name], told.get(name), f"/{name}")
        state = told.get("state") and (values["country_id"], told["state"])
        values["state_id"] = self._med_look_up(known["state"], state, "/state")
        if values["parent_id"] and not values["is_company"]:
            self._med_leave_numbers(values)
        return values

    def _med_leave_numbers(self, values):
        """Leave out the numbers of a contact: written on it, they reach what it belongs to.

        :raise Refused: it says others than what it belongs to has
        """
        above = self.env["res.partner"].browse(values["parent_id"]).commercial_partner_id
        for name in ("tax_number", "registry_number"):
            said = values.pop(PLAIN[name])
            if said and said != above[PLAIN[name]]:
                raise Refused(f"/{name}", self.env._(
                    "A contact has the number of what it belongs to: send it with that."))

    def _med_look_up(self, known, code, pointer):
        if not code:
            return False
        if code not in known:
            shown = code[1] if isinstance(code, tuple) else code
            raise Refused(pointer, self.env._("“%s” is not known here.", shown))
        return known[code]

    def _med_compensate(self, partner, record, before, message):
        if not before:
            record.action_archive()
            return self.env._("%s was made by the message and is archived.", record.name)
        self._med_apply(partner, [message._med_item(before, record)])
        return self.env._("%s says again what it said before the message.", record.name)
