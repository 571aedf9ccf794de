from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedTriggerRun(models.Model):
    """When a rule was run, over what, and what came of it. Never changed."""

    _name = "med.trigger.run"
    _description = "Run of a Trigger Rule"
    _inherit = ["med.kept.row.mixin"]
    _order = "id desc"
    _rec_name = "rule_id"
    _med_refusals = {"create": _lt("Runs of rules are not written by hand.")}

    rule_id = fields.Many2one(
        "med.trigger.rule", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    rule_version = fields.Integer("Version", readonly=True, aggregator=False)
    terms = fields.Json("Rule as It Was", readonly=True)
    dry = fields.Boolean("Trial", readonly=True, help="It opened and proposed nothing.")
    user_id = fields.Many2one("res.users", "Person", required=True, readonly=True)
    date = fields.Datetime("Run On", required=True, readonly=True)
    period_from = fields.Datetime("From", required=True, readonly=True)
    period_to = fields.Datetime("Until", required=True, readonly=True)
    looked = fields.Integer("Rows", readonly=True, help=(
        "Results, reports, alerts or actions that could count."))
    hits = fields.Integer("New Signals", readonly=True)
    joined = fields.Integer("Further Evidence", readonly=True, help="Of signals that are open.")
    ms = fields.Integer("Milliseconds", readonly=True, aggregator="avg")
    error = fields.Char("Failed", readonly=True)
    found_ids = fields.One2many(
        "med.trigger.found", "run_id", "Would Have Been Found", readonly=True)
    hit_ids = fields.One2many("med.trigger.hit", "run_id", "Signals", readonly=True)

    @api.depends("rule_id", "date")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.rule_id.name} {run.date or ''}"

    @api.model
    def _med_made(self, rule, dry, start, end, **values):
        """Return the record of a run."""
        with permit(self._name, (), "born"):
            return self.sudo().create({
                "rule_id": rule.id, "company_id": rule.company_id.id,
                "rule_version": rule.version, "terms": rule._med_terms(), "dry": dry,
                "user_id": self.env.uid, "date": fields.Datetime.now(), "period_from": start,
                "period_to": end, "looked": 0, "hits": 0, "joined": 0, "ms": 0, "error": False,
                **values})
