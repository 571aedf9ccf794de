from odoo import api, fields, models
from odoo.addons.med_inspection.models.med_defect_code import CLASSES
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
# What decides whether there is a hit: kept with every run, locked while in force.
TERMS = ("kind", "count", "days", "counted", "by_product", "by_partner", "by_workcenter",
         "least_class", "late_days", "product_tmpl_ids", "categ_ids", "date_from")
DECIDING = ("name", "company_id", *TERMS, "does", "opens", "responsible_id")
OPENS = [("nonconformity", "Nonconformity"), ("capa", "CAPA")]


class MedTriggerRule(models.Model):
    """When something that repeats is a signal, and what then happens (ISO 13485, 8.4 and 8.5).

    A rule runs once quality assurance has put it in force by signature. To change it, it is
    withdrawn, changed and put in force again, as its next version.
    """

    _name = "med.trigger.rule"
    _description = "Trigger Rule"
    _inherit = ["med.signable.mixin", "mail.thread"]
    _order = "company_id, name, id"
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=DECIDING,
        transitions=(
            Transition("enforce", ("draft",), "in_force", _lt("Put in Force"),
                       (Signer("approved", groups=(QUALITY,), differs=("@create_uid",)),),
                       least=1),
            Transition("withdraw", ("in_force",), "draft", _lt("Withdraw"), groups=(QUALITY,),
                       reason=True, restart=True),
        ),
        locked=("in_force",),
    )

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        [("defect", "The Same Defect Again"), ("chart", "A Control Chart Breaks a Rule"),
         ("stopped", "Sampling Is Stopped"), ("overdue", "Actions Are Overdue")],
        "Looks For", required=True, default="defect", tracking=True)
    count = fields.Integer("Times", required=True, default=3, tracking=True)
    days = fields.Integer("Within (Days)", required=True, default=30, tracking=True, help=(
        "A window that slides: the first and the last of them lie no more than so many days of 24 "
        "hours apart."))
    counted = fields.Selection(
        [("inspections", "Inspections"), ("results", "Single Results")], required=True,
        default="inspections", help=(
            "Inspections: many units of one lot with the defect count once. A nonconformity that "
            "was reported without an inspection counts once, either way."))
    by_product = fields.Boolean("Same Product", default=True)
    by_partner = fields.Boolean("Same Supplier", help="What has no supplier is not looked at.")
    by_workcenter = fields.Boolean(
        "Same Work Center", help="What has no work center is not looked at.")
    least_class = fields.Selection(
        CLASSES, "This Class or Worse", required=True, default="minor")
    late_days = fields.Integer("Overdue By (Days)", help="An action counts from that day on.")
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", check_company=True, help="Empty: all.")
    categ_ids = fields.Many2many(
        "product.category", string="Product Categories", help="With those below. Empty: all.")
    date_from = fields.Date(
        "Counts From", required=True, default=fields.Date.context_today, help=(
            "What was before is not looked at when the rule runs. Try it on the past to see what "
            "it would have found there."))
    does = fields.Selection(
        [("propose", "Proposes It"), ("open", "Opens It")], required=True, default="propose",
        tracking=True)
    opens = fields.Selection(OPENS, required=True, default="capa", tracking=True)
    responsible_id = fields.Many2one("res.users", "Responsible", tracking=True, help=(
        "Who is asked to look at a signal and owns the CAPA. Empty: the one of quality assurance "
        "who has least to do."))
    state = fields.Selection(
        [("draft", "Not in Force"), ("in_force", "In Force")], required=True, default="draft",
        readonly=True, copy=False, tracking=True, index=True)
    version = fields.Integer(readonly=True, copy=False, aggregator=False, help=(
        "Grows each time the rule is put in force; every hit names it."))
    hit_ids = fields.One2many("med.trigger.hit", "rule_id", "Signals", readonly=True)
    run_ids = fields.One2many("med.trigger.run", "rule_id", "Runs", readonly=True)
    waiting_count = fields.Integer("Signals That Wait", compute="_compute_waiting_count")

    _sound = models.Constraint(
        "CHECK (count BETWEEN 1 AND 10000 AND days BETWEEN 1 AND 3660 AND late_days >= 0)",
        "A rule counts from 1 to 10000 times within 1 to 3660 days.")

    def _compute_waiting_count(self):
        found = dict(self.env["med.trigger.hit"]._read_group(
            [("rule_id", "in", self.ids), ("state", "=", "proposed")], ["rule_id"], ["__count"]))
        for rule in self:
            rule.waiting_count = found.get(rule, 0)

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "version": 0} for vals in vals_list])

    def write(self, vals):
        if "version" in vals and not take(self._name, self.ids, ("version", vals["version"])):
            raise AccessError(self.env._("The version of a rule follows from its steps."))
        if "company_id" in vals and any(one.version and one.company_id.id != vals["company_id"]
                                        for one in self):
            raise UserError(self.env._("A rule that was in force stays in its company."))
        if vals.get("active") is False and self.filtered(lambda one: one.state == "in_force"):
            raise UserError(self.env._("A rule in force is withdrawn before it is archived."))
        return super().write(vals)

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "enforce":
            if not self.active:
                raise UserError(self.env._("%s is archived.", self.name))
            self._check_sound()

    def _check_sound(self):
        """Refuse a rule that would count together what has nothing in common."""
        if self.kind == "defect" and not (
                self.by_product or self.by_partner or self.by_workcenter):
            raise UserError(self.env._(
                "%s: say whether product, supplier or work center must be the same.", self.name))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "enforce":
            with permit(self._name, self.ids, ("version", self.version + 1)):
                self.sudo().write({"version": self.version + 1})

    def _med_terms(self):
        """Return what decides about a hit, as plain JSON types."""
        self.ensure_one()
        return {name: value.ids if (value := self[name]) is not None and isinstance(
            value, models.BaseModel) else str(value) if name == "date_from" else value
            for name in TERMS}

    def _med_responsible(self):
        """Return who is asked to look at what this rule finds."""
        person = self.responsible_id
        if person.active and self.company_id in person.company_ids:
            return person
        return self.company_id._med_least_busy(
            "med.trigger.hit", "responsible_id", [("state", "=", "proposed")])

    # ------------------------------------------------------------------ actions

    def action_hits(self):
        """Open what this rule found."""
        return {"type": "ir.actions.act_window", "res_model": "med.trigger.hit",
                "view_mode": "list,kanban,form", "name": self.env._("Signals"),
                "domain": [("rule_id", "in", self.ids)]}

    def action_runs(self):
        """Open the runs of this rule."""
        return {"type": "ir.actions.act_window", "res_model": "med.trigger.run",
                "view_mode": "list,form", "name": self.env._("Runs"),
                "domain": [("rule_id", "in", self.ids)]}

    def action_run(self):
        """Run these rules now, and tell what they found."""
        told = self.run()
        self.env.user._bus_send("simple_notification", {
            "type": "info", "message": self.env._(
                "%(hits)s new signals, %(joined)s further pieces of evidence.",
                hits=told["hits"], joined=told["joined"])})
        return self.action_hits() if told["hits"] or told["joined"] else self.action_runs()
