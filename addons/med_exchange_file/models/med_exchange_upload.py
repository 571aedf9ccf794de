from odoo import api, models
from odoo.addons.med_exchange.tools.coming import OUTCOMES
from odoo.exceptions import UserError

from ..tools.plain import plain

VERSION = 1
MOST_ROWS = 1_000  # told in one answer; the result file has all


class MedExchange(models.AbstractModel):
    """A partner without a program that speaks messages sends files."""

    _inherit = "med.exchange"

    @api.model
    def upload(self, name: str, content_base64: str, mapping: str, try_only: bool = False,
               key: str = "", signature: str = ""):
        """Take in a file, by a mapping that was agreed on: all of its rows, or none.

        The same file again does nothing again and has the same answer. A partner that must sign
        and was given a key signs its files, too: without a signature a file is only tried, and
        waits for a person here who takes it in. A partner that has no key needs none.

        :param name: file name, ending in ``.csv`` or ``.xlsx``
        :param content_base64: the file, at most 16 MB and 5,000 rows
        :param mapping: name of one of the partner's mappings that are in force
        :param try_only: only say what the file would do; it is taken in by a person here, or by
            sending it again without this
        :param key: name of the key of yours that signs the file
        :param signature: base64 of its signature, by the algorithm of that key, over the bytes of
            the file themselves, not over their base64
        :return: ``{"version", "file" (our number of it), "duplicate", "state" (tried, applied,
            part, broken, undone, undone_part), "problem", "made", "changed", "same", "refused",
            "rows": [{"line", "key", "outcome", "changes" (a line for each field that changes, with
            its values only where you may hear of that record), "reason", "message", "now" (what
            became of the message, as ``status`` tells it; "" where the row made none)}] (the first
            1,000), "next" (number that is expected next in the stream of the mapping), "waiting"
            (rows that wait for earlier numbers of the stream)}``
        :raise AccessError: the caller is no active partner
        :raise UserError: an argument is wrong, there is no such mapping, or the signature is not
            one of the file by a key in force
        """
        partner = self._med_partner()
        partner = partner.with_context(plain(self.env.context))
        for argument, value in (("name", name), ("content_base64", content_base64),
                                ("mapping", mapping)):
            if not isinstance(value, str) or not value.strip():
                raise UserError(self.env._("%s must be a text that is not empty.", argument))
        if not isinstance(try_only, bool):
            raise UserError(self.env._("try_only must be true or false."))
        for argument, value in (("key", key), ("signature", signature)):
            if not isinstance(value, str):
                raise UserError(self.env._("%s must be a text.", argument))
        found = partner.mapping_ids.filtered(
            lambda one: one.name == mapping.strip() and one.state == "active")
        if not found:
            raise UserError(self.env._(
                "There is no mapping “%(name)s” in force. There are: %(there)s.", name=mapping,
                there=", ".join(partner.mapping_ids.filtered(
                    lambda one: one.state == "active").mapped("name")) or "–"))
        return self._med_upload(found, name, content_base64, try_only, key, signature)

    def _med_upload(self, mapping, name, content, try_only, key, signature):
        mapping.exchange_partner_id._med_check_file(mapping.schema)
        files = mapping.env["med.exchange.file"].with_company(mapping.company_id)
        data = files._med_bytes(content)
        stands = mapping.exchange_partner_id._med_stands_for(data, key, signature)
        file = files._med_same(mapping, data)
        duplicate = bool(file)
        if not file:
            files._med_claim(mapping, data)
            file = files._med_make({"name": name.strip()[:200], "content": content,
                                    "mapping_id": mapping.id}, "partner")
            file.action_try()
        problem = ""
        if not try_only and file.state == "tried" and (
                not duplicate or file.origin == "partner"):
            if stands:
                file.action_apply()
            else:
                problem = self.env._("The file is not signed, so it was only tried: a person here "
                                     "takes it in, or send it again with key and signature.")
        return self._med_upload_told(file, duplicate, problem)

    def _med_upload_told(self, file, duplicate, problem):
        rows = file.row_ids[:MOST_ROWS]
        streams = file.env["med.exchange.stream"].sudo().search([
            ("exchange_partner_id", "=", file.exchange_partner_id.id),
            ("name", "=", file.mapping_id.stream)])
        return {
            "version": VERSION, "file": file.id, "duplicate": duplicate, "state": file.state,
            "waiting": file.waiting_count,
            "problem": file.problem or problem, "made": file.make_count,
            "changed": file.change_count, "same": file.same_count, "refused": file.refused_count,
            "next": streams.expected or 1,
            "rows": [{"line": row.number, "key": row.object_key or "", "outcome": row.outcome,
                      "changes": row.told or "", "reason": row.reasons or "",
                      "message": row.message if row.message_id else "",
                      "now": OUTCOMES.get(row.message_state, "")} for row in rows]}
