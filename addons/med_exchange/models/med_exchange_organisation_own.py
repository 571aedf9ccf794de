from odoo import models
from odoo.tools import SQL

from ..exceptions import Problem
from ..tools.conflict import differences
from ..tools.words import _lt, plain


class MedExchangeOrganisation(models.AbstractModel):
    """Whose organisations are whose: what a partner says of others' waits for a person.

    A contact below an organisation says where its goods and invoices go, and hands address and
    tax number on to it, so what it belongs to is looked at as well.
    """

    _inherit = "med.exchange.organisation"

    def _med_foreign(self, partner, told):
        if partner.organisation_scope == "all":
            return {}
        codes = {payload["parent"] for payload, _record, _export in told.values()
                 if payload.get("parent")}
        parents = self._med_find(partner, codes) if codes else {}
        records = self.env["res.partner"].union(
            *parents.values(), *(record for _payload, record, _export in told.values() if record))
        owned = self._med_owned(partner, records)
        found = {}
        for key, (payload, record, export) in told.items():
            if record and record not in owned and differences(export, payload):
                found[key] = Problem("/object", plain(_lt(
                    "“%s” is not yours, nor made by a message of yours: a person here decides "
                    "what you say of it."), key))
            parent = parents.get(payload.get("parent"))
            if parent and parent not in owned and (not record or differences(export, payload)):
                found[key] = Problem("/payload/parent", plain(_lt(
                    "“%s” is not yours, nor made by a message of yours: a person here decides "
                    "what belongs to it."), payload["parent"]))
        return found

    def _med_owned(self, partner, records):
        """Return those of the records that a partner may speak of, with all that is above them:
        of its own organisation, and those that its messages made."""
        every = rest = records.sudo()
        while rest := rest.parent_id - every:
            every |= rest
        made = {number for [number] in self.env.execute_query(SQL("""
            SELECT o.res_id
              FROM med_exchange_object o
              JOIN med_exchange_message m
                ON m.exchange_partner_id = o.exchange_partner_id AND m.schema = o.schema
               AND m.object_key = o.name AND m.res_model = o.res_model AND m.res_id = o.res_id
             WHERE o.exchange_partner_id = %s AND o.schema = %s AND o.res_id = ANY(%s)
               AND m.state IN ('applied', 'undone') AND m.before = '{}'""",
            partner.id, self._schema, every.ids))} if every else set()
        # Of what came earlier in the same call no row says yet that it was made by it.
        if user := partner.sudo().user_id:
            made |= set(every.filtered(lambda record: record.create_uid == user).ids)
        home = partner.sudo().partner_id.commercial_partner_id

        def is_own(record):
            chain = [record]
            while chain[-1].parent_id:
                chain.append(chain[-1].parent_id)
            return home in chain or all(one.id in made for one in chain)
        return records.filtered(lambda record: is_own(record.sudo()))
