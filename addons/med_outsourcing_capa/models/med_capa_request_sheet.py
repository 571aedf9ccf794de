from odoo import models
from odoo.addons.med_exchange_capa.models.med_capa_request import ENDED, PARTS
from odoo.tools import format_date


class MedCapaRequest(models.Model):
    """A request as its processor reads it. Nothing of the CAPA itself."""

    _inherit = "med.capa.request"

    def _med_portal_number(self):
        """Return the number by which the processor knows it."""
        return self.their_number if self.direction == "in" else self.name

    def _med_portal_waits(self):
        """Return whether an answer may be given now."""
        return self.state not in ENDED and self.state != "draft"

    def _med_portal_state(self):
        """Return ``(key, words, colour)`` of how far it is for the processor."""
        _ = self.env._
        if self.direction == "in":
            if self.state == "cancelled":
                return "cancelled", _("Taken back"), "secondary"
            words = dict(self._fields["their_state"]._description_selection(self.env))
            return self.their_state, words[self.their_state], "info"
        return {
            "sent": ("open", _("To answer"), "warning"),
            "returned": ("returned", _("Sent back: answer again"), "danger"),
            "answered": ("answered", _("We read your answer"), "info"),
            "accepted": ("accepted", _("Accepted"), "success"),
            "cancelled": ("cancelled", _("Cancelled by us"), "secondary"),
        }[self.state]

    def _med_portal_days(self):
        """Return ``(last day for the containment, last day to answer)``, in words."""
        return tuple(format_date(self.env, day) if day else ""
                     for day in (self.date_contain, self.date_due))

    def _med_portal_asked(self):
        """Return what is asked for, in words."""
        _ = self.env._
        words = {
            "containment": _("Containment: what keeps it from going on, and from reaching us"),
            "cause": _("Root cause, and what shows it"),
            "corrective": _("Corrective actions: so that it does not happen again"),
            "preventive": _("Preventive actions: so that it does not happen elsewhere")}
        return [words[part] for part in PARTS if self[f"ask_{part}"]]

    def _med_portal_answers(self):
        """Return the answers that came, the newest first."""
        return self.answer_ids.filtered(lambda one: one.state != "dropped").sorted(
            "id", reverse=True)

    def _med_portal_files(self):
        """Return the files of what counts, or counted. A paper that nobody has compared yet may
        be another firm's, put here by mistake."""
        return self._med_portal_answers().filtered(lambda one: one.state == "given").file_ids

    def _med_portal_typed(self):
        """Return what the newest answer says, as the fields of the page: to be gone on from."""
        last = self.answer_id
        values = {name: last[name] or "" for name in ("containment", "cause", "effect", "note")}
        for row, one in enumerate(last.action_ids.sorted("id")._med_plain()):
            values |= {f"action_{name}_{row}": one[name] for name in one}
        return values
