import hashlib
import json

from odoo import models

from ..tools import canonical
from ..tools.canonical import FORM


class MedSignedContentMixin(models.AbstractModel):
    """Reads a record's fields as plain data that a digest can be taken of.

    A record that another one names counts by its id, so that a supplier who is renamed voids no
    signature; its name as of signing is kept beside, under the same digest.
    """

    _name = "med.signed.content.mixin"
    _description = "Content That Is Signed"

    def _med_content(self, paths):
        """Return the content of a record for some fields.

        :param paths: names of fields; ``"line_ids.decision"`` reads lines
        :return: ``{"form", "model", "id", "name", "fields", "values", "shown"}``; only ``values``
            decides whether a content is still the same
        """
        self.ensure_one()
        # The same text for every reader: no language, time zone or right of his own.
        record = self.sudo().with_context({}, lang="en_US", tz="UTC", active_test=False)
        if "company_id" in record._fields and record.company_id:
            record = record.with_company(record.company_id)
        values, shown = _values(record, paths)
        return {
            "form": FORM, "model": record._name, "id": record.id, "name": record.display_name,
            "fields": sorted(set(paths)), "values": values, "shown": shown,
        }

    def _med_says(self, content):
        """Return whether the record still says what a canonical content says.

        :param str content: canonical text, of :meth:`_med_content`
        """
        told = json.loads(content)
        if told["form"] != FORM or any(
                path.partition(".")[0] not in self._fields for path in told["fields"]):
            return False
        now = self._med_content(told["fields"])
        return canonical.canonical(now["values"]) == canonical.canonical(told["values"])


def _values(record, paths):
    tree = {}
    for path in paths:
        name, _dot, inner = path.partition(".")
        tree.setdefault(name, []).extend([inner] if inner else [])
    values, shown = {}, {}
    for name, inner in tree.items():
        values[name], label = _value(record, record._fields[name], inner)
        if label:
            shown[name] = label
    return values, shown


def _value(record, field, inner):
    """Return the plain value of a field, and what a person reads where that says more."""
    value = record[field.name]
    if field.type == "many2one":
        return value.id or None, value.display_name or None
    if field.type in ("one2many", "many2many"):
        return _lines(value.sorted("id"), inner)
    if field.type in ("integer", "boolean"):
        return value, None
    if field.type in ("float", "monetary"):
        digits = field.get_digits(record.env) if field.type == "float" else None
        return canonical.decimal_text(value, digits and digits[1]), None
    if value is False or value is None:
        return None, None
    if field.type in ("date", "datetime"):
        return canonical.time_text(value), None
    if field.type in ("binary", "image"):
        return "sha256:" + hashlib.sha256(value).hexdigest(), None
    if field.type == "many2one_reference":
        return value or None, None
    if field.type == "reference":
        return f"{value._name},{value.id}", value.display_name
    if field.type in ("json", "properties"):
        return json.dumps(value, sort_keys=True, default=str), None
    if field.type == "selection":
        return value, dict(field._description_selection(record.env)).get(value)
    return str(value), None


def _lines(lines, inner):
    if not inner:
        return lines.ids, dict(zip(map(str, lines.ids), lines.mapped("display_name"), strict=True))
    rows, shown = [], {}
    for line in lines:
        values, label = _values(line, inner)
        rows.append({"id": line.id, **values})
        if label:
            shown[str(line.id)] = label
    return rows, shown
