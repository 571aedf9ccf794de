from odoo import fields, models
from odoo.addons.med_exchange_change.models.med_change_notice import ENDED
from odoo.addons.med_exchange_change.models.med_exchange_change_notice import STATES
from odoo.tools import format_date

from ..tools.answer import choice_of


class MedChangeNotice(models.Model):
    """A notice as its processor reads it. Nothing of the change itself that was not told."""

    _inherit = "med.change.notice"

    def _med_portal_waits(self):
        """Return whether an answer may be given now."""
        return self.state != "planned" and self.change_id.state not in ENDED

    def _med_portal_state(self):
        """Return ``(key, words, colour)`` of how far it is for the processor."""
        _ = self.env._
        if STATES[self.change_id.state] == "withdrawn":
            return "withdrawn", _("Withdrawn"), "secondary"
        if self.state == "agreed":
            if choice_of("agreed", self._med_portal_last().note) == "condition":
                return "agreed", _("Agreed on a condition"), "success"
            return "agreed", _("Agreed"), "success"
        if self.state == "refused":
            return "refused", _("Refused"), "danger"
        if not self._med_portal_waits():
            return "ended", _("In effect"), "secondary"
        if self.agreement_needed:
            return "open", _("To answer"), "warning"
        return "open", _("For your information"), "info"

    def _med_portal_late(self):
        """Return whether the last day to answer is over, and no answer came."""
        return bool(self.state == "told" and self._med_portal_waits() and self.answer_by
                    and self.answer_by < fields.Date.context_today(self))

    def _med_portal_progress(self):
        """Return how far the change is with us, in words."""
        _ = self.env._
        return {"announced": _("Being assessed by us"), "approved": _("Approved by us, not in "
                "effect yet"), "effective": _("In effect"), "withdrawn": _("Withdrawn")}[
                    STATES[self.change_id.state]]

    def _med_portal_effective(self):
        """Return from when it takes effect, in words."""
        _, change = self.env._, self.change_id
        if change.effective_kind == "date" and change.effective_date:
            return _("From %s", format_date(self.env, change.effective_date))
        if change.effective_kind == "lot" and change.effective_lot:
            return _("From lot or serial number %s", change.effective_lot)
        return _("As soon as we have approved it")

    def _med_portal_day(self):
        """Return the last day to answer, in words."""
        return format_date(self.env, self.answer_by) if self.answer_by else ""

    def _med_portal_products(self):
        """Return ``{"name", "code", "old", "new"}`` of what changes and its revisions."""
        handler = self.env["med.exchange.change_notice"].sudo()
        rows = []
        for product in self.product_ids:
            told = handler._med_versions(self.change_id, product)
            rows.append({
                "name": product.name, "code": product.default_code or "",
                "old": told.get("revision_from") or "", "new": told.get("revision_to") or ""})
        return rows

    def _med_portal_answers(self):
        """Return the answers, the newest first, each with who gave it how."""
        _ = self.env._
        words = {"agreed": _("We agree"), "condition": _("We agree, on a condition"),
                 "refused": _("We refuse"), "withdrawn": _("Answer taken back")}
        return [{
            "words": words[choice_of(one.agreement, one.note)], "note": one.note or "",
            "time": one.answered_at, "former": one.superseded,
            "how": one.signature_id.person or (
                _("by message") if one.exchange_partner_id else _("noted by us")),
        } for one in self.answer_ids.sorted("id", reverse=True)]
