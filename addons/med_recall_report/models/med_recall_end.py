from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError

from .med_recall_clock import OPEN


class MedRecall(models.Model):
    """What must be answered, reported and accounted for before a recall ends; how long it stays."""

    _inherit = "med.recall"

    check_ids = fields.One2many("med.recall.checklist", "recall_id", "Questions")
    unaccounted_note = fields.Text(
        "Units Not Accounted For", copy=False, tracking=True,
        help="What was done to find them, and why that is enough.")
    keep_life_end = fields.Date(
        "End of Device Life", copy=False, tracking=True, help="Of the last device in scope.")
    keep_certificate_end = fields.Date(
        "End of the Certificate", copy=False, tracking=True,
        help="Day on which the last registration certificate concerned lapses.")
    keep_last_market = fields.Date("Last Placed on the Market", copy=False, tracking=True)
    keep_class_1 = fields.Selection(
        [("yes", "Class I"), ("no", "Above Class I")], "Device Class", copy=False, tracking=True)
    keep_status = fields.Selection(
        [("until", "Until"), ("for_ever", "For Ever"), ("unknown", "Unknown: Keep")], "Keep",
        compute="_compute_keep")
    keep_until = fields.Date("Keep Until", compute="_compute_keep")
    keep_missing = fields.Char("Not Known Yet", compute="_compute_keep")

    # ------------------------------------------------------------------ termination

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "complete":
            self._med_ask_checks()

    def _med_ask_checks(self):
        """Write down the questions of these jurisdictions that are not asked yet."""
        items = self.env["med.recall.checklist.item"].sudo().search([
            "|", ("jurisdiction_id", "=", False),
            ("jurisdiction_id", "in", self.level_ids.jurisdiction_id.ids)])
        Check = self.env["med.recall.checklist"].sudo()
        with permit(Check._name, (), "born"):
            Check.create([{"recall_id": self.id, "item_id": item.id, "sequence": item.sequence}
                          for item in items - self.sudo().check_ids.item_id])

    def _med_check_terminate(self):
        super()._med_check_terminate()
        mine = self.sudo()
        open_ = mine.check_ids.filtered(
            lambda one: one.result not in ("yes", "not_applicable") or not one.evidence)
        if open_ or not mine.check_ids:
            raise UserError(self.env._(
                "%(name)s: not answered with evidence, or answered with no: %(what)s.",
                name=self.name, what="; ".join(open_.item_id.mapped("name"))))
        if mine._med_figures().get("unaccounted") and not (self.unaccounted_note or "").strip():
            raise UserError(self.env._(
                "%s: say what was done to find the units that are not accounted for.", self.name))
        running = mine.clock_ids.filtered(
            lambda one: one.state in OPEN and not one.rule_id.repeating
            and (one.start or one.due == "summary"))
        if running:
            raise UserError(self.env._(
                "%(name)s: still due: %(what)s.", name=self.name,
                what="; ".join(running.mapped("name"))))

    # ------------------------------------------------------------------ retention

    def _med_keep_facts(self):
        """Return what is known for the rules of retention; see ``med.retention.rule``."""
        facts = {name: str(self[f"keep_{name}"]) for name in (
            "life_end", "certificate_end", "last_market") if self[f"keep_{name}"]}
        if self.terminated_at:
            facts["record"] = str(self.terminated_at.date())
        if self.keep_class_1:
            facts["class_1"] = self.keep_class_1 == "yes"
        dis = self.env["med.udi.di"].search(
            [("product_id", "in", self.scope_id.line_ids.product_id.ids)])
        if dis:
            facts["implant"] = any(dis.mapped("implantable"))
        return facts

    @api.depends("keep_life_end", "keep_certificate_end", "keep_last_market", "keep_class_1",
                 "terminated_at", "level_ids.jurisdiction_id", "scope_ids.state")
    def _compute_keep(self):
        Rule = self.env["med.retention.rule"].sudo()
        for record in self.sudo():
            told = Rule.with_company(record.company_id).med_effective(
                record_class="recall", facts=record._med_keep_facts(),
                markets=record.level_ids.jurisdiction_id.mapped("code"))
            record.keep_status = told["status"]
            record.keep_until = fields.Date.to_date(told["until"] or False)
            record.keep_missing = ", ".join(told["missing"])
