import json

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..words import Words

VERSION = 1
LIMIT = 500
COLUMNS = ("id", "at", "xid", "op", "model", "res_id", "tbl", "user_id", "company_id", "origin",
           "what", "login", "reason", "event_at", "event", "old", "new", "seq", "message")


class MedAuditEntry(models.Model):
    """Reading the trail: what happened to one record, in words of the reader's language."""

    _inherit = "med.audit.entry"

    # ------------------------------------------------------------------ public

    @api.model
    @api.readonly
    def history(self, model: str, res_id: int, limit: int = 80, before: str = ""):
        """Return what happened to a record and to its lines, newest first.

        For everybody who may read the record; fields that the caller may not read are left out and
        counted in ``withheld``. The history of a record that is gone, and values of fields that
        are gone, are for those who may search the trail. Names of records are those of today.

        :param model: model of the record, for example ``stock.lot``
        :param res_id: its id
        :param limit: entries wanted, 1 to 500
        :param before: ``next`` of the answer before, to read on; "" begins with the newest
        :return: ``{"version", "model", "res_id", "name", "audited", "searchable" (by the caller),
            "more", "next", "entries"}``; an entry is ``{"id", "at" (ISO, UTC), "transaction",
            "op" (I insert, U update, D delete, S state found, E event), "op_label", "model",
            "res_id", "line" (of a line or an attachment: what it is, else ""), "who", "login",
            "origin", "origin_label", "what", "reason", "event_at" (when it happened, of a late
            entry), "late", "event", "event_label", "changes", "withheld", "seq", "sealed",
            "message" (of another system: its code and the id of its message)}``; a
            change is ``{"field", "label", "kind" (value, text, link, unlink), "old", "new",
            "after_first" (a value that was there before was changed), "diff" (of long texts:
            [mark, text] with marks = - +)}``
        :raise AccessError: the caller may not read the record
        :raise UserError: an argument cannot be used
        """
        record = self._history_record(model, res_id)
        limit, before = self._history_page(limit, before)
        audited = self._audited_models()
        rows = self._history_rows(record, limit + 1, before, audited=audited)
        more, rows = len(rows) > limit, rows[:limit]
        return {
            "version": VERSION, "model": model, "res_id": record.id,
            "name": record.exists().sudo().display_name or "",
            "audited": model in audited,
            "searchable": self.has_access("read"),
            "more": more, "next": str(rows[-1]["id"]) if more else "",
            "entries": self._render_entries(rows, record),
        }

    # ------------------------------------------------------------------ what is asked

    @api.model
    def _history_record(self, model, res_id):
        """Return the record as the caller sees it; raise where he may not."""
        if not isinstance(model, str) or model not in self.env or self.env[model]._abstract:
            raise UserError(self.env._("model must be the name of a model of this database."))
        if not isinstance(res_id, int) or isinstance(res_id, bool) or res_id < 1:
            raise UserError(self.env._("res_id must be the id of a record."))
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The audit trail is for people of the company."))
        record = self.env[model].browse(res_id)
        if record.exists():
            record.check_access("read")
        else:
            self.check_access("read")
        return record

    @api.model
    def _history_page(self, limit, before):
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= LIMIT:
            raise UserError(self.env._("limit must be a number from 1 to %s.", LIMIT))
        if not isinstance(before, str) or not (before == "" or (
                before.isascii() and before.isdigit() and len(before) < 19)):
            raise UserError(self.env._("before must be the \"next\" of an answer, or empty."))
        return limit, int(before or 0)

    @api.model
    def _audited_models(self):
        """Return the names of the models whose tables are under audit."""
        return {model for [model] in self.env.execute_query(
            SQL("SELECT DISTINCT model FROM med_audit.target"))}

    @api.model
    def _audited_selection(self):
        """Return ``[(model, its name)]`` of what is under audit, for a person to choose from."""
        models = self.env["ir.model"].sudo().search(
            [("model", "in", sorted(self._audited_models())), ("transient", "=", False)])
        return sorted(((model.model, model.name) for model in models), key=lambda pair: pair[1])

    # ------------------------------------------------------------------ which entries

    @api.model
    def _history_parts(self, record, audited=None):
        """Return ``[(label, model, ids, {column: text})]``: what lives and dies with the record.

        Lines, whose link to the record cascades, and attachments: those that are there now by id,
        those that were deleted by the columns that named the record.

        :param audited: as `_audited_models` returns it, where it is known
        """
        audited = self._audited_models() if audited is None else audited
        parts = []
        for field in record._fields.values():
            if field.type != "one2many" or field.comodel_name not in audited:
                continue
            inverse = self.env[field.comodel_name]._fields.get(field.inverse_name)
            if (inverse is not None and inverse.store and inverse.type == "many2one"
                    and inverse.ondelete == "cascade" and record._has_field_access(field, "read")):
                parts.append((field.get_description(self.env, ["string"])["string"],
                              field.comodel_name, {inverse.name: str(record.id)}))
        if "ir.attachment" in audited:
            parts.append((self.env._("Attachments"), "ir.attachment",
                          {"res_model": record._name, "res_id": str(record.id)}))
        found = []
        for label, model, columns in parts:
            if self.env[model].has_access("read"):
                lines = self.env[model].with_context(active_test=False).search(
                    [(name, "=", int(text) if text.isdigit() else text)
                     for name, text in columns.items()], order="id")
                found.append((label, model, lines.ids, columns))
        return found

    @api.model
    def _history_rows(self, record, limit, before=0, period=None, others=(), audited=None):
        """Return the newest entries of the record and its parts, as dictionaries of COLUMNS.

        Each part is looked up by its own index: one condition for all would read the whole store.

        :param int before: only entries with a lower id; 0 begins with the newest
        :param period: a further SQL condition on columns of ``med_audit.entry``
        :param others: further recordsets whose entries are wanted, without their parts
        :param audited: as `_audited_models` returns it, where it is known
        """
        arms = [SQL("model = %s AND res_id = %s", record._name, record.id)]
        for _label, model, ids, columns in self._history_parts(record, audited):
            if ids:
                arms.append(SQL("model = %s AND res_id = ANY(%s)", model, ids))
            arms.append(SQL(
                "model = %s AND op = 'D' AND (body::json -> 14)::text::jsonb @> %s::jsonb",
                model, json.dumps(columns)))
        arms += [SQL("model = %s AND res_id = ANY(%s)", other._name, other.ids)
                 for other in others if other]
        further = SQL("%s AND %s", SQL("id < %s", before) if before else SQL("true"),
                      period or SQL("true"))
        found = self.env.execute_query(SQL(
            "WITH found AS MATERIALIZED (%s)"
            " SELECT DISTINCT id FROM found ORDER BY id DESC LIMIT %s",
            SQL(" UNION ALL ").join(
                SQL("SELECT id FROM med_audit.entry WHERE %s AND %s", arm, further)
                for arm in arms), limit))
        return self._read_rows(SQL("id = ANY(%s)", [number for [number] in found]))

    @api.model
    def _read_rows(self, condition, limit=None):
        """Return entries that meet an SQL condition on the columns of the view, newest first."""
        return self.env.execute_query_dict(SQL(
            "SELECT %s FROM med_audit_entry WHERE %s ORDER BY id DESC LIMIT %s",
            SQL(", ").join(map(SQL.identifier, COLUMNS)), condition, limit))

    # ------------------------------------------------------------------ in words

    @api.model
    def _render_entries(self, rows, record=None):
        """Return entries as ``history`` gives them; no query is made for a single entry.

        :param list rows: dictionaries of COLUMNS, newest first
        :param record: where given, entries of other records are named as its lines
        """
        words = Words(self, rows)
        return [words.entry(row, record) for row in rows]

    @api.model
    def _event_labels(self):
        """Return ``{kind: words}`` of events; an addon that records its own kinds adds them."""
        _ = self.env._
        return {
            "sign_in": _("Signed in"), "sign_in_refused": _("Sign-in refused"),
            "export": _("Exported"), "attach": _("Auditing of a table began"),
            "detach": _("Auditing of a table ended"), "uninstall": _("Audit trail uninstalled"),
            "seal_key": _("Key of the seal made"), "seal_key_retired": _("Key of the seal retired"),
            "seal_resumed": _("Sealing resumed after a restore"), "anchor": _("Anchored outside"),
            "verification": _("Verified"), "personal_read": _("Personal data read"),
            "personal_forgotten": _("Personal data forgotten"),
        }
