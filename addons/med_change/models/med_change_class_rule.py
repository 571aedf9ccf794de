from odoo import api, fields, models

from ..tools.change_class import Row, classify
from .med_change import CLASSES, EFFECTS, STRENGTHS


class MedChangeClassRule(models.Model):
    """Which class an effect gives a change. Rows of a company replace those of all companies."""

    _name = "med.change.class.rule"
    _description = "Rule for the Class of a Change"
    _order = "company_id, effect, strength, id"
    _rec_name = "effect"

    company_id = fields.Many2one("res.company", index=True, help=(
        "Empty: every company without rows of its own."))
    effect = fields.Selection(
        [("effect_safety", "On Safety"), ("effect_performance", "On Performance"),
         ("effect_registration", "On Registrations")], required=True)
    strength = fields.Selection(STRENGTHS[1:], required=True)
    change_class = fields.Selection(CLASSES, "Class", required=True)
    source = fields.Char(required=True, help="Procedure or law that says so.")

    _uniq = models.UniqueIndex("(effect, strength, COALESCE(company_id, 0))",
                               "There is a row for this effect already.")

    @api.model
    def _rows(self, company):
        rows = self.sudo().search([("company_id", "in", [False, company.id])])
        rows = rows.filtered("company_id") or rows
        return [Row(row.effect, row.strength, row.change_class) for row in rows]


class MedChange(models.Model):
    _inherit = "med.change"

    def _med_reckon(self):
        """Write down class, due date and who is asked, as they follow now."""
        for record in self.sudo():
            open_ones = record.state in ("draft", "emergency")
            found = record._med_classify() if open_ones else record.change_class
            if found != record.change_class:
                record._med_store({"change_class": found})
            due = record._med_due()
            if due != record.date_due:
                record._med_store({"date_due": due})
            if open_ones:
                record._med_ask_functions()
                record._med_ask_markets()

    def _med_classify(self):
        """Return the class that the rules give; False where it is not known."""
        return classify({name: self[name] or None for name in EFFECTS},
                        self.env["med.change.class.rule"]._rows(self.company_id),
                        self.class_raised or None) or False

    def _med_due(self):
        """Return the date by which the step that is awaited should be taken; False without one."""
        if self.state == "emergency" or self.state == "assessed" and self.emergency:
            return self.emergency_due
        if self.state in ("draft", "assessed"):
            return self.date_wanted
        if self.state == "approved":
            left = self.task_ids.filtered(lambda one: one.state == "open" and one.date_due)
            days = left.mapped("date_due")
            if self.effective_kind == "date" and self.effective_date:
                days.append(self.effective_date)
            return max(days, default=False)
        return self.monitoring_until if self.state == "effective" else False
