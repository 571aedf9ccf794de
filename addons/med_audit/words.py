"""Entries of the audit trail in words of the reader's language."""

from collections import defaultdict
from functools import cached_property
from zoneinfo import ZoneInfo

from odoo.tools import SQL, html2plaintext

from .tools import reading


class Words:
    """Everything that rendering a batch of entries needs, read once.

    :param entries: ``med.audit.entry`` in the reader's environment
    :param rows: the entries to come
    """

    def __init__(self, entries, rows):
        self.env = entries.env
        self.free = entries.has_access("read")
        self.zone = ZoneInfo(self.env.tz.zone) if self.env.tz else None
        self.ops = dict(entries._fields["op"]._description_selection(self.env))
        self.origins = dict(entries._fields["origin"]._description_selection(self.env))
        self.events = entries._event_labels()
        self.fields, self.relations, self.lines, self.names = {}, {}, {}, {}
        self.sides = {row["id"]: (reading.values(row["old"]), reading.values(row["new"]))
                      for row in rows}
        for model in {row["model"] for row in rows if row["model"] in self.env}:
            self._learn(model, rows)
        self._learn_names(rows)
        self.before = self._learn_before(rows)

    def _learn(self, model, rows):
        """Read what the fields that changed are called, as far as the reader may read them."""
        Model = self.env[model]
        self.relations.update({
            (model, field.relation): field for field in Model._fields.values()
            if field.type == "many2many" and field.store and field.relation})
        mine = [row for row in rows if row["model"] == model]
        names = {name for row in mine for side in self.sides[row["id"]] for name in side}
        names |= {self.relations[model, row["tbl"]].name for row in mine
                  if (model, row["tbl"]) in self.relations}
        if names and (Model.has_access("read") or self.free):
            self.fields[model] = Model.fields_get(
                names, ["string", "type", "selection", "relation"])

    def _learn_names(self, rows):
        """Read the names of all records that entries refer to, one read a model."""
        wanted = defaultdict(set)
        for row in rows:
            if row["model"] not in self.env:
                continue
            if row["res_id"]:
                wanted[row["model"]].add(row["res_id"])
            for side in self.sides[row["id"]]:
                for name, text in side.items():
                    comodel = self._comodel(row, name)
                    if comodel and text and text.isdigit():
                        wanted[comodel].add(int(text))
        for model, found in wanted.items():
            records = self.env[model].browse(sorted(found)).exists()
            self.names[model] = {record.id: record.display_name
                                 for record in records._filtered_access("read")}
            self.lines[model] = set(records.ids)
        users = self.env["res.users"].sudo().browse(
            {row["user_id"] for row in rows if row["user_id"]})
        self.people = {user.id: user.name for user in users.exists()}

    def _comodel(self, row, name):
        relation = self.relations.get((row["model"], row["tbl"]))
        if relation is not None:
            return relation.comodel_name if name == relation.column2 else ""
        field = self.env[row["model"]]._fields.get(name)
        return field.comodel_name if field is not None and field.type == "many2one" else ""

    def _learn_before(self, rows):
        """Return ``{entry id: columns}`` that had a value which an older entry changed.

        Updates in the transaction that created the record belong to its first entry, and are
        not in it.
        """
        pairs = {(row["model"], row["res_id"]) for row in rows
                 if row["op"] == "U" and row["model"] in self.env}
        if not pairs:
            return {}
        found = defaultdict(set)
        for model, res_id, names in self.env.execute_query(SQL(
                """SELECT model, res_id, array_agg(DISTINCT key)
                     FROM med_audit.entry, json_each_text(body::json -> 14) AS e(key, value)
                    WHERE (model, res_id) IN %s AND op = 'U' AND id < %s AND value IS NOT NULL
                 GROUP BY model, res_id""", tuple(pairs), min(row["id"] for row in rows))):
            found[model, res_id] = set(names)
        created = {(model, res_id, xid) for model, res_id, tbl, xid in self.env.execute_query(SQL(
            "SELECT model, res_id, tbl, xid FROM med_audit.entry"
            " WHERE (model, res_id) IN %s AND op = 'I'", tuple(pairs)))
            if tbl == self.env[model]._table}
        before = {}
        for row in reversed(rows):
            key = row["model"], row["res_id"]
            if row["op"] == "U" and (*key, row["xid"]) not in created:
                # What the page itself changed counts for the entries that follow in time.
                before[row["id"]] = frozenset(found[key])
                old, _new = self.sides[row["id"]]
                found[key].update(name for name, text in old.items() if text is not None)
        return before

    # ------------------------------------------------------------------ one entry

    def entry(self, row, record):
        changes, withheld = self._changes(row)
        event = row["event"] or ""
        return {
            "id": str(row["id"]), "at": f"{row['at'].isoformat(timespec='microseconds')}Z",
            "transaction": str(row["xid"]), "op": row["op"],
            "op_label": self._op_label(row), "model": row["model"], "res_id": row["res_id"] or 0,
            "line": self._line(row, record), "who": self._who(row), "login": row["login"] or "",
            "origin": row["origin"] or "",
            "origin_label": self.origins.get(row["origin"], row["origin"] or ""),
            "what": row["what"] or "", "reason": row["reason"] or "",
            "event_at": f"{row['event_at'].isoformat()}Z" if row["event_at"] else "",
            "late": bool(row["event_at"]), "event": event,
            "event_label": self.events.get(event, event), "changes": changes,
            "withheld": withheld, "seq": "" if row["seq"] is None else str(row["seq"]),
            "sealed": row["seq"] is not None, "message": row["message"] or "",
        }

    def _op_label(self, row):
        if (row["model"], row["tbl"]) in self.relations and row["op"] in "ID":
            return self.env._("Linked") if row["op"] == "I" else self.env._("Unlinked")
        return self.ops.get(row["op"], row["op"])

    def _who(self, row):
        return self.people.get(row["user_id"]) or row["login"] or (
            self.origins["database"] if row["origin"] == "database"
            else self.env._("Not signed in"))

    def _line(self, row, record):
        if record is not None and (row["model"], row["res_id"]) == (record._name, record.id):
            return ""
        if row["model"] not in self.env:
            return f"{row['model']}, {row['res_id']}" if row["res_id"] else row["model"]
        kind = self.env["ir.model"].sudo()._get(row["model"]).name
        name = self.names.get(row["model"], {}).get(row["res_id"]) or self._old_name(row)
        return f"{kind}: {name}" if name else kind

    def _old_name(self, row):
        """Return the name a deleted record had, where the entry still has it."""
        old, new = self.sides[row["id"]]
        for column in (self.env[row["model"]]._rec_name, "name"):
            text = new.get(column) or old.get(column)
            if text:
                return self._in_language(text)
        return f"#{row['res_id']}" if row["res_id"] else ""

    def _in_language(self, text):
        texts = {key: new for key, _old, new in reading.by_key("", text)}
        return texts.get(self.env.lang or "en_US") or texts.get("en_US") or texts.get("") or text

    # ------------------------------------------------------------------ its changes

    def _changes(self, row):
        """Return the changes that the reader may see, and how many he may not."""
        old, new = self.sides[row["id"]]
        if row["op"] == "E":
            return [self._change(name, name, "", text, False) for name, text in new.items()
                    if name != "event" and text], 0
        relation = self.relations.get((row["model"], row["tbl"]))
        if relation is not None:
            return self._link(row, relation, old, new)
        if row["op"] == "U":
            names = reading.changed(old, new)
        else:
            names = [name for name in reading.changed(old, new) if (new or old)[name] != "f"]
        changes, withheld = [], 0
        readable = self.fields.get(row["model"], {})
        for name in names:
            if name not in readable and not (
                    self.free and name not in getattr(self.env.get(row["model"]), "_fields", {})):
                withheld += 1
                continue
            after_first = row["id"] in self.before and (
                old.get(name) is not None or name in self.before[row["id"]])
            changes += self._field_changes(
                row["model"], name, old.get(name), new.get(name), after_first)
        return changes, withheld

    def _link(self, row, relation, old, new):
        if relation.name not in self.fields.get(row["model"], {}):
            return [], 1
        name = self._name(relation.comodel_name, (new or old).get(relation.column2))
        label = self.fields[row["model"]][relation.name]["string"]
        linked = row["op"] in "IS"
        return [self._change(relation.name, label, "" if linked else name, name if linked else "",
                             row["op"] == "D", "link" if linked else "unlink")], 0

    def _field_changes(self, model, name, old, new, after_first):
        description = self.fields[model].get(name, {"string": name, "type": "char"})
        field = self.env[model]._fields.get(name)
        label = description["string"]
        if field is None or not (field.translate or field.company_dependent):
            return [self._value_change(model, name, label, description, old, new, after_first)]
        companies = self.companies if field.company_dependent else {}
        return [
            self._value_change(
                model, name, f"{label} ({companies.get(key, key)})" if key else label, description,
                before, after, after_first)
            for key, before, after in reading.by_key(old, new)]

    def _value_change(self, model, name, label, description, old, new, after_first):
        if description["type"] in ("html", "text"):
            plain = html2plaintext if description["type"] == "html" else str
            before, after = (plain(text).strip() if text else "" for text in (old, new))
            change = self._change(name, label, before, after, after_first, "text")
            if before and after:
                change["diff"] = reading.difference(before, after)
            return change
        return self._change(name, label, self._value(model, name, description, old),
                            self._value(model, name, description, new), after_first)

    @staticmethod
    def _change(name, label, old, new, after_first, kind="value"):
        return {"field": name, "label": label, "kind": kind, "old": old, "new": new,
                "after_first": bool(after_first)}

    def _value(self, model, name, description, text):
        """Return one value as a reader of this language expects it."""
        kind = description["type"]
        if text is None or text == "":
            return ""
        if getattr(self.env[model]._fields.get(name), "personal", False):
            return self.env._("(encrypted)")
        if text.startswith("sha256:"):
            return text
        if kind == "boolean":
            return self.env._("yes") if text in ("t", "true") else self.env._("no")
        if kind == "selection":
            return dict(description.get("selection") or ()).get(text, text)
        if kind == "many2one":
            return self._name(description["relation"], text)
        if kind == "datetime":
            return reading.moment(text, self.zone) if self.zone else reading.moment(text)
        return reading.number(text) if kind in ("float", "monetary") else text

    def _name(self, model, text):
        """Return the name a record has now, with its id; of a record gone or closed the id."""
        if not text or not text.isdigit():
            return text or ""
        number = int(text)
        name = self.names.get(model, {}).get(number)
        if name is not None:
            return f"{name} (#{number})"
        return f"#{number}" if number in self.lines.get(model, ()) else self.env._(
            "#%s, deleted since", number)

    @cached_property
    def companies(self):
        """Names of the companies by their id as text, for values that differ by company."""
        companies = self.env["res.company"].sudo().search([])
        return {str(company.id): company.name for company in companies}
