from odoo import fields, models

from ..exceptions import ReportRefused
from ..tools import life
from ..tools import report as form


class MedOutsourcingOrder(models.Model):
    """Whether a report is taken: its form, the order of life, and the revision."""

    _inherit = "med.outsourcing.order"

    # ------------------------------------------------------------------ reading

    def _med_read_report(self, report):
        try:
            told = form.plain(report)
        except form.NotPlain as error:
            raise ReportRefused(error.pointer, self._med_form_sentence(error.code)) from error
        if told["kind"] not in life.WHEN:
            raise ReportRefused("/kind", self.env._(
                "“%(kind)s” is nothing that is reported. It is one of: %(kinds)s.",
                kind=told["kind"], kinds=", ".join(life.WHEN)))
        if not told["reference"]:
            raise ReportRefused("/reference", self.env._(
                "A report has a number of the processor's own: give it one."))
        if told["kind"] in life.COUNTS and not told["lots"]:
            raise ReportRefused("/lots", self.env._("Say which lots, and how much of each."))
        return told

    def _med_form_sentence(self, code):
        _ = self.env._
        return {
            "text": _("This must be a text."), "long": _("This text is too long."),
            "time": _("The time must be a date with a time of day, in UTC."),
            "list": _("This must be a list of rows."), "many": _("These are too many rows."),
            "name": _("A name is missing."),
            "quantity": _("The quantity must be a number above zero, in the product's unit."),
            "unknown": _("Nothing of this name or form is reported."),
        }[code]

    def _med_same_again(self, known, data):
        if known.digest == data:
            return known
        raise ReportRefused("/reference", self.env._(
            "Report %(reference)s was made before with other content. Correct it by a report "
            "with a number of its own that supersedes it.", reference=known.reference))

    def _med_corrected(self, told):
        """Return the event that this report corrects, or an empty one."""
        events = self.event_ids
        if not told["supersedes"]:
            return events.browse()
        found = events.filtered(lambda one: (one.kind, one.reference) == (
            told["kind"], told["supersedes"]))
        if not found:
            raise ReportRefused("/supersedes", self.env._(
                "There is no report %(reference)s of this kind to correct.",
                reference=told["supersedes"]))
        if found.superseded:
            raise ReportRefused("/supersedes", self.env._(
                "Report %(reference)s is corrected already: correct the later one.",
                reference=told["supersedes"]))
        return found

    # ------------------------------------------------------------------ order of life

    def _med_said(self, without=None):
        """Return the processor's events that count, for :mod:`..tools.life`."""
        return [life.Said(one.kind, one.event_time) for one in self.event_ids - (
            without or self.event_ids.browse())
            if not one.superseded and one.kind != "note"]

    def _med_check_life(self, told, before):
        code = life.obstacle(
            told["kind"], told["time"], self.state, self._med_said(before), self.date_released,
            fields.Datetime.now(), correcting=bool(before))
        if not code:
            return
        _, kinds = self.env._, dict(self._med_words("kind"))
        states = dict(self._fields["state"]._description_selection(self.env))
        pointer, sentence = {
            "state": ("/kind", _(
                "%(order)s is “%(state)s”: “%(kind)s” is not reported now.", order=self.name,
                state=states[self.state], kind=kinds[told["kind"]])),
            "future": ("/time", _("The time is in the future.")),
            "early": ("/time", _("The time is before the order was released.")),
            "order": ("/time", _(
                "“%(kind)s” comes only after “%(before)s”, which was not reported for this time.",
                kind=kinds[told["kind"]],
                before=kinds.get(life.AFTER.get(told["kind"]), ""))),
            "late": ("/time", _(
                "What comes only after “%(kind)s” was reported for an earlier time: %(after)s. "
                "Correct that first.", kind=kinds[told["kind"]], after=", ".join(
                    kinds[one] for one in life.FOLLOWS.get(told["kind"], ())))),
        }[code]
        raise ReportRefused(pointer, sentence)

    def _med_words(self, name):
        return self.env["med.outsourcing.event"]._fields[name]._description_selection(self.env)

    # ------------------------------------------------------------------ revision

    def _med_check_revision(self, told, lots):
        """Return the deviation that covers what departs from the order, or an empty one."""
        strange = [row for row in lots if row.get("strange")]
        other = told["revision"] and told["revision"] != self.revision
        if told["kind"] in life.CONFIRMS and not told["revision"]:
            raise ReportRefused("/revision", self.env._(
                "Say to which revision: the order is of revision %(revision)s.",
                revision=self.revision))
        if not other and not strange:
            return self.env["med.deviation"]
        pointer, why = ("/revision", self.env._(
            "The order is of revision %(ours)s, and this is said of revision %(theirs)s.",
            ours=self.revision, theirs=told["revision"])) if other else (
            strange[0]["pointer"], self.env._(
                "%(product)s is not in the bill of materials of the order.",
                product=strange[0]["product"].display_name))
        if not told["deviation"]:
            raise ReportRefused(pointer, self.env._(
                "%(why)s It is taken only under an approved deviation that is in force: name its "
                "number.", why=why))
        deviation = self._med_find_deviation(told["deviation"])
        if not deviation:
            raise ReportRefused("/deviation", self.env._(
                "%(why)s There is no deviation %(number)s.", why=why, number=told["deviation"]))
        reason = self._med_uncovered(deviation, self._med_departing(lots), bool(other))
        if reason:
            raise ReportRefused("/deviation", f"{why} {reason}")
        return deviation

    def _med_departing(self, lots):
        """Return (product, lot, quantity) that a deviation must name.

        What is finished is booked by :meth:`_med_use_deviation`, and counted there, once.
        """
        rows = [(row["product"], row["lot"], row["quantity"] if row.get("strange") else 0.0)
                for row in lots if row["outcome"] in ("good", "reject") or row.get("strange")]
        if rows:
            return rows
        if self.kind == "process":
            return [(line.product_id, line.lot_id, 0.0) for line in self.line_ids]
        return [(self.product_id, self.env["stock.lot"], 0.0)]
