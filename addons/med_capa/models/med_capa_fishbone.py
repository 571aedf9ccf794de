from markupsafe import Markup
from odoo import api, fields, models

from ..tools import fishbone


class MedCapa(models.Model):
    """The Ishikawa diagram: drawn of the lines, on screen and on paper."""

    _inherit = "med.capa"

    fishbone = fields.Json("Ishikawa Diagram", compute="_compute_fishbone")

    @api.depends("summary", "cause_tool", "why_ids.category", "why_ids.question",
                 "why_ids.sequence")
    @api.depends_context("lang")
    def _compute_fishbone(self):
        bones = self.env["med.capa.why"]._fields["category"]._description_selection(self.env)
        for record in self:
            record.fishbone = record.cause_tool == "ishikawa" and fishbone.layout(
                record.summary or "", [
                    (name, [line.question or "" for line in record.why_ids.sorted("sequence")
                            if line.category == key]) for key, name in bones])

    def _med_fishbone_svg(self):
        """Return the diagram for paper; empty where the cause was found by another tool."""
        # Every word in it is escaped by the tool.
        return Markup(fishbone.draw(self.fishbone)) if self.fishbone else ""
