import uuid

from odoo import fields, models

from .med_udi_file_field import GROUPS, OWNERS

# One address of ours for all numbers that are worked out of names (RFC 9562, version 5).
NAMESPACE = uuid.UUID("5f2a7c1e-3a0b-5d43-9c5e-6d3b4d0f7a11")
PRODUCTION = (("pi_lot", "lot"), ("pi_serial", "serial"), ("pi_manufactured", "manufactured"),
              ("pi_expiry", "expiry"), ("pi_software", "software"), ("pi_donation", "donation"))


class MedUdiFile(models.Model):
    """The data of a device as a form asks for them: what is not known is empty, never "no"."""

    _inherit = "med.udi.file"

    def _med_values(self, places, line):
        """Return ``(values, groups)`` of one entry, as ``tools.mapping.lay_out`` takes them.

        :param places: fields of the form, of one entry
        """
        values, groups = {}, {}
        lang = self.format_id.lang
        if lang and lang in dict(self.env["res.lang"].get_installed()):
            line = line.with_context(lang=lang)
        for place in places.filtered("source"):
            if place.each:
                items = self._med_items(place.each, line)
                rows = groups.setdefault(place.each, [{} for _item in items])
                for item, row in zip(items, rows, strict=True):
                    row[place.id] = self._med_value(place, line, item)
            else:
                values[place.id] = self._med_value(place, line)
        return values, groups

    def _med_items(self, group, line):
        """Return the records that a group of the form is repeated for."""
        di = line.di_id
        if group == "packages":
            return self.env["med.udi.di"].search(
                [("base_id", "=", di.id), ("level", "!=", "unit"), ("state", "=", "active")],
                order="base_quantity, name")
        if group == "countries":
            return line.registration_id.country_ids.sorted("code")
        return {"storages": di.storage_ids, "sizes": di.size_ids, "aliases": di.alias_ids}.get(
            group) or self.env[GROUPS[group]]

    def _med_value(self, place, line, item=None):
        owner, dot, rest = place.source.partition(".")
        if owner == "file" and dot:
            return self._med_file_value(rest, line)
        derived = getattr(self, f"_med_value_{place.source}", None)
        if derived:
            return derived(line.di_id, line)
        if owner == "item" and dot:
            # A limit that a condition does not have is kept as 0.
            if item._name == "med.udi.storage" and rest in ("low", "high") and not item[
                    f"has_{rest}"]:
                return None
            return self._med_read(item, rest)
        if owner in OWNERS and dot:
            return self._med_read(
                line.registration_id if owner == "registration" else line.di_id.basic_id, rest)
        return self._med_read(line.di_id, place.source)

    def _med_read(self, record, path):
        """Return the plain value at a path of field names, or None where it is not known."""
        for name in path.split("."):
            if not record:
                return None
            field, record = record._fields[name], record[name]
        if field.type in ("char", "text", "selection", "date", "datetime", "many2one"):
            return record or None
        return record

    def _med_file_value(self, name, line):
        """Return a datum of the file itself; numbers follow from names, so that a file made twice
        is the same twice."""
        device = line.di_id.name if line else ""
        values = {
            "number": lambda: self.name,
            "day": lambda: fields.Date.to_date(self.made_time or fields.Datetime.now()),
            "time": lambda: (self.made_time or fields.Datetime.now()).strftime(
                "%Y-%m-%dT%H:%M:%SZ"),
            "uuid": lambda: self._med_uuid("file", self.name, device),
            "section_uuid": lambda: self._med_uuid("section", self.name, device),
            "set_uuid": lambda: self._med_uuid("device", self.company_id.id, device),
            "version": lambda: self._med_version(line),
            "sender": lambda: self.format_id.sender_code,
        }
        return values[name]() or None

    def _med_uuid(self, *parts):
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
        return str(uuid.uuid5(NAMESPACE, "/".join(map(str, (database, *parts)))))

    def _med_version(self, line):
        """Return how many files of this form the regulator got before, and one."""
        return 1 + self.env["med.udi.file.line"].search_count([
            ("di_id", "=", line.di_id.id), ("file_id.format_id", "=", self.format_id.id),
            ("file_id.submitted_time", "!=", False), ("file_id", "!=", self.id)])

    # ------------------------------------------------------------------ worked out

    def _med_alias(self, di, kind):
        return di.alias_ids.filtered(lambda one: one.kind == kind)[:1].name or None

    def _med_value_direct_mark(self, di, line):
        return self._med_alias(di, "direct_mark")

    def _med_value_has_direct_mark(self, di, line):
        return bool(self._med_alias(di, "direct_mark"))

    def _med_value_direct_mark_same(self, di, line):
        mark = self._med_alias(di, "direct_mark")
        return None if mark is None else mark == di.name

    def _med_value_unit_of_use(self, di, line):
        return self._med_alias(di, "unit_of_use")

    def _med_value_production(self, di, line):
        return tuple(code for name, code in PRODUCTION if di[name])

    def _med_value_market_status(self, di, line):
        ended = line.registration_id.distribution_end
        if ended and ended <= fields.Date.context_today(self):
            return "ended"
        return "on_market" if di.state == "active" else None

    def _med_value_no_human_blood(self, di, line):
        """A medicinal product from human blood is one: without a medicine there is none; with one,
        nobody has said."""
        return False if di.basic_id and not di.basic_id.contains_medicine else None

    def _med_value_storage_texts(self, di, line):
        """What the label says in words; limits have places of their own."""
        return "; ".join(filter(None, di.storage_ids.mapped("text"))) or None

    def _med_value_size_texts(self, di, line):
        return "; ".join(filter(None, di.size_ids.mapped("text"))) or None
