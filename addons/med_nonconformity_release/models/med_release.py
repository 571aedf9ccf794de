from odoo import models
from odoo.addons.med_release.tools.checks import EXCEPTED, MISSING, NOTE, item

CONCEDED = ("use_as_is", "repair")


class MedRelease(models.Model):
    """A release waits for open nonconformities, and names concessions and deviations."""

    _inherit = "med.release"

    def _med_deviation_items(self):
        return [*super()._med_deviation_items(), *self._med_nonconformity_items(),
                *self._med_permit_items()]

    def _med_nonconformities(self):
        return self.env["med.nonconformity"].search([
            "|", ("production_id", "=", self.production_id.id),
            ("line_ids.lot_id", "in", self._med_output_lots().ids),
            ("state", "!=", "cancelled")], order="id")

    def _med_nonconformity_items(self):
        """Return what is not decided as missing, what is conceded as an exception."""
        items, lots = [], self._med_output_lots()
        words = dict(self.env["med.nonconformity.line"]._fields["decision"]
                     ._description_selection(self.env))
        for record in self._med_nonconformities():
            if record.state in ("reported", "evaluated"):
                items.append(item(MISSING, self.env._(
                    "%(record)s is not decided", record=record.display_name),
                    record._name, record.id))
                continue
            conceded = record.line_ids.filtered(
                lambda line: line.lot_id in lots and line.decision in CONCEDED)
            items += [item(EXCEPTED, self.env._(
                "%(lot)s: %(decision)s", lot=line.lot_id.name, decision=words[line.decision]),
                record._name, record.id, line.concession_id.display_name) for line in conceded]
            if not conceded:
                items.append(item(NOTE, record.display_name, record._name, record.id))
        return items

    def _med_permit_items(self):
        """Return deviations of the order and its lots: what is not approved is missing."""
        lots = self._med_output_lots()
        found = self.env["med.deviation"].search([
            "|", "|", ("lot_ids", "in", lots.ids), ("use_ids.lot_id", "in", lots.ids),
            ("use_ids", "any", [("res_model", "=", "mrp.production"),
                                ("res_id", "=", self.production_id.id)])], order="id")
        words = dict(found._fields["condition"]._description_selection(self.env))
        states = {"draft": MISSING, "submitted": MISSING, "approved": EXCEPTED, "closed": EXCEPTED}
        return [item(states.get(one.state, NOTE), self.env._(
            "%(deviation)s (%(condition)s): %(requirement)s", deviation=one.name,
            condition=words[one.condition], requirement=one.requirement or ""),
            one._name, one.id, one.name) for one in found]

    def _med_cured(self, inspections):
        """A rejection is good for the lots that its nonconformity decided to use."""
        lots = self._med_output_lots().filtered(lambda lot: lot.med_status != "rejected")
        settled = lots._med_settled()
        return super()._med_cured(inspections) | inspections.filtered(
            lambda one: (one.lot_ids & lots) and all(
                (lot.id, one.id) in settled for lot in one.lot_ids & lots))
