from odoo import api, fields, models
from odoo.addons.med_signature.models.med_signature_rule import RISKS
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ..tools.risk import number

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
SOURCES = [
    ("nonconformity", "Nonconformity"), ("deviation", "Deviation"), ("complaint", "Complaint"),
    ("audit", "Audit"), ("trend", "Trend"), ("review", "Management Review"),
    ("supplier", "Supplier"), ("other", "Other"),
]
SEVERITIES = [("1", "1 Negligible"), ("2", "2 Minor"), ("3", "3 Serious"), ("4", "4 Critical"),
              ("5", "5 Catastrophic")]
OCCURRENCES = [("1", "1 Improbable"), ("2", "2 Remote"), ("3", "3 Occasional"),
               ("4", "4 Probable"), ("5", "5 Frequent")]
DETECTIONS = [("1", "1 Always Found"), ("2", "2 Mostly Found"), ("3", "3 Often Found"),
              ("4", "4 Seldom Found"), ("5", "5 Not Found")]
JUDGED = ("severity", "occurrence", "detection")
# Written by the steps alone; the value that a new case has.
STEPPED = {"name": "/", "source_model": False, "source_id": False, "previous_id": False,
           "cycle": 1, "opened_at": False, "step_at": False, "date_due": False,
           "risk_class": False, "escalation_level": 0}
LATER = ("no_harm", "result", "finding", "conclusion")
SAID = ("name", "kind", "source", "source_id", "cycle", "previous_id", "summary", "problem",
        "nonconformity_ids", "deviation_ids", "product_ids", "partner_id", "workcenter_id")
NEEDED = ("problem", "scope", *JUDGED, "risk_class", "correction", "cause_tool", "cause")
ANALYSED = (*SAID, *NEEDED[1:], "containment", "fault_tree", "why_ids.category", "why_ids.question",
            "why_ids.answer", "why_ids.evidence")
EFFECT = ("criterion", "measure", "effect_date", "effect_user_id")
PLANNED = (*ANALYSED, "owner_id", "action_ids.kind", "action_ids.what", "action_ids.owner_id",
           "action_ids.date_due", *EFFECT)
DONE = (*PLANNED, "action_ids.state", "action_ids.evidence", "action_ids.note", "no_harm")
PROVEN = (*DONE, "result", "finding")
ORDER = ("open", "analysed", "planned", "implemented")
FINAL = ("effective", "ineffective", "cancelled")


def _roots(paths):
    return {path.partition(".")[0] for path in paths}


# Signed field → the state from which it is not changed any more.
LOCKED_FROM = {
    **dict.fromkeys(_roots((*PROVEN, "conclusion")), "closed"),
    "no_harm": "implemented",
    **dict.fromkeys(_roots(PLANNED), "planned"),
    **dict.fromkeys(_roots(ANALYSED), "analysed"),
}


class MedCapa(models.Model):
    """Corrective or preventive action (ISO 13485, 8.5.2 and 8.5.3), from problem to proven effect.

    1. open: problem, scope, risk, correction and cause are written, by whatever tool
    2. analysed: reviewed; actions are planned, and how, when and by whom their effect is judged
    3. planned: approved; the actions are done
    4. implemented: all are done and do no harm; the effect is awaited
    5. effective, or ineffective: then the next cycle is a case of its own, and this one stays
    """

    _name = "med.capa"
    _description = "Corrective or Preventive Action"
    _inherit = ["med.stepped.mixin", "med.ending.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ("name", "summary")
    _check_company_auto = True

    _med_machine = Machine(
        initial="open",
        content=PROVEN,
        transitions=(
            Transition("analyse", ("open",), "analysed", _lt("Analyse"),
                       (Signer("reviewed", groups=(QUALITY,)),), content=ANALYSED,
                       required=NEEDED, least=1),
            Transition("plan", ("analysed",), "planned", _lt("Approve the Plan"),
                       (Signer("approved", groups=(QUALITY,), differs=("@owner_id",),
                               fixed=("@owner_id",)),), content=PLANNED,
                       required=("owner_id", "action_ids.what", "action_ids.owner_id",
                                 "action_ids.date_due", *EFFECT), least=1),
            Transition("implement", ("planned",), "implemented", _lt("Verify Implementation"),
                       (Signer("verified", groups=(QUALITY,), differs=("@owner_id",)),),
                       content=DONE, required=("no_harm",), least=1),
            Transition("prove", ("implemented",), "effective", _lt("Effective"),
                       (Signer("verified", only="effect_user_id"),),
                       required=("result", "finding"), least=1),
            Transition("fail", ("implemented",), "ineffective", _lt("Not Effective"),
                       (Signer("verified", only="effect_user_id"),),
                       required=("result", "finding"), least=1),
            Transition("revise", ("analysed", "planned"), "open", _lt("Analyse Anew"),
                       groups=(QUALITY,), reason=True, restart=True),
            Transition("cancel", ("open", "analysed"), "cancelled", _lt("No Action Needed"),
                       (Signer("reviewed", groups=(QUALITY,), differs=("@owner_id",)),),
                       content=(*SAID, "conclusion"), required=("conclusion",), reason=True,
                       least=1),
        ),
        locked=FINAL,
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        [("corrective", "Corrective"), ("preventive", "Preventive")], required=True,
        default="corrective", tracking=True, index=True, help=(
            "Corrective: it has happened and shall not happen again. Preventive: it has not "
            "happened and shall not."))
    source = fields.Selection(SOURCES, required=True, default="other", tracking=True, index=True)
    source_model = fields.Char("Source Document Model", readonly=True, copy=False)
    source_id = fields.Many2oneReference(
        "Source Document", model_field="source_model", readonly=True, copy=False,
        index="btree_not_null")
    previous_id = fields.Many2one(
        "med.capa", "Cycle Before", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", help="What was not effective, and is done anew here.")
    next_ids = fields.One2many("med.capa", "previous_id", "Next Cycle", readonly=True)
    cycle = fields.Integer(readonly=True, copy=False, default=1, aggregator=False)
    summary = fields.Char("In One Sentence", required=True, tracking=True)
    owner_id = fields.Many2one(
        "res.users", "Owner", index=True, tracking=True, default=lambda self: self.env.user,
        help="Who sees to it that each step is done in time.")
    opened_at = fields.Datetime("Opened", readonly=True, copy=False)
    step_at = fields.Datetime("In This State Since", readonly=True, copy=False)
    date_due = fields.Date("Due", readonly=True, copy=False, index=True, help=(
        "Of the step that is awaited: by the clocks, the actions, or the day fixed for the "
        "effect."))
    nonconformity_ids = fields.Many2many(
        "med.nonconformity", string="Nonconformities", check_company=True, ondelete="restrict")
    deviation_ids = fields.Many2many(
        "med.deviation", string="Deviations", check_company=True, ondelete="restrict")
    product_ids = fields.Many2many(
        "product.product", string="Products", check_company=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", "Supplier", index="btree_not_null", tracking=True)
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Center", check_company=True)
    problem = fields.Text(help="What is wrong, or may go wrong: where, when, how much.")
    scope = fields.Text(help="Which products, lots, processes and places it reaches.")
    severity = fields.Selection(SEVERITIES, tracking=True)
    occurrence = fields.Selection(OCCURRENCES, tracking=True)
    detection = fields.Selection(DETECTIONS, tracking=True)
    risk_number = fields.Integer(
        compute="_compute_risk_number", help="Severity × occurrence × detection.")
    risk_class = fields.Selection(RISKS, "Risk", readonly=True, copy=False, index=True,
                                  tracking=True, help="By the risk matrix of the company.")
    correction = fields.Text(help="What was done about what is wrong already.")
    containment = fields.Text(help="What keeps it from going on until the actions work.")
    cause_tool = fields.Selection(
        [("why", "5 Why"), ("ishikawa", "Ishikawa"), ("fault_tree", "Fault Tree"),
         ("other", "Other")], "Found By", help="How the cause was found.")
    cause = fields.Text("Root Cause")
    fault_tree = fields.Text(help="One event a line; what leads to it stands indented below it.")
    why_ids = fields.One2many("med.capa.why", "capa_id", "Questions and Causes")
    action_ids = fields.One2many("med.capa.action", "capa_id", "Actions")
    criterion = fields.Text(
        "Effective When", help="Fixed before anything is done, so that it is not moved later.")
    measure = fields.Text("Measured By", help="What is counted or tested, over how long.")
    effect_date = fields.Date("Judged On", copy=False)
    effect_user_id = fields.Many2one(
        "res.users", "Judged By", copy=False, help="Neither the owner nor an owner of an action.")
    no_harm = fields.Text("No Harm Is Done", copy=False, help=(
        "How it was verified that the actions hurt neither safety and performance of the device "
        "nor what the law requires (ISO 13485, 8.5.2 e)."))
    result = fields.Selection(
        [("effective", "Effective"), ("ineffective", "Not Effective")], "Effect", copy=False,
        tracking=True)
    finding = fields.Text("What Was Found", copy=False)
    conclusion = fields.Text("Why No Action", copy=False, help="Why no action is needed.")
    state = fields.Selection(
        [("open", "Open"), ("analysed", "Analysed"), ("planned", "Planned"),
         ("implemented", "Implemented"), ("effective", "Effective"),
         ("ineffective", "Not Effective"), ("cancelled", "No Action Needed")],
        required=True, default="open", readonly=True, copy=False, tracking=True, index=True,
        group_expand="_med_expand_state")
    escalation_level = fields.Integer(
        "Escalated", readonly=True, copy=False, aggregator=False,
        help="0: not; 1: the owner was told; 2: the person above was told.")

    _name_uniq = models.Constraint("UNIQUE (name)", "There is a CAPA of this number.")
    _previous_uniq = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL", "It has a next cycle already.")

    @api.depends("summary")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.name}: {record.summary}" if record.summary else (
                record.name)

    @api.depends(*JUDGED)
    def _compute_risk_number(self):
        for record in self:
            record.risk_number = number(*record._med_judged())

    def _med_judged(self):
        """Return severity, occurrence and detection as numbers; 0 where it is not judged."""
        return tuple(int(self[name] or 0) for name in JUDGED)

    @api.model
    def _med_expand_state(self, states, _domain):
        """Return the columns of the board: an end only where something has come to it."""
        return [one for one, _name in self._fields["state"].selection
                if one in states or one not in FINAL]

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        born = take(self._name, (), "born")
        # Written out, so that no default of the caller's context or of a user gets in.
        records = super().create([{
            "company_id": self.env.company.id, "owner_id": self.env.uid,
            "nonconformity_ids": [], "deviation_ids": [], "product_ids": [], "action_ids": [],
            "why_ids": [], **vals, **dict.fromkeys(LATER, False),
            **({**STEPPED, **vals} if born else STEPPED),
            "name": self.env["ir.sequence"].next_by_code(self._name) or "/",
            "opened_at": fields.Datetime.now(), "step_at": fields.Datetime.now(),
        } for vals in vals_list])
        records._med_reckon()
        return records

    def write(self, vals):
        names = tuple(sorted(STEPPED.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._(
                "Number, source, cycle, clock and risk of a CAPA follow from its steps."))
        if "company_id" in vals and any(one.company_id.id != vals["company_id"] for one in self):
            raise AccessError(self.env._("A CAPA stays in its company."))
        if vals.keys() & {"result", "finding"}:
            self._med_check_judge()
        if vals.keys() - {"result", "finding"}:
            self._med_check_mine()
        result = super().write(vals)
        if vals.keys() & {*JUDGED, "effect_date", "action_ids"}:
            self._med_reckon()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("CAPAs are not deleted: say why no action is needed."))

    def _med_check_mine(self):
        """Refuse everybody but the owner and quality assurance."""
        if self.env.su or self.env.user.has_group(QUALITY):
            return
        if strange := self.filtered(lambda one: one.owner_id != self.env.user):
            raise AccessError(self.env._(
                "%s is for its owner and quality assurance.", strange[0].name))

    def _med_check_judge(self):
        """Refuse a result by another than the person, or on another day, fixed before."""
        for record in self:
            if record.state != "implemented" or record.effect_user_id != self.env.user:
                raise AccessError(self.env._(
                    "The effect is judged by the person fixed in the plan, once the actions are "
                    "implemented."))
            today = fields.Date.context_today(self.with_context(tz=record.effect_user_id.tz))
            if today < record.effect_date:
                raise UserError(self.env._(
                    "%(name)s: the effect is judged on %(date)s, not before.", name=record.name,
                    date=record.effect_date))

    def _med_is_locked(self, name):
        if self.state in FINAL:
            return True
        start = LOCKED_FROM.get(name)
        return start in ORDER and ORDER.index(self.state) >= ORDER.index(start)

    def _med_risk_class(self):
        return self.risk_class or ""

    def _med_state_depends(self):
        return [*super()._med_state_depends(), "result"]
