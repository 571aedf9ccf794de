from datetime import timedelta

from odoo import fields, models
from odoo.addons.med_signature.models.med_signature_rule import RISKS


class MedCapaClock(models.Model):
    """How many days a step may take, and who is told when it takes longer.

    The row that names company and risk class goes before one that names the company, that before
    one that names the class, and that before the general one.
    """

    _name = "med.capa.clock"
    _description = "Clock of CAPAs"
    _order = "state, company_id, risk_class, id"
    _rec_name = "state"

    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    state = fields.Selection(
        [("open", "Open"), ("analysed", "Analysed"), ("planned", "Planned"),
         ("implemented", "Implemented")], "In State", required=True, help=(
            "The days in it; of “Planned”, those after the last action is due; of “Implemented”, "
            "those after the day fixed for the effect."))
    risk_class = fields.Selection(RISKS, "Risk", help="Empty: every class.")
    days = fields.Integer(required=True, default=30)
    escalate_days = fields.Integer("Days Until the Person Above", required=True, default=7, help=(
        "So many days after it is due, the person above is told."))
    escalate_to_id = fields.Many2one("res.users", "Person Above", help=(
        "Empty: the one of quality assurance who has least to do."))
    source = fields.Char(required=True, help="Procedure that says so.")

    _days = models.Constraint(
        "CHECK (days >= 0 AND escalate_days >= 0)", "Days are not below zero.")
    _uniq = models.UniqueIndex(
        "(state, COALESCE(company_id, 0), COALESCE(risk_class, ''))",
        "There is a clock for this already.")

    def _of(self, capa):
        """Return the clock of these that a case runs by; empty where there is none."""
        fit = self.filtered(lambda one: one.state == capa.state and (
            not one.company_id or one.company_id == capa.company_id) and (
            not one.risk_class or one.risk_class == capa.risk_class))
        return fit.sorted(lambda one: (bool(one.company_id), bool(one.risk_class)))[-1:]


class MedCapa(models.Model):
    _inherit = "med.capa"

    def _med_reckon(self):
        """Write down risk class and due date, as they follow now."""
        clocks = self.env["med.capa.clock"].sudo().search([])
        for record in self.sudo():
            risk = record._med_classify() if record.state == "open" else record.risk_class
            if risk != record.risk_class:
                record._med_store({"risk_class": risk})
            due = record._med_due(clocks._of(record))
            if due != record.date_due:
                record._med_store({"date_due": due})

    def _med_due(self, clock):
        """Return the date by which the step that is awaited should be taken; False without one."""
        if self.state == "planned":
            left = self.action_ids.filtered(lambda one: one.state == "open") or self.action_ids
            return max(left.mapped("date_due")) + timedelta(days=clock.days)
        if not clock:
            return False
        start = self.effect_date if self.state == "implemented" else self.step_at.date()
        return start + timedelta(days=clock.days)
