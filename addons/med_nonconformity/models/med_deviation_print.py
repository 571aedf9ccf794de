from odoo import models
from odoo.tools import format_datetime, html2plaintext


class MedDeviation(models.Model):
    """What the printed form of a deviation says."""

    _inherit = "med.deviation"

    def _med_form_rows(self):
        """Return [label, text] of what is signed and not empty, times in the reader's zone."""
        self.ensure_one()
        names = [*self._med_machine.content, "approved_at", "conclusion"]
        rows = dict(zip(names, self._med_readable(names), strict=True))
        for name in ("date_from", "date_to", "approved_at"):
            rows[name][1] = self[name] and format_datetime(self.env, self[name])
        return [row for row in rows.values() if row[1]]

    def _med_history(self):
        """Return the entries of the chatter, oldest first: ``{"date", "author", "text"}``."""
        self.ensure_one()
        rows = []
        for message in self.sudo().message_ids.sorted("id"):
            changes = [
                f"{value['fieldInfo']['changedField']}: {value['oldValue'] or '–'} → "
                f"{value['newValue'] or '–'}"
                for value in message.tracking_value_ids._tracking_value_format()]
            text = "\n".join(filter(None, [html2plaintext(message.body or ""), *changes]))
            if text:
                rows.append({"date": message.date, "text": text,
                             "author": message.author_id.name or message.email_from or ""})
        return rows
