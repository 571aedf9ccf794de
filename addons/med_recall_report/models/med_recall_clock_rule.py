from odoo import fields, models
from odoo.addons.med_recall.models.med_recall_level import KINDS

DUE = [
    ("notify", "Notify Consignees"), ("form", "Report Form"),
    ("plan", "Assessment and Plan"), ("publication", "Publish the Recall"),
    ("progress", "Progress Report"), ("summary", "Summary and Evaluation"),
    ("report", "Correction or Removal Report"), ("amend", "Amended Report"),
    ("incident", "Incident Report"), ("fsca", "Field Action Report"),
    ("trace", "Tracking Answer"),
]
EVENTS = [
    ("aware", "Becoming Aware"), ("decided", "Decision"), ("initiated", "First Notice"),
    ("completed", "Completion"), ("scope", "New Version of the Scope"),
    ("requested", "Request of the Authority"),
]
INCIDENTS = [
    ("serious", "Serious Incident"), ("death", "Death or Unanticipated Deterioration"),
    ("threat", "Serious Public Health Threat"),
]
# Actions against a risk to health or a violation; the others are not reportable (21 CFR 806.1(b)).
SAFETY = {name for name, _label in KINDS} - {"withdrawal", "stock_recovery", "notification"}


class MedRecallClockRule(models.Model):
    """Which statutory clock runs for which recall, and from when."""

    _name = "med.recall.clock.rule"
    _description = "Clock Rule of Recalls"
    _order = "jurisdiction_id, sequence, id"

    name = fields.Char("What Is Due", required=True, translate=True)
    sequence = fields.Integer(default=10)
    jurisdiction_id = fields.Many2one(
        "med.jurisdiction", required=True, ondelete="restrict", index=True)
    due = fields.Selection(DUE, "Kind", required=True)
    event = fields.Selection(EVENTS, "Starts With", required=True)
    class_id = fields.Many2one(
        "med.recall.class", "Level", ondelete="restrict", help="Empty: every level.",
        domain="[('jurisdiction_id', '=', jurisdiction_id)]")
    safety = fields.Boolean(
        "Against a Risk Only", help="Not for withdrawal, stock recovery and notification.")
    incident = fields.Selection(INCIDENTS, help="Only where such an incident is behind it.")
    clock_code = fields.Char(
        "Clock", help="Code of the statutory clock; empty: as many days as the plan says.")
    repeating = fields.Boolean(help="Begins anew each time it is met, until the end.")
    report_kind_id = fields.Many2one(
        "med.recall.report.kind", "Met By", ondelete="restrict",
        help="The report whose submission meets it; empty: a person says so, with evidence.")
    active = fields.Boolean(default=True)

    def _of(self, level):
        """Return the rules of these that hold for a level of a recall."""
        return self.filtered(lambda one: (
            one.jurisdiction_id == level.jurisdiction_id
            and (not one.class_id or one.class_id == level.class_id)
            and (not one.safety or level.kind in SAFETY)
            and (not one.incident or one.incident == level.incident)))
