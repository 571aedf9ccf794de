from dataclasses import replace

from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
REGULATORY = "med_base.med_base_group_regulatory"
CLASSES = [("minor", "Minor"), ("moderate", "Moderate"), ("major", "Major")]
RISKS = {"minor": "low", "moderate": "medium", "major": "high"}
STRENGTHS = [("none", "None"), ("possible", "Possible"), ("certain", "Certain")]
EFFECTS = ("effect_safety", "effect_performance", "effect_registration")
SUBJECTS = [
    ("bom", _lt("bill of materials")), ("operation", _lt("operations")),
    ("plan", _lt("inspection plans and parameters")), ("udi", _lt("UDI data")),
    ("label", _lt("labels")), ("product", _lt("product settings")),
    ("control", _lt("change control itself")),
]
NAMED = tuple(f"for_{key}" for key, _label in SUBJECTS)
# Written by the steps alone; the value that a new change has.
STEPPED = {"name": "/", "requester_id": False, "requested_at": False, "step_at": False,
           "date_due": False, "change_class": False, "emergency": False, "emergency_due": False,
           "overdue_told": False, "impact_at": False, "impact_digest": False}
LATER = ("verification", "monitoring_result", "class_raised")
URGENT = ("name", "title", "reason", "description", "rollback", "product_tmpl_ids", *NAMED)
ASKED = (*URGENT, "source", "capa_ids", "external_review_ids", "partner_id", "component_ids",
         *EFFECTS, "class_raised", "change_class", "udi_field_ids", "effective_kind",
         "effective_date", "effective_lot", "verification_plan", "monitoring_until")
PLANNED = (*ASKED, "owner_id", "assessment_ids.function_id", "assessment_ids.effect",
           "assessment_ids.text", "task_ids.kind", "task_ids.what", "task_ids.owner_id",
           "task_ids.date_due", "market_ids.jurisdiction_id", "market_ids.needed",
           "impact_digest")
DONE = (*PLANNED, "task_ids.state", "task_ids.evidence", "task_ids.note", "verification")
CLOSED = (*DONE, "monitoring_result")
FINAL = ("closed", "rejected", "cancelled")
# Lines that guard themselves, since some of their fields are answered later.
OWN_GUARD = {"market_ids", "impact_ids"}


def _roots(paths):
    return {path.partition(".")[0] for path in paths} - OWN_GUARD


# State → signed fields that are not changed any more.
LOCKED = {
    "draft": set(), "emergency": _roots(URGENT), "assessed": _roots(PLANNED),
    "approved": _roots(PLANNED), "effective": _roots(DONE),
}


class MedChange(models.Model):
    """A change, from request to proven effect (ISO 13485, 7.3.9; NMPA GMP 2025, ch. 2).

    1. draft: what, why, which effect; each function assesses it; what it reaches is answered
    2. assessed: it has a class, and everything that the class asks for
    3. approved: it is carried out; what is under change control may be changed now
    4. effective: carried out and verified; the new version is in force and is monitored
    5. closed, rejected or cancelled

    An emergency is carried out first, under one signature, and assessed and approved within days.
    """

    _name = "med.change"
    _description = "Change"
    _inherit = ["med.stepped.mixin", "med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ("name", "title")
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=CLOSED,
        transitions=(
            Transition("emergency", ("draft",), "emergency", _lt("Begin as an Emergency"),
                       (Signer("approved", groups=(QUALITY,), differs=("@requester_id",),
                               fixed=("@requester_id",)),), content=URGENT, reason=True,
                       required=("reason", "description", "rollback", "product_tmpl_ids"),
                       least=1),
            Transition("assess", ("draft", "emergency"), "assessed", _lt("Assessed"),
                       (Signer("reviewed", groups=(QUALITY,)),), content=PLANNED,
                       required=("reason", "description", "change_class", "owner_id", "rollback",
                                 "verification_plan", "assessment_ids.effect",
                                 "assessment_ids.text"), least=1),
            Transition("approve", ("assessed",), "approved", _lt("Approve"),
                       (Signer("approved", groups=(QUALITY,), differs=("@requester_id",),
                               fixed=("@requester_id",)),), content=PLANNED, least=1),
            Transition("effect", ("approved",), "effective", _lt("Put into Effect"),
                       (Signer("verified", groups=(QUALITY,), differs=("@owner_id",),
                               fixed=("@owner_id",)),), content=DONE,
                       required=("verification",), least=1),
            Transition("close", ("effective",), "closed", _lt("Close"),
                       (Signer("verified", groups=(QUALITY,), differs=("@owner_id",),
                               fixed=("@owner_id",)),), required=("monitoring_result",), least=1),
            Transition("revise", ("assessed", "approved"), "draft", _lt("Assess Anew"),
                       groups=(QUALITY,), reason=True, restart=True),
            Transition("reassess", ("assessed",), "emergency", _lt("Assess the Emergency Anew"),
                       groups=(QUALITY,), reason=True, restart=True),
            Transition("reject", ("assessed", "emergency"), "rejected", _lt("Reject"),
                       (Signer("rejected", groups=(QUALITY,)),), content=URGENT, reason=True,
                       least=1),
            Transition("cancel", ("draft", "approved"), "cancelled", _lt("Cancel"),
                       groups=(QUALITY,), reason=True),
        ),
        locked=FINAL,
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    title = fields.Char("In One Sentence", required=True, tracking=True)
    source = fields.Selection(
        [("capa", "CAPA"), ("deviation", "Deviation"), ("nonconformity", "Nonconformity"),
         ("supplier", "Supplier"), ("law", "Law or Standard"), ("improvement", "Improvement"),
         ("other", "Other")], required=True, default="improvement", tracking=True, index=True)
    capa_ids = fields.Many2many(
        "med.capa", string="CAPAs", check_company=True, ondelete="restrict")
    external_review_ids = fields.Many2many(
        "med.external.review", string="Laws and Standards", check_company=True,
        ondelete="restrict", help="What changed outside that makes this change necessary.")
    partner_id = fields.Many2one("res.partner", "Supplier", index="btree_not_null", tracking=True,
                                 help="Who announced it, or is concerned by it.")
    requester_id = fields.Many2one(
        "res.users", "Requested By", readonly=True, copy=False, index="btree_not_null")
    requested_at = fields.Datetime("Requested", readonly=True, copy=False)
    owner_id = fields.Many2one(
        "res.users", "Owner", index=True, tracking=True, default=lambda self: self.env.user,
        help="Who carries it out, and sees to it that each step is taken in time.")
    step_at = fields.Datetime("In This State Since", readonly=True, copy=False)
    date_wanted = fields.Date("Wanted By", tracking=True, copy=False, help=(
        "The day by which it should be approved."))
    date_due = fields.Date("Due", readonly=True, copy=False, index=True, help=(
        "Of the step that is awaited."))
    reason = fields.Text(help="Why it is needed.")
    description = fields.Text(help="What is now, and what shall be.")
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", check_company=True, ondelete="restrict", help=(
            "Whose design, way of making, plans, labels or data change. Empty: it concerns no "
            "product."))
    component_ids = fields.Many2many(
        "product.product", string="Materials", check_company=True, ondelete="restrict",
        help="Materials and parts that change; what they are used in is computed.")
    for_bom = fields.Boolean("Bill of Materials", tracking=True)
    for_operation = fields.Boolean("Operations", tracking=True)
    for_plan = fields.Boolean("Inspection Plans and Parameters", tracking=True)
    for_udi = fields.Boolean("UDI Data", tracking=True)
    for_label = fields.Boolean("Labels", tracking=True)
    for_product = fields.Boolean("Product Settings", tracking=True)
    for_control = fields.Boolean("Change Control Itself", tracking=True, help=(
        "To take the products out of change control."))
    udi_field_ids = fields.Many2many("med.udi.element", string="UDI Data Elements", help=(
            "Which data elements of the device identifiers change: it follows which markets want "
            "a new device identifier."))
    effect_safety = fields.Selection(STRENGTHS, "Effect on Safety", tracking=True)
    effect_performance = fields.Selection(STRENGTHS, "Effect on Performance", tracking=True)
    effect_registration = fields.Selection(STRENGTHS, "Effect on Registrations", tracking=True)
    class_raised = fields.Selection(CLASSES, "Raised To", copy=False, tracking=True, help=(
        "Quality assurance may raise the class above the rule, never below it."))
    change_class = fields.Selection(
        CLASSES, "Class", readonly=True, copy=False, index=True, tracking=True,
        help="The worst that the rules give for the effects.")
    effective_kind = fields.Selection(
        [("now", "At Once"), ("date", "From a Date"), ("lot", "From a Lot or Serial Number")],
        "Takes Effect", required=True, default="now", tracking=True)
    effective_date = fields.Date("From", tracking=True, copy=False)
    effective_lot = fields.Char("From Lot or Serial", tracking=True, copy=False, help=(
        "The first lot or serial number of the new version. Names of the same shape and an equal "
        "or higher number are of it too."))
    rollback = fields.Text("Way Back", help="How it is undone if it goes wrong.")
    verification_plan = fields.Text("How It Is Verified", help=(
        "Which tests, validations or reviews show that it does what it should, and no harm."))
    verification = fields.Text("Verified", copy=False, help="What was verified, with what result.")
    monitoring_until = fields.Date("Monitored Until", copy=False)
    monitoring_result = fields.Text("Result of Monitoring", copy=False)
    emergency = fields.Boolean(readonly=True, copy=False, index="btree_not_null", tracking=True)
    emergency_due = fields.Date("Approved By", readonly=True, copy=False, help=(
        "An emergency is assessed and approved until this day."))
    overdue_told = fields.Boolean(readonly=True, copy=False)
    assessment_ids = fields.One2many("med.change.assessment", "change_id", "Assessments")
    task_ids = fields.One2many("med.change.task", "change_id", "Tasks")
    market_ids = fields.One2many("med.change.market", "change_id", "Markets")
    impact_ids = fields.One2many("med.change.impact", "change_id", "What It Reaches")
    impact_at = fields.Datetime("Computed", readonly=True, copy=False)
    impact_digest = fields.Char(readonly=True, copy=False, help=(
        "Stands for what it reaches and what is done about it, as it was assessed."))
    version_ids = fields.One2many("med.product.version", "change_id", "Versions", readonly=True)
    bom_ids = fields.One2many("mrp.bom", "med_change_id", "Revisions of Bills of Materials",
                              readonly=True, context={"active_test": False})
    state = fields.Selection(
        [("draft", "Requested"), ("emergency", "Emergency"), ("assessed", "Assessed"),
         ("approved", "Approved"), ("effective", "Effective"), ("closed", "Closed"),
         ("rejected", "Rejected"), ("cancelled", "Cancelled")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True,
        group_expand=True)

    _name_uniq = models.Constraint("UNIQUE (name)", "There is a change of this number.")

    @api.depends("title")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.name}: {record.title}" if record.title else record.name

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not any(map(self.env.user.has_group, self._med_requesters())) and not self.env.su:
            raise AccessError(self.env._("Changes are requested by those who work with them."))
        now = fields.Datetime.now()
        # Written out, so that no default of the caller's context or of a user gets in.
        records = super().create([{
            "company_id": self.env.company.id, "owner_id": self.env.uid, "source": "improvement",
            "effective_kind": "now", **dict.fromkeys((
                "capa_ids", "external_review_ids", "product_tmpl_ids", "component_ids",
                "udi_field_ids", "assessment_ids", "task_ids", "market_ids"), []),
            **dict.fromkeys((*NAMED, *EFFECTS, "partner_id", "reason", "description", "rollback",
                             "verification_plan", "effective_date", "effective_lot",
                             "monitoring_until", "date_wanted"), False),
            **vals, "impact_ids": [], **dict.fromkeys(LATER, False), **STEPPED,
            "name": self.env["ir.sequence"].next_by_code(self._name) or "/",
            "requester_id": self.env.uid, "requested_at": now, "step_at": now,
        } for vals in vals_list])
        records._med_reckon()
        records._med_ask()
        return records

    def write(self, vals):
        names = tuple(sorted(STEPPED.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._(
                "Number, requester, class, clock and impact of a change follow from its steps."))
        if "company_id" in vals and any(one.company_id.id != vals["company_id"] for one in self):
            raise AccessError(self.env._("A change stays in its company."))
        if "class_raised" in vals and not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("The class is raised by quality assurance."))
        if not names:
            self._med_check_mine(bool(vals.keys() & {"verification", "monitoring_result"}))
        if "monitoring_result" in vals and any(one.state != "effective" for one in self):
            raise UserError(self.env._("The result of monitoring is written once the change is "
                                       "effective."))
        result = super().write(vals)
        if vals.keys() & {*EFFECTS, "class_raised", "date_wanted", "monitoring_until", "task_ids",
                          "product_tmpl_ids", "effective_date", "effective_kind"}:
            self._med_reckon()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Changes are not deleted: cancel it."))

    def copy(self, default=None):
        raise UserError(self.env._("A change is not copied: request a new one."))

    @api.model
    def _med_requesters(self):
        """Return the groups whose people request changes."""
        return [f"med_base.med_base_group_{role}" for role in (
            "qa", "regulatory", "qa_release", "inspector", "operator", "warehouse", "purchasing",
            "metrology")]

    def _med_check_mine(self, later=False):
        """Refuse everybody but owner, quality assurance and regulatory affairs.

        :param later: the requester may not do it either
        """
        user = self.env.user
        if self.env.su or user.has_group(QUALITY) or user.has_group(REGULATORY):
            return
        if strange := self.filtered(lambda one: user not in (
                one.owner_id if later else one.owner_id | one.requester_id)):
            raise AccessError(self.env._(
                "%s is for its owner, who requested it, and quality assurance.", strange[0].name))

    def _med_is_locked(self, name):
        return self.state in FINAL or name in LOCKED[self.state]

    def _med_subject_text(self):
        """Return what it changes, for the paper."""
        return ", ".join(self._fields[name]._description_string(self.env)
                         for name in NAMED if self[name])

    def _med_risk_class(self):
        return RISKS.get(self.change_class, "")

    # ------------------------------------------------------------------ who approves

    def _med_find_transition(self, name):
        return self._med_board(super()._med_find_transition(name))

    def _med_transitions(self):
        return [self._med_board(one) for one in super()._med_transitions()]

    def _med_board(self, transition):
        """Return the step with regulatory affairs as second signer where the change is major."""
        if transition.name != "approve" or self.change_class != "major" or (
                len(transition.signers) > 1):
            return transition
        second = Signer("approved", groups=(REGULATORY,), differs=("@requester_id",),
                        fixed=("@requester_id",))
        return replace(transition, signers=(*transition.signers, second), least=2)
