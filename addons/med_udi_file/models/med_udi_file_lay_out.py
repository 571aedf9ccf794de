from odoo import fields, models
from odoo.tools import groupby

from ..tools import mapping, tree


class MedUdiFile(models.Model):
    """Which devices stand in a file, what the form asks for, and what is missing."""

    _inherit = "med.udi.file"

    # ------------------------------------------------------------------ the devices

    def _med_find_registrations(self):
        """Note the registration of each device on the market, the newest that has not ended."""
        found = {}
        for row in self.env["med.udi.registration"].search([
                ("di_id", "in", self.line_ids.di_id.ids), ("state", "!=", "ended"),
                ("jurisdiction_id", "=", self.jurisdiction_id.id)], order="date_from, id"):
            found[row.di_id] = row
        for line in self.line_ids:
            line._store({"registration_id": found.get(line.di_id, line.env[
                "med.udi.registration"]).id})

    def _med_entries(self):
        """Return the lines that stand for an entry each: all, or one of each Basic UDI-DI."""
        if self.format_id.entry == "di":
            return list(self.line_ids)
        return [rows[0] for _basic, rows in groupby(self.line_ids, lambda one: one.basic_id)]

    def _med_device_problems(self):
        """Return what is wrong with the choice of devices."""
        _, form, found = self.env._, self.format_id, []

        def tell(line, sentence):
            found.append({"kind": "device", "line_id": line.id, "di_id": line.di_id.id,
                          "sentence": sentence})

        if not self.line_ids:
            found.append({"kind": "file", "sentence": _("Choose the device identifiers first.")})
        if len(self._med_entries()) > form.most:
            found.append({"kind": "file", "sentence": _(
                "The form takes at most %(most)s entries and these are %(count)s: make several "
                "files.", most=form.most, count=len(self._med_entries()))})
        fitting = self.env["med.udi.di"].search(
            form._med_condition() & fields.Domain("id", "in", self.line_ids.di_id.ids))
        for line in self.line_ids:
            di = line.di_id
            if di.level != "unit":
                tell(line, _("%(di)s is a package: choose its base package %(base)s, with which "
                             "the packages are sent.", di=di.name, base=di.base_id.name or "?"))
            elif di.state == "draft":
                tell(line, _("%s is a draft: activate it first.", di.name))
            elif di not in fitting:
                tell(line, _("%(di)s is not for “%(form)s”: it does not meet the condition of the "
                             "form.", di=di.name, form=form.name))
            elif not line.registration_id:
                tell(line, _("%(di)s has no open registration on the market %(market)s: add one.",
                             di=di.name, market=self.jurisdiction_id.code))
            elif form.entry == "di" and not di.characteristics_confirmed:
                tell(line, _("%s: nobody has confirmed that the boxes that are not ticked mean "
                             "“no”. Compare them with the label and tick “Boxes Compared with the "
                             "Label”.", di.name))
        if form.basic_once:
            for basic, lines in groupby(self.line_ids, lambda one: one.basic_id):
                for line in lines[1:] if basic else ():
                    tell(line, _("%(di)s has the same Basic UDI-DI as %(other)s, which the form "
                                 "takes once in a file: make a file of its own.",
                                 di=line.di_id.name, other=lines[0].di_id.name))
        return found

    # ------------------------------------------------------------------ the cells

    def _med_lay_out(self):
        """Return ``(cells of each entry by line, problems)``."""
        if problems := self._med_device_problems():
            return {}, problems
        rows = self.format_id.field_ids.filtered(lambda one: one.scope == "entry")
        places, words = [one._med_place() for one in rows], self._med_words()
        found = {}
        for line in self._med_entries():
            values, groups = self._med_values(rows, line)
            found[line], lacks = mapping.lay_out(places, values, groups, words)
            problems += [self._med_lack(lack, line) for lack in lacks]
        head, lacks = self._med_head()
        problems += [self._med_lack(lack, line) for lack, line in lacks]
        return {**found, None: head}, problems

    def _med_head(self):
        """Return the cells of the file itself, for each document of it: before and after the
        entries."""
        rows = self.format_id.field_ids.filtered(lambda one: one.scope == "file")
        documents = self._med_entries() if self.format_id.apart else [self._med_entries()[0]]
        heads, lacks = {}, []
        for line in documents:
            halves = ([], [])
            after = 0
            for row in rows:
                if row.source == "entries":
                    after = 1
                    continue
                got = mapping.fill(row._med_place(), row.source and self._med_value(row, line),
                                   words=self._med_words())
                if isinstance(got, mapping.Lack):
                    lacks.append((got, None))
                elif got:
                    halves[after].append(got)
            heads[line] = halves
        return heads, lacks

    def _med_words(self):
        form = self.format_id
        return mapping.Words(form.word_yes, form.word_no, form.joint or "", form.day)

    def _med_lack(self, lack, line):
        """Return the problem that says in one sentence what to do about a place."""
        _ = self.env._
        row = self.env["med.udi.file.field"].browse(lack.field.key)
        element, place = row._med_label(), tree.plain_path(row.path)
        if row.each:
            element = f"{element} ({lack.index + 1})"
        device = line.di_id.name if line else self.format_id.name
        told = {"device": device, "element": element, "place": place}
        sentence = {
            "missing": _("%(device)s lacks “%(element)s”, which the form asks for at %(place)s.",
                         **told),
            "long": _("%(device)s: “%(element)s” has %(count)s characters; the form takes "
                      "%(most)s at %(place)s.", count=len(lack.value),
                      most=lack.field.max_length, **told),
            "code": _("%(device)s: for “%(value)s” of “%(element)s” the form has no code at "
                      "%(place)s. Change the device, or add the code to the form.",
                      value=lack.value, **told),
            "characters": _("%(device)s: “%(element)s” holds characters that no XML can hold.",
                            **told),
        }[lack.code]
        return {"kind": lack.code, "line_id": line.id if line else False,
                "di_id": line.di_id.id if line else False, "element": element, "place": place,
                "sentence": sentence}
