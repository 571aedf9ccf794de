from odoo import models

from ..tools import titles


class MedExchangeMessage(models.Model):
    """The fields of a message as the data map names them, in the reader's language."""

    _inherit = "med.exchange.message"

    def _med_fields(self):
        """Return ``{pointer in the data map: med.exchange.schema.field}`` of the message."""
        self.ensure_one()
        found = self.env["med.exchange.schema.field"].sudo().search([
            ("schema_id.name", "=", self.schema), ("schema_id.version", "=", self.version)])
        return {one.pointer: one for one in found}

    def _med_labels(self, pointers):
        """Return ``{pointer: (title in words, what may stand there)}``."""
        fields = self._med_fields()
        words = {pointer: one.name for pointer, one in fields.items()}
        kinds = dict(self.env["med.exchange.schema.field"]._fields[
            "kind"]._description_selection(self.env))
        told = {}
        for pointer in pointers:
            field = fields.get(titles.general(pointer))
            told[pointer] = titles.label(pointer, words), field and " · ".join(filter(None, (
                field.allowed or kinds[field.kind], field.limits, field.unit))) or ""
        return told
